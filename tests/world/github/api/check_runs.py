"""Check runs and suites (docs: REST, Checks). Only apps and Actions may write them."""

from __future__ import annotations

from dataclasses import replace

from tests.world.github.acts.checks import latest, rerequest, served
from tests.world.github.api.check_output import with_output
from tests.world.github.call import Answer, Call, page
from tests.world.github.errors import ApiError, forbidden, invalid, invalid_field
from tests.world.github.records import CheckRun
from tests.world.github.routes import REPO, SHA, Routes
from tests.world.github.shapes import checks as shapes

routes = Routes("checks/runs")
suites = Routes("checks/suites")
RUN = f"{REPO}/check-runs/<int:run>"
CONCLUSIONS = {"action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out"}


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
    served(call.core, run)
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
    served(call.core, run)
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
    return with_output(run, body["output"]) if isinstance(body.get("output"), dict) else run


def _tell(call: Call, run: CheckRun, action: str) -> None:
    payload = {"check_run": shapes.check_run(call.core, run)}
    call.core.happened(run.repo, "check_run", action, call.actor.signed, payload, check_run=run.id)


@routes.add("GET", RUN, need="read")
def get(call: Call) -> Answer:
    return Answer(shapes.check_run(call.core, call.find(CheckRun, call.args["run"])))


@routes.add("POST", f"{RUN}/rerequest", need="read")
def ask_again(call: Call) -> Answer:
    app_id, run = _app_only(call), call.find(CheckRun, call.args["run"])
    if run.app_id != app_id:
        raise forbidden("This check run is not rerequestable.")
    rerequest(call.core, run, call.actor)
    return Answer({}, 201)


@routes.add("GET", f"{RUN}/annotations", need="read")
def annotation_list(call: Call) -> Answer:
    run = call.find(CheckRun, call.args["run"])
    return page(call, run.annotations, lambda item: shapes.annotation(call.core, run, item))


def _all(call: Call) -> list[CheckRun]:
    """Every run of a ref, newest first."""
    sha = call.git.resolve(call.args["ref"])
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {call.args['ref']}")
    return call.core.store.group(CheckRun, (call.repo.key, sha))[::-1]


def _runs(call: Call) -> list[CheckRun]:
    """Those that are asked for; ``filter=latest`` (the default) keeps one per app and name."""
    found = _all(call)
    for name in ("name", "status"):
        wanted = "check_name" if name == "name" else name
        if asked := call.query(wanted):
            found = [run for run in found if getattr(run, name) == asked]
    if app_id := call.query("app_id"):
        found = [run for run in found if str(run.app_id) == app_id]
    return found if call.query("filter", "latest") == "all" else latest(found)


@routes.add("GET", f"{REPO}/commits/<path:ref>/check-runs", need="read")
def for_ref(call: Call) -> Answer:
    return page(call, _runs(call), lambda run: shapes.check_run(call.core, run), "check_runs")


@suites.add("GET", f"{REPO}/commits/<path:ref>/check-suites", need="read")
def suites_for_ref(call: Call) -> Answer:
    """Each as the sum of all its runs, also where one of them by name was asked for."""
    by_app: dict[int, list[CheckRun]] = {run.app_id: [] for run in _runs(call)}
    for run in latest(_all(call)):
        by_app.get(run.app_id, []).append(run)
    return page(
        call, list(by_app.values()), lambda runs: shapes.check_suite(call.core, call.repo, runs), "check_suites"
    )
