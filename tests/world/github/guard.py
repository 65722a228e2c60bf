"""Who may move which ref: push permission, contributors' forks, protected branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.world.github.auth import allows, require
from tests.world.github.errors import ApiError
from tests.world.github.records import Issue, Pull

if TYPE_CHECKING:
    from tests.world.github.call import Call

PROTECTED = "Changes must be made through a pull request."


def may_move(call: Call, ref: str, sha: str | None, *, status: int = 422) -> None:
    """Raise unless the actor may set ``ref`` (None: delete it) in the call's repository.

    "Allow edits from maintainers" opens a fork's branch to people who can push to the base, never to the tokens of
    apps or Actions (docs: Allowing changes to a pull request branch created from a fork).
    """
    branch = ref.removeprefix("refs/heads/")
    if not call.may("write") and not _lent(call, branch):
        require(call.core, call.actor, call.repo, "write", git=True)
    if ref.startswith("refs/heads/") and branch in call.repo.protected and call.git.ref(ref):
        message = "Cannot delete a protected branch" if sha is None else PROTECTED
        if not (call.actor.kind == "personal" and call.may("admin")):
            raise ApiError(status, message)


def _lent(call: Call, branch: str) -> bool:
    repo, store = call.repo, call.core.store
    if call.actor.integration or repo.parent is None:
        return False
    base = call.core.repository(repo.parent)
    for pull in store.group(Pull, base.key):
        issue = store.get(Issue, pull.key)
        mine = (pull.head_repo, pull.head_ref) == (repo.full_name, branch) and pull.maintainer_can_modify
        if mine and issue and issue.state == "open":
            return allows(call.core, call.actor, base, "write")
    return False
