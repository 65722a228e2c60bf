"""Counts, exit code, columns, JSON that fits its schema, the table, and how long it will take."""

from __future__ import annotations

import json
import re

import pytest

from bot import plain_json
from bot.retesting.levels import LEVELS
from bot.retesting.pace import about, seconds_left
from bot.retesting.result import FORMATS, result_json
from bot.retesting.table import found, plain
from tests.retesting.rows import made, many, results


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (made(rules="passes", onnx="reproduces"), 0),
        (made(rules="passes", onnx="reproduces", before={"onnx": "fails"}), 0),
        (made(rules="passes", onnx="fails", before={"onnx": "fails"}), 0),
        (made(rules="passes", onnx="fails"), 0),
        (made(rules="passes", onnx="runs", before={"onnx": "reproduces"}), 1),
        (made(rules="fails", onnx="reproduces", before={"rules": "passes"}), 1),
        (made(rules="errored", onnx="errored"), 1),
    ],
)
def test_the_command_ends_with_1_where_something_is_worse_or_errored(row, code):
    assert results(made("other", rules="passes", onnx="reproduces"), row).code == code


def test_nothing_at_all_is_no_failure():
    empty = results()
    assert (empty.code, empty.words, empty.columns) == (0, "0 entries: nothing to test", ("rules",))
    assert plain(empty) == "0 entries: nothing to test.\n"


def test_only_formats_that_occur_are_columns_in_one_order():
    rows = made(rules="passes", keras_v3="reproduces"), made("b", rules="passes", onnx="reproduces")
    assert results(*rows).columns == ("rules", "onnx", "keras_v3")


@pytest.mark.parametrize("size", [0, 1, 200])
def test_the_json_fits_its_schema(size):
    found_ = many(size)
    data = plain_json.validate(json.loads(json.dumps(result_json(found_))), "retest")
    assert [entry["state"] for entry in data["entries"]] == [row.state for row in found_.rows]
    assert sum(data["counts"].values()) == size


def test_the_schema_knows_the_levels_and_formats_of_the_code():
    from importlib import resources

    schema = json.loads(resources.files("schemas").joinpath("retest.schema.json").read_text())
    assert schema["$defs"]["level"]["enum"] == [level.name for level in LEVELS]
    assert schema["$defs"]["column"]["enum"] == ["rules", *FORMATS]
    report = json.loads(resources.files("schemas").joinpath("report.schema.json").read_text())
    assert set(report["$defs"]["weights"]["properties"]["format"]["enum"]) == set(FORMATS)


def test_the_table_has_newly_failing_ones_first_and_says_what_they_were():
    rows = (
        made("a-right", rules="passes", onnx="reproduces"),
        made("b-fails", rules="passes", onnx="fails", message="No file."),
        made(
            "c-worse",
            rules="passes",
            onnx="runs",
            keras_v3="reproduces",
            message="It differs.",
            before={"onnx": "reproduces"},
        ),
    )
    lines = plain(results(*rows)).splitlines()
    assert [re.split(r"  +", line) for line in lines] == [
        ["entry", "version", "state", "found", "why"],
        [
            "c-worse",
            "7",
            "worse",
            "runs (was: reproduces): onnx; passes: rules; reproduces: keras_v3",
            "onnx: It differs.",
        ],
        ["b-fails", "7", "failing", "fails: onnx; passes: rules", "onnx: No file."],
        ["a-right", "7", "right", "passes: rules; reproduces: onnx"],
        ["3 entries: 1 worse than before, 1 failing, 1 right."],
    ]
    assert lines[0].index("why") == lines[1].index("onnx: It") == lines[2].index("onnx: No")


def test_what_became_better_is_said_too():
    row = made(rules="passes", onnx="reproduces", before={"onnx": "loads"})
    assert found(row) == "passes: rules; reproduces (was: loads): onnx"
    assert row.state == "right"


@pytest.mark.parametrize(
    ("taken", "remaining", "workers", "left"),
    [([], 5, 4, None), ([10.0, 20.0], 8, 4, 30.0), ([10.0], 1, 4, 10.0), ([10.0], 0, 4, 0.0), ([6.0], 3, 1, 18.0)],
)
def test_the_time_left_is_learned_from_this_run(taken, remaining, workers, left):
    assert seconds_left(taken, remaining, workers) == left


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.2, "about 1 s left"),
        (59, "about 59 s left"),
        (840, "about 14 min left"),
        (5400, "about 1.5 h left"),
    ],
)
def test_the_time_left_in_words(seconds, text):
    assert about(seconds) == text
