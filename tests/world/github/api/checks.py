"""Check runs and commit statuses (docs: REST, Checks; Commit statuses)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.world.github.call import Answer, Call, page
from tests.world.github.errors import ApiError, forbidden, invalid, invalid_field, not_found
from tests.world.github.records import CheckRun, Status
from tests.world.github.routes import REPO, SHA, Routes
from tests.world.github.shapes import checks as shapes
from tests.world.github.shapes.repositories import minimal

routes = Routes("checks/runs")
suites = Routes("checks/suites")
statuses = Routes("commits/statuses")
RUN = f"{REPO}/check-runs/<int:run>"
ANNOTATIONS = 50  # docs: Create a check run, output.annotations
STATUS_LIMIT = 1000  # docs: Create a commit status
LEVELS = {"notice", "warning", "failure"}
CONCLUSIONS = {"action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out"}
STATES = {"error", "failure", "pending", "success"}
TEXT_LIMIT = 65535  # docs: output.summary and output.text


def _app_only(call: Call) -> int:
    if call.actor.kind == "anonymous":
        raise ApiError(401, "Requires authentication")
    if not call.actor.integration or call.actor.app_id is None:
        raise forbidden("You must authenticate via a GitHub App.")
    call.require("write")
    return call.actor.app_id


@routes.add("POST", f"{REPO}/check-runs", need="read")
def create(call: Call) -> Answer:
    app_id, sha = _app_only(call), call.need("CheckRun", "head_sha")
    name = call.need("CheckRun", "name")
    if not SHA.fullmatch(sha) or call.git.kind(sha) != "commit":
        raise ApiError(422, f"No commit found for SHA: {sha}")
    number = call.core.store.next_id("check_run", 1100001)
    run = CheckRun(number, call.repo.full_name, sha, name, app_id, call.core.now(), started=call.core.stamp())
    run = _apply(call, run)
    call.core.store.put(run)
    _tell(call, run, "created")
    return Answer(shapes.check_run(call.core, run), 201)


@routes.add("PATCH", RUN, need="read")
def update(call: Call) -> Answer:
    """Annotations of an update are appended to those that are there."""
    app_id, old = _app_only(call), call.find(CheckRun, call.args["run"])
    if old.app_id != app_id:
        raise forbidden(
            "Invalid app_id `"
            + str(old.app_id)
            + "` - check run can only be modified by the GitHub App that created it."
        )
    run = call.core.store.put(_apply(call, old))
    if run.status == "completed" and old.status != "completed":
        _tell(call, run, "completed")
    return Answer(shapes.check_run(call.core, run))


def _apply(call: Call, run: CheckRun) -> CheckRun:
    body = call.body
    plain = {
        name: body[name] for name in ("name", "status", "external_id", "details_url") if body.get(name) is not None
    }
    if body.get("started_at"):
        plain["started"] = body["started_at"]
    run = replace(run, **plain)
    conclusion = body.get("conclusion")
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise invalid_field("CheckRun", "conclusion", "invalid")
    if conclusion is not None:
        run = replace(run, conclusion=conclusion, status="completed")
    if run.status == "completed":
        if run.conclusion is None:
            raise invalid("Validation Failed", {"resource": "CheckRun", "code": "missing_field", "field": "conclusion"})
        run = replace(run, completed=body.get("completed_at") or run.completed or call.core.stamp())
    return _output(run, body["output"]) if isinstance(body.get("output"), dict) else run


def _output(run: CheckRun, output: dict[str, Any]) -> CheckRun:
    if not output.get("title") and run.title is None:
        raise invalid('Invalid request.\n\n"title" wasn\'t supplied.')
    if not output.get("summary") and run.summary is None:
        raise invalid('Invalid request.\n\n"summary" wasn\'t supplied.')
    for name in ("summary", "text"):
        if len((output.get(name) or "").encode()) > TEXT_LIMIT:
            raise invalid(
                f"Invalid request.\n\nOnly {TEXT_LIMIT} characters are allowed; {len(output[name])} were supplied."
            )
    added = output.get("annotations") or []
    if len(added) > ANNOTATIONS:
        raise invalid(f"Invalid request.\n\nNo more than {ANNOTATIONS} items are allowed; {len(added)} were supplied.")
    return replace(
        run,
        title=output.get("title", run.title),
        summary=output.get("summary", run.summary),
        text=output.get("text", run.text),
        annotations=(*run.annotations, *(_annotation(item) for item in added)),
    )


def _annotation(item: dict[str, Any]) -> dict[str, Any]:
    for name in ("path", "start_line", "end_line", "annotation_level", "message"):
        if item.get(name) is None:
            raise invalid(f'Invalid request.\n\n"{name}" wasn\'t supplied.')
    if item["annotation_level"] not in LEVELS:
        raise invalid(f"Invalid request.\n\n{item['annotation_level']} is not a member of {sorted(LEVELS)}.")
    if "start_column" in item and item["start_line"] != item["end_line"]:
        raise invalid("Invalid request.\n\nstart_column is only allowed when start_line and end_line are the same.")
    known = (
        "path",
        "start_line",
        "end_line",
        "start_column",
        "end_column",
        "annotation_level",
        "message",
        "title",
        "raw_details",
    )
    return {name: item[name] for name in known if name in item}


def _tell(call: Call, run: CheckRun, action: str) -> None:
    payload = {"check_run": shapes.check_run(call.core, run)}
    call.core.happened(run.repo, "check_run", action, call.actor.signed, payload, check_run=run.id)


@routes.add("GET", RUN, need="read")
def get(call: Call) -> Answer:
    return Answer(shapes.check_run(call.core, call.find(CheckRun, call.args["run"])))


@routes.add("GET", f"{RUN}/annotations", need="read")
def annotation_list(call: Call) -> Answer:
    run = call.find(CheckRun, call.args["run"])
    return page(call, run.annotations, lambda item: shapes.annotation(call.core, run, item))


def _runs(call: Call) -> list[CheckRun]:
    """The runs of a ref, newest first; ``filter=latest`` (the default) keeps one per app and name."""
    sha = call.git.resolve(call.args["ref"])
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {call.args['ref']}")
    found = call.core.store.group(CheckRun, (call.repo.key, sha))[::-1]
    for name in ("name", "status"):
        wanted = "check_name" if name == "name" else name
        if asked := call.query(wanted):
            found = [run for run in found if getattr(run, name) == asked]
    if app_id := call.query("app_id"):
        found = [run for run in found if str(run.app_id) == app_id]
    if call.query("filter", "latest") == "all":
        return found
    latest: dict[tuple[int, str], CheckRun] = {}
    for run in found:
        latest.setdefault((run.app_id, run.name), run)
    return list(latest.values())


@routes.add("GET", f"{REPO}/commits/<path:ref>/check-runs", need="read")
def for_ref(call: Call) -> Answer:
    return page(call, _runs(call), lambda run: shapes.check_run(call.core, run), "check_runs")


@suites.add("GET", f"{REPO}/commits/<path:ref>/check-suites", need="read")
def suites_for_ref(call: Call) -> Answer:
    by_app: dict[int, list[CheckRun]] = {}
    for run in _runs(call):
        by_app.setdefault(run.app_id, []).append(run)
    return page(
        call, list(by_app.values()), lambda runs: shapes.check_suite(call.core, call.repo, runs), "check_suites"
    )


@statuses.add("POST", f"{REPO}/statuses/<sha>", need="write")
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


@statuses.add("GET", f"{REPO}/commits/<path:ref>/statuses", f"{REPO}/statuses/<path:ref>", need="read")
def status_list(call: Call) -> Answer:
    return page(call, _statuses(call)[1], lambda status: shapes.status(call.core, status))


@statuses.add("GET", f"{REPO}/commits/<path:ref>/status", need="read")
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
