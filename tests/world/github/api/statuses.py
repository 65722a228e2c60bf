"""Commit statuses (docs: REST, Commit statuses)."""

from __future__ import annotations

from tests.world.github.call import Answer, Call, page
from tests.world.github.errors import ApiError, invalid_field, not_found
from tests.world.github.records import Status
from tests.world.github.routes import REPO, SHA, Routes
from tests.world.github.shapes import checks as shapes
from tests.world.github.shapes.repositories import minimal

routes = Routes("commits/statuses")
STATUS_LIMIT = 1000  # docs: Create a commit status
STATES = {"error", "failure", "pending", "success"}


@routes.add("POST", f"{REPO}/statuses/<sha>", need="write")
def status_create(call: Call) -> Answer:
    sha, state = call.args["sha"], call.need("Status", "state")
    if not SHA.fullmatch(sha) or call.git.kind(sha) != "commit":
        raise ApiError(422, f"No commit found for SHA: {sha}")
    if state not in STATES:
        raise invalid_field("Status", "state", "custom", "state is not included in the list")
    context, text = call.text("context") or "default", call.text("description")
    if text and len(text) > 140:
        raise invalid_field("Status", "description", "custom", "description is too long (maximum is 140 characters)")
    before = call.core.store.group(Status, (call.repo.key, sha))
    if sum(item.context == context for item in before) >= STATUS_LIMIT:
        raise ApiError(422, "Validation Failed", ["This SHA and context has reached the maximum number of statuses."])
    now, store = call.core.now(), call.core.store
    number = store.next_id("status", 1200001)
    made = store.put(
        Status(number, call.repo.full_name, sha, context, state, text, call.text("target_url"), call.actor.login, now)
    )
    payload = {"sha": sha, "state": state, "context": context, "description": text, "target_url": made.target_url}
    call.core.happened(call.repo.full_name, "status", None, call.actor.signed, payload, sha=sha, context=context)
    return Answer(shapes.status(call.core, made), 201)


def _statuses(call: Call) -> tuple[str, list[Status]]:
    sha = call.git.resolve(call.args["ref"])
    if sha is None:
        raise not_found()
    return sha, call.core.store.group(Status, (call.repo.key, sha))[::-1]


@routes.add("GET", f"{REPO}/commits/<path:ref>/statuses", f"{REPO}/statuses/<path:ref>", need="read")
def status_list(call: Call) -> Answer:
    return page(call, _statuses(call)[1], lambda status: shapes.status(call.core, status))


@routes.add("GET", f"{REPO}/commits/<path:ref>/status", need="read")
def combined(call: Call) -> Answer:
    """The latest of each context, and the worst of them."""
    sha, found = _statuses(call)
    latest: dict[str, Status] = {}
    for status in found:
        latest.setdefault(status.context, status)
    states = {status.state for status in latest.values()}
    bad, open_ = states & {"failure", "error"}, "pending" in states or not states
    url = f"{call.core.url}/repos/{call.repo.full_name}/commits/{sha}"
    return Answer(
        {
            "state": "failure" if bad else "pending" if open_ else "success",
            "statuses": [shapes.status(call.core, status, short=True) for status in latest.values()],
            "sha": sha,
            "total_count": len(latest),
            "repository": minimal(call.core, call.repo),
            "commit_url": url,
            "url": f"{url}/status",
        }
    )
