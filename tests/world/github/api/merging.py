"""What a pull request brings, and merging it (docs: REST, Pulls)."""

from __future__ import annotations

from itertools import islice

from tests.world.github.acts import merging as acts
from tests.world.github.acts.mergeability import base_tip, fork_point
from tests.world.github.auth import require
from tests.world.github.call import NOTHING, Answer, Call, page
from tests.world.github.errors import ApiError, not_found
from tests.world.github.gitdiff import changes
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes.commits import commit, diff_entry

routes = Routes("pulls/pulls")
PULL = f"{REPO}/pulls/<int:number>"
FILES_LIMIT = 3000  # docs: List pull requests files
COMMITS_LIMIT = 250  # docs: List commits on a pull request


@routes.add("GET", f"{PULL}/files", need="read")
def files(call: Call) -> Answer:
    """At most 3,000 files, without modes."""
    pull = call.pull
    found = changes(call.git, fork_point(call.core, pull), pull.head_sha)[:FILES_LIMIT]
    return page(call, found, lambda file: diff_entry(call.core, call.repo, pull.head_sha, file))


@routes.add("GET", f"{PULL}/commits", need="read")
def commits(call: Call) -> Answer:
    pull = call.pull
    found = islice(call.git.history(pull.head_sha, hide=base_tip(call.core, pull)), COMMITS_LIMIT)
    shas = [str(item.id) for item in found][::-1]
    return page(call, shas, lambda sha: commit(call.core, call.repo, sha))


@routes.add("GET", f"{PULL}/merge", need="read")
def is_merged(call: Call) -> Answer:
    if call.pull.merged is None:
        raise not_found()
    return NOTHING


@routes.add("PUT", f"{PULL}/merge", need="write")
def merge(call: Call) -> Answer:
    method = call.body.get("merge_method", "merge")
    if method not in {"merge", "squash", "rebase"}:
        raise ApiError(422, "Invalid merge_method")
    title, text = call.text("commit_title"), call.text("commit_message")
    message = "\n\n".join(part for part in (title, text) if part) or None
    sha = acts.merge_pull(call.core, call.pull, call.actor, method, message, call.text("sha"))
    return Answer({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


@routes.add("PUT", f"{PULL}/update-branch", need="write")
def update_branch(call: Call) -> Answer:
    pull = call.pull
    source = call.core.repository(pull.head_repo)
    if call.actor.integration or not pull.maintainer_can_modify:
        require(call.core, call.actor, source, "write")
    acts.update_branch(call.core, pull, call.actor, call.text("expected_head_sha"))
    url = f"{call.core.url}/repos/{pull.repo}/pulls/{pull.number}"
    return Answer({"message": "Updating pull request branch.", "url": url}, 202)
