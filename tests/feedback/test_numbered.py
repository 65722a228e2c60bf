"""The numbered list: what each number writes, and how to take it."""

from dataclasses import replace

from bot.feedback.numbered import numbered
from bot.records.verdict import Suggestion
from tests.fakes import markdown
from tests.fakes.facts import finding, verdict
from tests.fakes.golden import golden


def report(*suggestions):
    findings = (finding(n, suggestion=suggestion) for n, suggestion in enumerate(suggestions, 1))
    return replace(verdict("failed"), findings=tuple(findings))


THREE = report(Suggestion(1, 1, "license: MIT"), None, Suggestion(3, 5, "cite:\n- text: a ``` b"), Suggestion(7, 8, ""))


def test_the_list_is_the_golden_one():
    golden("suggestions", "\n\n".join(numbered(THREE, local=True)))


def test_the_list_of_a_fork_is_the_golden_one():
    golden("suggestions_in_fork", "\n\n".join(numbered(THREE, local=False)))


def test_without_suggestions_there_is_no_list():
    assert numbered(report(None), local=True) == []


def test_numbers_of_two_and_three_digits_keep_their_blocks():
    found = report(*(Suggestion(n, n, f"- `a`\n  b: {n}") for n in range(1, 121)))
    shown = list(markdown.tokens("\n\n".join(numbered(found, local=True))))
    assert [t.type for t in shown].count("ordered_list_open") == 1
    assert [t.type for t in shown].count("list_item_open") == 120
    assert [t.content for t in shown if t.type == "fence"] == [f"- `a`\n  b: {n}\n" for n in range(1, 121)]


def test_hostile_replacements_stay_in_their_blocks():
    hostile = "```\n\n# Out\n@ada <b> \u202egnp\n   ```\n</details>"
    text = "\n\n".join(numbered(report(Suggestion(1, 1, hostile), Suggestion(2, 2, "x")), local=True))
    assert markdown.escapes(text) == []
    assert len([t for t in markdown.tokens(text) if t.type == "list_item_open"]) == 2
