"""The rules as data, and their page."""

import json
from pathlib import Path

import pytest

from tests.agreement import mutate
from tests.workflows.rdf_sample import MODEL_04, MODEL_05, REALDATA
from tests.workflows.static.conftest import held
from workflows.document import load
from workflows.static import CHECKS, RULES
from workflows.static.rule import Check, Rule
from workflows.static.rules_page import COMMAND, anchor, page
from workflows.static.static import context_of, look

PAGE = Path(__file__).parents[3] / ".github" / "RULES.md"


def test_the_page_is_current():
    assert PAGE.read_text("utf-8") == page(CHECKS), f"the rules have changed: {COMMAND}"


def test_each_rule_has_an_anchor_of_its_own():
    headings = [line.removeprefix("### ") for line in page(CHECKS).splitlines() if line.startswith("### ")]
    assert sorted(headings) == sorted(rule.name for rule in RULES)
    assert len(set(map(anchor, headings))) == len(headings)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in headings)


def test_a_page():
    one = Rule("one", "It is one.", "Make it one.")
    two = Rule("two", "It is two.", "Make it two.", ("error", "warning"))
    three = Rule("three", "It is three.", "Make it three.")
    checks = (
        Check(look, (one,), frozenset({"*"})),
        Check(look, (two,), frozenset({"model-0.5"}), files=True),
        Check(look, (two,), frozenset({"model-0.4"}), files=True),
        Check(look, (three,)),
    )
    assert page(checks).partition("`.\n")[2] == (
        "\n## Every file\n\n### one\n\nIt is one. *Error.*\n\nMake it one.\n"
        "\n## `model-0.4`, `model-0.5`, where its files are at hand\n\n"
        "### two\n\nIt is two. *Error, warning.*\n\nMake it two.\n"
        "\n## Every resource description\n\n### three\n\nIt is three. *Error.*\n\nMake it three.\n"
    )


def test_every_level_of_a_rule_is_one():
    assert {level for rule in RULES for level in rule.levels} == {"error", "policy", "warning"}
    assert all(rule.levels and len(set(rule.levels)) == len(rule.levels) for rule in RULES)


@pytest.mark.parametrize("text", [MODEL_04, MODEL_05], ids=["0.4", "0.5"])
def test_whatever_is_wrong_is_told_by_a_declared_rule(text):
    floor = {"minimum_format_version": {"model": "0.5"}}
    for changed in mutate.texts([load(text.encode()).data], 200, 3):
        look(context_of(load(changed.encode()), {}, ["in.npy"], floor))


@pytest.mark.realdata
def test_of_real_files_too():
    if not REALDATA.is_dir():
        pytest.skip(f"no real files at {REALDATA}")
    told = set()
    for path in sorted((*(REALDATA / "rdf").glob("*.yaml"), *(REALDATA / "scivision").rglob("*.json"))):
        document = load(path.read_bytes())
        told |= {one.rule for one in look(context_of(document, {}, (), {}, package=False))}
    assert len(told) > 20


def test_a_rule_that_is_not_declared_is_noticed():
    from workflows.static.finding import Finding

    check = Check(lambda _: [Finding("error", "two", "", "m", "")], (Rule("one", "It is one.", "Make it one."),))
    with pytest.raises(AssertionError, match="declares no rule two"):
        list(held(check).look(None))
    check = Check(lambda _: [Finding("policy", "one", "", "m", "")], check.rules)
    with pytest.raises(AssertionError, match="one is told as policy"):
        list(held(check).look(None))


def test_the_page_can_be_made_by_its_command(capsys):
    from workflows.cli import main

    assert main(["rules"]) == 0
    assert capsys.readouterr().out == page(CHECKS)
    assert json.dumps(COMMAND).endswith('.github/RULES.md"')
