"""Merging pull requests, and bringing them up to date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.world.github.acts.mergeability import base_tip, mergeable
from tests.world.github.acts.pushes import push
from tests.world.github.errors import ApiError, failed
from tests.world.github.gitmerge import merge_commit, rebased, squash_commit
from tests.world.github.shapes import pulls as shapes

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core
    from tests.world.github.records import Issue, Pull
from tests.world.github.acts.pulls import mark_merged
from tests.world.github.records import ReviewComment


def merge_pull(core: Core, pull: Pull, actor: Actor, method: str, message: str | None, sha: str | None) -> str:
    """Merge for real (docs: Merge a pull request): 405 where it cannot be, 409 where ``sha`` is not the head."""
    issue = shapes.thread(core, pull)
    if pull.merged is not None or issue.state != "open":
        raise ApiError(405, "Pull Request is not mergeable")
    if pull.draft:
        raise ApiError(405, "Pull Request is still a draft")
    if sha is not None and sha != pull.head_sha:
        raise ApiError(409, "Head branch was modified. Review and try the merge again.")
    if not mergeable(core, pull):
        raise ApiError(405, "Pull Request is not mergeable")
    if core.repository(pull.repo).resolve_conversations and unresolved(core, pull):
        raise ApiError(405, "A conversation must be resolved before this pull request can be merged.")
    base = base_tip(core, pull)
    result = _make(core, pull, base, method, message or _message(pull, issue, method), actor)
    if result is None:
        raise ApiError(405, "This branch can't be rebased")
    frozen = core.store.put(replace(pull, base_sha=base))
    mark_merged(core, frozen, result, actor)
    push(core, core.repository(pull.repo), f"refs/heads/{pull.base_ref}", result, actor)
    return result


def unresolved(core: Core, pull: Pull) -> list[ReviewComment]:
    """The first comments of threads that nobody resolved."""
    notes = core.store.group(ReviewComment, pull.key)
    return [note for note in notes if note.in_reply_to is None and not note.resolved]


def _make(core: Core, pull: Pull, base: str, method: str, message: str, actor: Actor) -> str | None:
    git, by = core.git(pull.repo), core.person(actor.login)
    if method == "rebase":
        return rebased(git, base, pull.head_sha, by)
    make = squash_commit if method == "squash" else merge_commit
    return make(git, base, pull.head_sha, message, by)


def _message(pull: Pull, issue: Issue, method: str) -> str:
    if method == "squash":
        return f"{issue.title} (#{pull.number})"
    owner = pull.head_repo.split("/")[0]
    return f"Merge pull request #{pull.number} from {owner}/{pull.head_ref}\n\n{issue.title}"


def update_branch(core: Core, pull: Pull, actor: Actor, expected: str | None) -> None:
    """Merge the base into the head (docs: Update a pull request branch)."""
    if expected is not None and expected != pull.head_sha:
        raise failed("PullRequest", "expected head sha didn't match current head ref.")
    tip = base_tip(core, pull)
    if core.git(pull.repo).contains(pull.head_sha, tip):
        raise ApiError(422, "There are no new commits on the base branch.")
    message = f"Merge branch '{pull.base_ref}' into {pull.head_ref}"
    made = merge_commit(core.git(pull.repo), pull.head_sha, tip, message, core.person(actor.login))
    if made is None:
        raise ApiError(422, "merge conflict between base and head")
    push(core, core.repository(pull.head_repo), f"refs/heads/{pull.head_ref}", made, actor)
