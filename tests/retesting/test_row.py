"""A report as a row: rules and formats, what is told first, what may be remembered."""

from __future__ import annotations

import pytest

from bot.records.verdict import report
from bot.retesting.row import MESSAGE, STATES, as_json, from_json, gone, row, same_content, unknown
from tests.retesting import workshop
from tests.retesting.rows import made
from tests.retesting.test_accepted import version


def row_of(levels, *, weights=("onnx",), content="0" * 64, **changed):
    data = workshop.report(content, levels) | changed
    return row(version(weights=list(weights)), report(data), 2.5)


def test_a_row_has_the_rules_and_every_format():
    found = row_of({"onnx": "reproduces", "keras_hdf5": "runs"}, weights=("onnx", "keras_hdf5"))
    assert found.levels() == {"rules": "passes", "onnx": "reproduces", "keras_hdf5": "runs"}
    assert (found.id, found.version, found.seconds, found.tested) == ("calm-seal", "7", 2.5, "0" * 64)


def test_broken_rules_are_a_cell_of_their_own():
    found = row_of({"onnx": "reproduces", "rules": "fails"})
    assert (found.state, found.worst.column, found.worst.message) == (
        "failing",
        "rules",
        "`MTI` is not an SPDX identifier.",
    )
    assert found.levels()["onnx"] == "reproduces"


def test_further_findings_are_counted():
    finding = workshop.report("0" * 64, {"rules": "fails"})["findings"][0]
    found = row_of({"onnx": "reproduces"}, findings=[finding] * 3, findings_left_out=4)
    assert found.worst.message.endswith("And 6 more findings.")


def test_a_format_that_the_report_does_not_have_was_not_run():
    found = row_of({}, weights=("onnx",), outcome="failed", message="The zip is broken.")
    assert [(cell.level, cell.message) for cell in found.cells][1] == ("skipped", "Not run. The zip is broken.")
    assert found.state == "failing"


def test_a_report_that_errored_as_a_whole_is_nobody_s_verdict():
    found = row_of({}, outcome="errored", message="No engine.")
    assert set(found.levels().values()) == {"errored"}
    assert {cell.message for cell in found.cells} == {"No engine."}


def test_one_format_that_errored_leaves_the_others_their_level():
    found = row_of({"onnx": "reproduces", "torchscript": "errored"}, weights=("onnx", "torchscript"))
    assert found.levels() == {"rules": "passes", "onnx": "reproduces", "torchscript": "errored"}
    assert found.state == "errored"


@pytest.mark.parametrize(
    ("levels", "state"),
    [
        ({"rules": "passes"}, "right"),  # a dataset
        ({"rules": "passes", "onnx": "reproduces", "keras_v3": "skipped"}, "right"),
        ({"rules": "passes", "onnx": "skipped"}, "failing"),
        ({"rules": "passes", "onnx": "reproduces", "keras_v3": "reproduces only within"}, "failing"),
        ({"rules": "fails"}, "failing"),
        ({"rules": "errored", "onnx": "errored"}, "errored"),
    ],
)
def test_the_state_of_a_row(levels, state):
    assert made(**levels).state == state


def test_worse_than_before_comes_before_everything():
    found = made(rules="passes", onnx="runs", keras_v3="errored", before={"onnx": "reproduces"})
    assert (found.state, found.worst.column, found.worst.words) == ("worse", "onnx", "runs (was: reproduces)")


def test_rows_stand_in_the_order_of_their_trouble():
    rows = [
        made("d", rules="passes", onnx="reproduces"),
        made("c", rules="passes", onnx="runs"),
        made("b", rules="passes", onnx="fails"),
        made("e", rules="errored", onnx="errored"),
        made("z", rules="passes", onnx="loads", before={"onnx": "reproduces"}),
        made("a", rules="passes", onnx="reproduces"),
    ]
    assert [one.id for one in sorted(rows, key=lambda one: one.place)] == ["z", "e", "b", "c", "a", "d"]
    assert STATES[0] == "worse"


@pytest.mark.parametrize(
    ("tested", "known", "same"),
    [("a" * 64, "a" * 64, True), ("b" * 64, "a" * 64, False), ("b" * 64, None, True), (None, None, False)],
)
def test_only_the_accepted_content_is_remembered(tested, known, same):
    from dataclasses import replace

    assert same_content(replace(version(), known=known), replace(made(rules="passes"), tested=tested)) is same


def test_a_record_that_is_gone_fails_and_its_weights_were_not_run():
    found = gone(version(weights=["onnx", "torchscript"]))
    assert found.levels() == {"rules": "fails", "onnx": "skipped", "torchscript": "skipped"}
    assert "is not open in the archive any more" in found.worst.message
    assert not same_content(version(), found)


def test_trouble_of_ours_is_errored_in_every_cell():
    found = unknown(version(weights=["onnx"]), "The work side\nis gone.", 1.0)
    assert found.levels() == {"rules": "errored", "onnx": "errored"}
    assert found.worst.message == "The work side is gone."


def test_texts_are_one_line_without_controls_and_cut():
    hostile = "a\x1b[31m\u202e\n" + "x" * 900
    found = row_of({}, outcome="failed", message=hostile)
    text = found.cells[1].message
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\n" not in text
    assert len(text) == MESSAGE


def test_a_row_comes_back_from_json():
    found = made(rules="passes", onnx="runs", message="why", before={"onnx": "reproduces"})
    assert from_json(as_json(found)) == found
    assert as_json(found)["state"] == "worse"
