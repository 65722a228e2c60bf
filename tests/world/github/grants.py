"""Fine-grained permissions: what a token of an App, of Actions or of a person was granted, and what each call needs.

Source: docs, "Permissions required for GitHub Apps" and "... for fine-grained personal access tokens" (the tables behind
them are github/docs, src/github-apps/data/fpt-2026-03-10/server-to-server-permissions.json). Two sets for one endpoint are
alternatives. The issue endpoints take "Pull requests" where the issue is a pull request, but for reading the issue itself.
What GraphQL needs is not documented; for threads see https://github.com/orgs/community/discussions/44650.

A public repository is read without any of them. A token without a list (``None``) is not limited.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.world.github.errors import ApiError, GraphQLError, forbidden
from tests.world.github.records import Pull

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.world.github.auth import Actor
    from tests.world.github.call import Call
    from tests.world.github.records import Repository

Granted = tuple[tuple[str, str], ...]
LEVELS = ("none", "read", "write")
PERMISSIONS = ("actions", "checks", "contents", "issues", "pull-requests", "statuses")
"""Those that a job of a workflow may declare, as it spells them; `in_workflows` gives the others' spelling."""
ON_PULLS = ("pull_requests", "issues")

NEEDED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("GET", r"", ("metadata",)),
    ("GET", r"/(collaborators|forks|tags)\b.*", ("metadata",)),
    (".*", r"/collaborators/.*", ("administration",)),
    (".*", r"/forks", ("administration",)),
    (".*", r"/hooks\b.*", ("repository_hooks",)),
    (".*", r"/actions/.*", ("actions",)),
    ("GET", r"/commits/[^/]+/pulls", ("pull_requests",)),
    (".*", r"/(commits/.+/)?check-(runs|suites)\b.*", ("checks",)),
    (".*", r"/(commits/.+/status(es)?|statuses/.+)", ("statuses",)),
    (".*", r"/(git|contents|commits|compare|branches|dispatches)\b.*", ("contents",)),
    ("PUT", r"/pulls/\d+/merge", ("contents",)),
    (".*", r"/pulls\b.*", ("pull_requests",)),
    ("GET", r"/issues(/\d+)?", ("issues",)),
    ("POST", r"/issues", ("issues",)),
    (".*", r"/(issues|labels)\b.*", ON_PULLS),
)
"""Verb and path below the repository, the first that fits; GET needs ``read``, everything else ``write``."""

FIELDS: Mapping[str, tuple[str, str]] = {
    "createCommitOnBranch": ("contents", "write"),
    "resolveReviewThread": ("contents", "write"),
    "unresolveReviewThread": ("contents", "write"),
    "minimizeComment": ("pull_requests", "write"),
    "unminimizeComment": ("pull_requests", "write"),
    "pullRequest": ("pull_requests", "read"),
    "object": ("contents", "read"),
}
REPOSITORY = re.compile(r"/repos/[^/]+/[^/]+")
THREAD = re.compile(r"/issues/(\d+)(/.*)?")


def in_workflows(declared: Mapping[str, str]) -> dict[str, str]:
    """A job's `permissions` as tokens carry them."""
    return {name.replace("-", "_"): level for name, level in declared.items()}


def granted(actor: Actor, names: tuple[str, ...], level: str) -> bool:
    """Whether one of these permissions was granted at this level; a token without a list has them all."""
    if actor.permissions is None:
        return True
    given = {"metadata": "read", **dict(actor.permissions)}  # every such token may
    return any(LEVELS.index(given.get(name, "none")) >= LEVELS.index(level) for name in names)


def needed(method: str, below: str) -> tuple[tuple[str, ...], str]:
    """The alternatives and the level for a path below a repository."""
    level = "read" if method in {"GET", "HEAD"} else "write"
    for verb, path, names in NEEDED:
        if re.fullmatch(verb, "GET" if method == "HEAD" else method) and re.fullmatch(path, below):
            return names, level
    return (), level


def check(call: Call) -> None:
    """Refuse what the token was not granted; paths outside of repositories need nothing that is granted."""
    found = REPOSITORY.match(call.request.path)
    if call.actor.permissions is None or call.actor.kind == "jwt" or not found:
        return
    names, level = needed(call.request.method, call.request.path[found.end() :].rstrip("/"))
    if level == "read" and not call.repo.private:
        return
    if not names or not granted(call.actor, _for_thread(call, names, call.request.path[found.end() :]), level):
        raise forbidden(_refusal(call.actor))


def _for_thread(call: Call, names: tuple[str, ...], below: str) -> tuple[str, ...]:
    """On an issue that is no pull request, "Pull requests" grants nothing."""
    number = THREAD.fullmatch(below)
    if names != ON_PULLS or number is None or call.core.store.get(Pull, (call.repo.key, int(number[1]))):
        return names
    return ("issues",)


def check_new_label(actor: Actor) -> None:
    """Since 2025 "Pull requests" lets a token use labels that are there, and make none (https://github.com/actions/labeler/issues/870)."""
    if not granted(actor, ("issues",), "write"):
        error = {"resource": "Repository", "field": "label", "code": "unauthorized"}
        raise ApiError(403, "You do not have permission to create labels on this repository.", [error])


def check_field(call: Call, name: str, repo: Repository | None = None) -> None:
    """The same for a field of GraphQL; where a repository is given, a public one is read by anybody."""
    permission, level = FIELDS.get(name, ("metadata", "read"))
    if repo is not None and level == "read" and not repo.private:
        return
    if not granted(call.actor, (permission,), level):
        raise GraphQLError("FORBIDDEN", _refusal(call.actor))


def _refusal(actor: Actor) -> str:
    return f"Resource not accessible by {'integration' if actor.integration else 'personal access token'}"
