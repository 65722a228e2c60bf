"""Several files in one commit, through GraphQL (docs: GraphQL, mutation createCommitOnBranch and its inputs)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.acts.pushes import push
from tests.world.github.auth import allows
from tests.world.github.errors import ApiError, GraphQLError
from tests.world.github.git import BLOB, Changes
from tests.world.github.guard import may_move

if TYPE_CHECKING:
    from tests.world.github.call import Call
    from tests.world.github.records import Repository


def commit_on_branch(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    """A commit by whoever asks, on top of the branch if that is still at `expectedHeadOid`; contents are base64."""
    given = asked.get("input") or {}
    for name in ("branch", "expectedHeadOid", "fileChanges", "message"):
        if not given.get(name):
            message = f"Variable $input of type CreateCommitOnBranchInput! was provided invalid value for {name}"
            raise GraphQLError("argumentLiteralsIncompatible", f"{message} (Expected value to not be null)")
    repo = _repository(call, str(given["branch"].get("repositoryNameWithOwner")))
    git, branch = call.core.git(repo), str(given["branch"].get("branchName")).removeprefix("refs/heads/")
    tip = git.branch(branch)
    if tip is None:
        raise GraphQLError("NOT_FOUND", f"No ref exists with the name '{branch}'")
    _may(replace(call, args={"owner": repo.owner, "name": repo.name}), branch)
    if tip != given["expectedHeadOid"]:
        said = f'Expected branch to point to "{given["expectedHeadOid"]}" but it did not.  Pull and try again.'
        raise GraphQLError("STALE_DATA", said)
    tree = git.write_tree(tip, _changes(call, repo, tip, given["fileChanges"]))
    headline, body = given["message"].get("headline", ""), given["message"].get("body", "")
    sha = git.write_commit(tree, [tip], f"{headline}\n\n{body}".strip(), call.core.person(call.actor.login))
    push(call.core, repo, f"refs/heads/{branch}", sha, call.actor)
    commit = {"__typename": "Commit", "oid": sha, "messageHeadline": headline}
    return {"__typename": "CreateCommitOnBranchPayload", "clientMutationId": None, "commit": commit}


def _repository(call: Call, name: str) -> Repository:
    found = call.core.find_repository(name)
    if found is None or not allows(call.core, call.actor, found, "read"):
        raise GraphQLError("NOT_FOUND", f"Could not resolve to a Repository with the name '{name}'.")
    return found


def _may(call: Call, branch: str) -> None:
    try:
        may_move(call, f"refs/heads/{branch}", "")
    except ApiError as error:
        raise GraphQLError("FORBIDDEN" if error.status in {403, 404} else "UNPROCESSABLE", error.message) from error


def _changes(call: Call, repo: Repository, tip: str, given: dict[str, Any]) -> Changes:
    """Additions and deletions; both of one path, or a deletion of nothing, is refused."""
    git, changes = call.core.git(repo), Changes()
    for item in given.get("additions") or ():
        path = str(item["path"])
        if not path or any(part in {"", ".", "..", ".git"} for part in path.split("/")):
            raise GraphQLError("UNPROCESSABLE", f"A path was requested for addition which is invalid: {path}")
        try:
            changes[path] = (BLOB, git.write_blob(base64.b64decode(item["contents"], validate=True)))
        except binascii.Error as error:
            raise GraphQLError("argumentLiteralsIncompatible", "contents is not a valid Base64String") from error
    for item in given.get("deletions") or ():
        if item["path"] in changes or git.entry(tip, item["path"]) is None:
            raise GraphQLError("UNPROCESSABLE", f"A path was requested for deletion which is not there: {item['path']}")
        changes[item["path"]] = None
    return changes
