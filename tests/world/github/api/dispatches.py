"""Starting workflows, and whether they are on (docs: REST, Actions, Workflows).

The world runs none: it checks a request to start one and remembers it as an event.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tests.world.github.acts.workflows import FOLDER, find_workflow, set_workflow
from tests.world.github.call import NOTHING, Answer, Call
from tests.world.github.errors import ApiError, not_found
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import repositories as shapes

routes = Routes("actions/workflows")
MOST_INPUTS = 25
WORKFLOW = f"{REPO}/actions/workflows/<file>"


@routes.add("GET", WORKFLOW, need="read")
def get(call: Call) -> Answer:
    return Answer(shapes.workflow(call.core, find_workflow(call.core, call.repo, call.args["file"])))


@routes.add("PUT", f"{WORKFLOW}/enable", need="write")
def enable(call: Call) -> Answer:
    set_workflow(call.core, call.repo, call.args["file"], "active")
    return NOTHING


@routes.add("PUT", f"{WORKFLOW}/disable", need="write")
def disable(call: Call) -> Answer:
    set_workflow(call.core, call.repo, call.args["file"], "disabled_manually")
    return NOTHING


@routes.add("POST", f"{WORKFLOW}/dispatches", need="write")
def dispatch(call: Call) -> Answer:
    ref, given = call.need("Workflow", "ref"), call.body.get("inputs") or {}
    branch = ref.removeprefix("refs/heads/")
    tip = call.git.branch(branch)
    if tip is None:
        raise ApiError(422, f"No ref found for: {ref}")
    path = f"{FOLDER}/{call.args['file']}"
    entry = call.git.entry(tip, path)
    if entry is None:
        raise not_found()
    if find_workflow(call.core, call.repo, call.args["file"]).state != "active":
        raise ApiError(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow")
    wanted = _inputs(call.git.blob(entry.sha))
    if len(given) > MOST_INPUTS or not all(isinstance(value, str) for value in given.values()):
        raise ApiError(422, "Invalid request.")
    if strange := sorted(set(given) - set(wanted)):
        raise ApiError(422, f"Unexpected inputs provided: {strange}")
    if missing := sorted(name for name, one in wanted.items() if one.get("required") and not given.get(name)):
        raise ApiError(422, f"Required input '{missing[0]}' not provided")
    inputs = {name: given.get(name, str(one.get("default", ""))) for name, one in wanted.items()}
    payload = {"inputs": inputs, "ref": f"refs/heads/{branch}", "workflow": path}
    call.core.happened(call.repo.full_name, "workflow_dispatch", None, call.actor.signed, payload, **payload)
    return NOTHING


def _inputs(content: bytes) -> dict[str, Any]:
    try:
        triggers = YAML(typ="safe", pure=True).load(content).get("on", {})
    except (YAMLError, AttributeError):
        triggers = {}
    if not isinstance(triggers, dict) or "workflow_dispatch" not in triggers:
        raise ApiError(422, "Workflow does not have 'workflow_dispatch' trigger")
    found: dict[str, Any] = ((triggers["workflow_dispatch"] or {}).get("inputs")) or {}
    return {name: one or {} for name, one in found.items()}
