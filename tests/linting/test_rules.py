"""Our own rules hold for every workflow and action, and for what `accession init` writes; each would notice its breach."""

from __future__ import annotations

import pytest

from bot.adopting.workflow import granted
from tests.linting.rules import GOOD, RULES, Rule
from tests.linting.test_linters import generated
from tests.linting.workflow_file import WorkflowFile, here

FILES = [*here(), generated()]
CALLED = ".github/workflows/accession.yml"
ACTION = """\
name: sample
description: A step of our own
runs:
  using: composite
  steps:
  - uses: actions/cache@v4
  - shell: bash
    run: echo ${{ inputs.text }}
"""


def broken(file: WorkflowFile) -> dict[str, list[str]]:
    return {rule.name: said for rule in RULES if (said := list(rule.look(file)))}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_keeps_the_rules(file: WorkflowFile) -> None:
    assert broken(file) == {}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_notices_its_breach_and_the_sample_breaks_no_other(rule: Rule) -> None:
    sample = WorkflowFile("sample.yml", rule.sample)
    assert list(rule.look(sample))
    assert {other.look for other in RULES if list(other.look(sample))} == {rule.look}


def test_a_sample_that_is_right_breaks_none() -> None:
    assert broken(WorkflowFile("good.yml", GOOD)) == {}


def test_an_action_is_held_to_what_concerns_it() -> None:
    assert set(broken(WorkflowFile("action.yml", ACTION))) == {"pinned", "release-named", "no-expressions-in-scripts"}


def test_rules_have_names_of_their_own_and_say_why() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.why.endswith(".") for rule in RULES)


def test_the_called_workflow_takes_what_the_generated_one_gives() -> None:
    """GitHub refuses to start a call that asks for a permission, an input or a secret that the caller does not give."""
    called = next((file for file in here() if file.name == CALLED), None)
    if called is None:
        pytest.skip("there is no workflow yet that others could call")
    takes = called.data["on"]["workflow_call"]
    asked = [job.get("permissions") or {} for job in called.jobs.values()]
    level = {"none": 0, "read": 1, "write": 2}
    too_much = {
        f"{name}: {wanted}"
        for permissions in asked
        for name, wanted in permissions.items()
        if level[wanted] > level[granted().get(name, "none")]
    }
    assert too_much == set(), "more than bot/adopting/permissions.py says that the calls need"
    for name, job in generated().jobs.items():
        if "uses" in job:
            assert set(job["with"]) <= set(takes["inputs"]), name
            assert set(job["secrets"]) <= set(takes["secrets"]), name
            needed = {key for kind in ("inputs", "secrets") for key, one in takes[kind].items() if one.get("required")}
            assert needed <= set(job["with"]) | set(job["secrets"]), name
