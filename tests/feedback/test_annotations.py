"""Findings as notes on lines, and the verdict of a commit in one line."""

from dataclasses import replace

import pytest

from bot.feedback.annotations import headline, line_notes, mark
from bot.feedback.labels import with_stage
from bot.records.stage import Stage
from bot.records.verdict import Outcome
from tests.fakes.facts import HEAD, PLACE, finding, verdict


def test_notes_stand_on_the_lines_of_the_entry_in_order():
    report = replace(
        verdict("failed"),
        findings=(
            finding(9, level="warning", rule="cover", message="A cover\u202e helps.", fix=""),
            finding(2, level="policy"),
            finding(2, rule="doi"),
            finding(1, line=None),
        ),
    )
    notes = line_notes(report, PLACE)
    assert [(n.start_line, n.end_line, n.level, n.title) for n in notes] == [
        (2, 2, "failure", "doi"),
        (2, 2, "failure", "license"),
        (9, 9, "warning", "cover"),
    ]
    assert {n.path for n in notes} == {"collection/entries/brave-otter/1001/rdf.yaml"}
    assert notes[1].message == "`MTI2` is not an SPDX identifier.\nWrite `MIT`."
    assert notes[2].message == "A cover helps."


@pytest.mark.parametrize(
    ("outcome", "conclusion"), [("passed", "success"), ("failed", "failure"), ("errored", "neutral")]
)
def test_the_mark_says_the_verdict_on_its_commit(outcome, conclusion):
    made = mark(replace(verdict(outcome), message="said\u202e"), HEAD, "0123456789ab")
    assert (made.sha, made.conclusion, made.external_id, made.summary) == (HEAD, conclusion, "0123456789ab", "said")
    assert made.title == headline(verdict(outcome))


def test_the_headline_counts_what_is_to_be_changed_and_names_what_did_not_reproduce():
    failed = verdict("failed")
    assert headline(failed) == "1 thing to change; onnx not reproduced"
    assert headline(replace(failed, findings=(finding(1), finding(2)), weights=())) == "2 things to change"
    assert headline(replace(failed, findings=())) == "onnx not reproduced"
    assert headline(replace(failed, findings=(), weights=())) == "Not passed"


def test_the_headline_of_a_pass_names_what_reproduced():
    passed = verdict("passed")
    skipped = replace(passed.weights[0], reproduces=Outcome("skipped", "needs GPU", ""))
    assert headline(passed) == "onnx reproduced"
    assert headline(replace(passed, weights=(skipped,))) == "All checks passed"
    assert headline(verdict("errored")) == "The check could not be completed"


def test_one_stage_label_at_a_time_and_others_untouched():
    assert with_stage({"checking", "needs changes", "zebra", "bug"}, Stage.MERGED) == ("bug", "merged", "zebra")
    assert with_stage((), Stage.CHECKING) == ("checking",)
