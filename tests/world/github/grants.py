"""What a token of an Actions job may do beside its role: the `permissions` that its job declared, and no more.

Source: https://docs.github.com/rest/authentication/permissions-required-for-github-apps (the token is an installation token).
GitHub lets such a token read public things it has no permission for; this world is stricter, as a private repository is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.world.github.errors import forbidden

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.world.github.auth import Actor

RESOURCE = "Resource not accessible by integration"
LEVELS = ("none", "read", "write")
PERMISSIONS = ("actions", "checks", "contents", "issues", "pull-requests", "statuses")

_REPO = r"/repos/[^/]+/[^/]+"
_NEEDED: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(path), names)
    for path, names in (
        (rf"{_REPO}/pulls/\d+/merge", ("contents",)),
        (rf"{_REPO}/pulls(/.*)?", ("pull-requests",)),
        (rf"{_REPO}/issues(/.*)?", ("issues", "pull-requests")),
        (rf"{_REPO}/(check-runs|check-suites)(/.*)?", ("checks",)),
        (rf"{_REPO}/commits/[^/]+/(check-runs|check-suites)", ("checks",)),
        (rf"{_REPO}/(statuses/.*|commits/[^/]+/status(es)?)", ("statuses",)),
        (rf"{_REPO}/actions/.*", ("actions",)),
        (rf"{_REPO}/(git|contents|branches|commits|compare|merges)(/.*)?", ("contents",)),
        (rf"{_REPO}/hooks(/.*)?", ("administration",)),
    )
)
_MUTATIONS = (("createCommitOnBranch", "contents"), ("ReviewThread", "pull-requests"), ("minimizeComment", "issues"))


def demand(actor: Actor, method: str, path: str, body: Mapping[str, object]) -> None:
    """Refuse as GitHub does what the token was not given; what every installation may read (a repository, a user) passes."""
    if actor.grants is None:
        return
    level = "read" if method in {"GET", "HEAD"} else "write"
    names = _graphql(str(body.get("query", ""))) if path == "/graphql" else _named(path)
    if path == "/graphql" and "mutation" not in str(body.get("query", "")):
        level = "read"
    granted = dict(actor.grants)
    if names and not any(LEVELS.index(granted.get(name, "none")) >= LEVELS.index(level) for name in names):
        raise forbidden(RESOURCE)


def _named(path: str) -> tuple[str, ...]:
    return next((names for pattern, names in _NEEDED if pattern.fullmatch(path)), ())


def _graphql(query: str) -> tuple[str, ...]:
    return tuple(name for word, name in _MUTATIONS if word in query) or ("pull-requests",)
