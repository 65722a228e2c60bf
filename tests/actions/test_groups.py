"""A concurrency group keeps one run that waits: what asks for something else must have another one, or it would be cancelled."""

from __future__ import annotations

from itertools import product

import pytest

from tests.actions.expressions import Strict, condition, fill
from tests.actions.run import load
from tests.actions.test_workflows import FILES, ONE_FILE
from tests.linting.test_linters import generated

CALLERS = [path for path in FILES if path.name != "accession.yml"]
WORKFLOWS = {
    "own": [path.read_text() for path in CALLERS],
    "generated": [generated().text],
    "one file": [ONE_FILE.read_text()],
}
GIVEN = {"record": ("", "77", "2"), "days": ("", "0", "2"), "pull": ("12", "13"), "head": ("", "a" * 40)}
OF = {"poll": ("record", "days"), "check": ("pull", "head"), "feedback": ("pull",)}


def inputs_of(workflow, **given):
    """All that are declared; an event other than a dispatch gives none, whatever their defaults are."""
    declared = (workflow["on"].get("workflow_dispatch") or {}).get("inputs") or {}
    return Strict({name: given.get(name, "") for name in declared})


def dispatches(workflow, name):
    """Every sensible way to start it by hand or by the bot."""
    declared = inputs_of(workflow)
    for what in ("poll", "sweep", "check", "feedback", "publish", "retest") if "what" in declared else (name,):
        names = [one for one in OF.get(what, ()) if one in declared]
        for values in product(*(GIVEN[one] for one in names)):
            yield inputs_of(workflow, what=what, **dict(zip(names, values, strict=True)))


def triggers(workflow):
    for one in workflow["on"].get("schedule", ()):
        yield inputs_of(workflow), {"event_name": "schedule", "event": {"schedule": one["cron"]}}
    for inputs in dispatches(workflow, workflow["name"]) if "workflow_dispatch" in workflow["on"] else ():
        yield inputs, {"event_name": "workflow_dispatch", "event": {"inputs": dict(inputs)}}
    for number in (12, 13) if "issue_comment" in workflow["on"] else ():
        event = {"issue": {"number": number, "pull_request": {}}, "comment": {"body": "/accession recheck"}}
        yield inputs_of(workflow), {"event_name": "issue_comment", "event": event}


def started(text):
    """Each trigger's group, with what the called workflow is asked for; a hint asks for nothing else."""
    workflow = load(text)
    for inputs, github in triggers(workflow):
        contexts = {"inputs": inputs, "github": github}
        calling = [job for job in workflow["jobs"].values() if "uses" in job]
        (job,) = [one for one in calling if condition(one.get("if", "true"), contexts, "success")]
        asked = {key: str(fill(value, contexts)) for key, value in job["with"].items() if key != "head"}
        yield str(fill(job["concurrency"]["group"], contexts)), asked


@pytest.mark.parametrize("which", WORKFLOWS)
def test_triggers_share_a_group_only_where_they_ask_the_same(which):
    found = {}
    for text in WORKFLOWS[which]:
        for group, asked in started(text):
            whole = {"pull": asked["pull"]} if group.startswith("accession-pull-") else asked
            found.setdefault(group, set()).add(tuple(sorted(whole.items())))
    assert {group: asked for group, asked in found.items() if len(asked) > 1} == {}
    assert {"accession-pull-12", "accession-pull-13"} <= set(found)


@pytest.mark.parametrize("which", ["own", "generated"])
def test_polls_and_sweeps_of_the_schedules_wait_beside_each_other(which):
    groups = {
        (asked["what"], asked.get("days", ""), asked.get("closed", ""), asked.get("record", "")): group
        for text in WORKFLOWS[which]
        for group, asked in started(text)
        if asked["what"] in {"poll", "sweep"}
    }
    assert {("poll", "2", "", ""), ("poll", "0", "", ""), ("poll", "2", "", "77")} <= set(groups)
    assert {("sweep", "", "True", ""), ("sweep", "", "False", "")} <= set(groups)
    assert len(set(groups.values())) == len(groups)
