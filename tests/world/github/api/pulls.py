"""Pull requests (docs: REST, Pulls)."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

from tests.world.github.acts import pulls as acts
from tests.world.github.acts.mergeability import base_tip, fork_point, read_mergeable
from tests.world.github.acts.threads import check_body
from tests.world.github.auth import allows, require
from tests.world.github.call import NOTHING, Answer, Call, page
from tests.world.github.errors import ApiError, forbidden, invalid_field, not_found
from tests.world.github.gitdiff import changes
from tests.world.github.records import Issue, Pull, Repository
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import pulls as shapes
from tests.world.github.shapes.commits import commit, diff_entry

routes = Routes("pulls/pulls")
PULL = f"{REPO}/pulls/<int:number>"
FILES_LIMIT = 3000  # docs: List pull requests files
COMMITS_LIMIT = 250  # docs: List commits on a pull request
TITLE_LIMIT = 256


@routes.add("GET", f"{REPO}/pulls", need="read")
def listed(call: Call) -> Answer:
    state, head, base = call.query("state", "open"), call.query("head"), call.query("base")
    found = []
    for pull in call.core.store.group(Pull, call.repo.key):
        label = f"{pull.head_repo.split('/')[0]}:{pull.head_ref}"
        if state not in {"all", _thread(call, pull).state}:
            continue
        if (":" in head and head != label) or (base and base != pull.base_ref):
            continue
        found.append(pull)
    return page(call, _sorted(call, found), lambda pull: shapes.simple(call.core, pull))


def _sorted(call: Call, pulls: list[Pull]) -> list[Pull]:
    order = call.query("sort", "created")
    default = "desc" if order == "created" else "asc"
    if order == "updated":
        pulls.sort(key=lambda pull: (_thread(call, pull).updated, pull.number))
    else:
        pulls.sort(key=lambda pull: pull.number)
    # docs, parameter direction: descending by default when sorted by creation, else ascending
    return pulls[::-1] if call.query("direction", default) == "desc" else pulls


def _thread(call: Call, pull: Pull) -> Issue:
    return shapes.thread(call.core, pull)


@routes.add("POST", f"{REPO}/pulls", need="read")
def create(call: Call) -> Answer:
    if call.actor.kind == "anonymous":
        raise ApiError(401, "Requires authentication")
    title, base = call.need("PullRequest", "title"), call.need("PullRequest", "base")
    if not title.strip():
        raise invalid_field("PullRequest", "title", "missing_field")
    if len(title) > TITLE_LIMIT:
        raise invalid_field(
            "PullRequest", "title", "custom", f"title is too long (maximum is {TITLE_LIMIT} characters)"
        )
    body = check_body("PullRequest", call.body.get("body"), needed=False) if call.body.get("body") is not None else None
    source, branch = _head(call)
    if not allows(call.core, call.actor, source, "write"):
        raise forbidden("Resource not accessible by integration") if call.actor.integration else not_found()
    pull = acts.open_pull(
        call.core,
        call.repo,
        (source, branch),
        base,
        (title, body),
        call.actor,
        draft=bool(call.body.get("draft")),
        maintainer_can_modify=bool(call.body.get("maintainer_can_modify", True)),
    )
    return Answer(shapes.full(call.core, pull, None), 201)


def _head(call: Call) -> tuple[Repository, str]:
    """``branch`` here, or ``owner:branch`` in a fork."""
    owner, colon, branch = call.need("PullRequest", "head").partition(":")
    if not colon:
        return call.repo, owner
    root = call.core.repository(call.repo.parent) if call.repo.parent else call.repo
    for repo in call.core.network(root):
        if repo.owner.lower() == owner.lower():
            return repo, branch
    raise invalid_field("PullRequest", "head", "invalid")


@routes.add("GET", PULL, need="read")
def get(call: Call) -> Answer:
    mergeable = read_mergeable(call.core, call.pull)
    if call.accepts("diff"):
        from tests.world.github.web.diff import unified

        return Answer(raw=unified(call.core, call.pull).encode(), content_type="application/vnd.github.diff")
    return Answer(shapes.full(call.core, call.pull, mergeable), modified=_thread(call, call.pull).updated)


@routes.add("PATCH", PULL, need="read")
def change(call: Call) -> Answer:
    pull, thread = call.pull, _thread(call, call.pull)
    if thread.user.lower() != call.actor.login.lower():
        call.require("write")
    if "body" in call.body:
        thread = replace(thread, body=check_body("PullRequest", call.body["body"], needed=False))
    if call.body.get("title"):
        thread = replace(thread, title=call.text("title") or thread.title)
    if {"body", "title"} & set(call.body):
        call.core.store.put(replace(thread, updated=call.core.now()))
        acts.tell_pull(call.core, pull, "edited", call.actor)
    if base := call.text("base"):
        pull = _rebase(call, pull, base)
    if isinstance(call.body.get("maintainer_can_modify"), bool):
        pull = call.core.store.put(replace(pull, maintainer_can_modify=call.body["maintainer_can_modify"]))
    _set_state(call, pull, call.body.get("state"), thread.state)
    return Answer(shapes.full(call.core, call.pull, read_mergeable(call.core, call.pull)))


def _rebase(call: Call, pull: Pull, base: str) -> Pull:
    sha = call.git.branch(base)
    if sha is None:
        raise invalid_field("PullRequest", "base", "invalid")
    return call.core.store.put(replace(pull, base_ref=base, base_sha=sha))


def _set_state(call: Call, pull: Pull, wanted: object, now: str) -> None:
    if wanted is None or wanted == now:
        return
    if wanted == "closed":
        acts.close_pull(call.core, pull, call.actor)
    elif wanted == "open":
        acts.reopen_pull(call.core, pull, call.actor)
    else:
        raise invalid_field("PullRequest", "state", "invalid")


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


@routes.add("GET", f"{PULL}/requested_reviewers", need="read")
def reviewers(call: Call) -> Answer:
    from tests.world.github.shapes.users import user

    return Answer({"users": [user(call.core, login) for login in call.pull.reviewers], "teams": []})


@routes.add("POST", f"{PULL}/requested_reviewers", need="read")
def request_reviewers(call: Call) -> Answer:
    """Only people with access can be asked, and never the author."""
    call.require("triage")
    pull, wanted = call.pull, call.body.get("reviewers") or []
    have = {call.repo.owner.lower()} | {name.lower() for name, _ in call.repo.collaborators}
    for login in wanted:
        if login.lower() == _thread(call, pull).user.lower():
            raise ApiError(422, "Review cannot be requested from pull request author.")
        if login.lower() not in have:
            raise ApiError(422, "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.")  # fmt: skip
    pull = call.core.store.put(replace(pull, reviewers=tuple(dict.fromkeys([*pull.reviewers, *wanted]))))
    for login in wanted:
        acts.tell_pull(call.core, pull, "review_requested", call.actor, requested_reviewer={"login": login})
    return Answer(shapes.simple(call.core, pull), 201)


@routes.add("DELETE", f"{PULL}/requested_reviewers", need="triage")
def unrequest_reviewers(call: Call) -> Answer:
    gone: list[Any] = [login.lower() for login in call.body.get("reviewers") or []]
    left = tuple(login for login in call.pull.reviewers if login.lower() not in gone)
    return Answer(shapes.simple(call.core, call.core.store.put(replace(call.pull, reviewers=left))))
