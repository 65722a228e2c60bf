"""Pull requests: list, open, show, change (docs: REST, Pulls)."""

from __future__ import annotations

from dataclasses import replace

from tests.world.github.acts import pulls as acts
from tests.world.github.acts.mergeability import read_mergeable
from tests.world.github.acts.threads import check_body
from tests.world.github.auth import allows
from tests.world.github.call import Answer, Call, page
from tests.world.github.errors import ApiError, forbidden, invalid_field, not_found
from tests.world.github.records import Issue, Pull, Repository
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import pulls as shapes

routes = Routes("pulls/pulls")
PULL = f"{REPO}/pulls/<int:number>"
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
