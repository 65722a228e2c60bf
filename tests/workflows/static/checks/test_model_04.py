"""Time, documentation and older fields of a 0.4 model."""

import pytest

from tests.workflows.static.full_04 import found, lines, said

TIME = "timestamp: '2024-01-02T03:04:05Z'"
PARENT = "parent:\n  id: ambitious-sloth\n  version_number: 1\n"
VERSION = "format_version: 0.4.10"


@pytest.mark.parametrize(
    ("moment", "what"),
    [
        ("'2023-02-29T00:00:00Z'", "`timestamp` '2023-02-29T00:00:00Z' is day 29 of 2023-02, which does not exist."),
        ("2023-02-30", "`timestamp` '2023-02-30' is day 30 of 2023-02, which does not exist."),
        ("2023-366T10", "`timestamp` '2023-366T10' is day 366 of 2023, which does not exist."),
        ("2023-W53-1", "`timestamp` '2023-W53-1' is week 53 of 2023, which does not exist."),
        ("'0000-01-01'", "`timestamp` '0000-01-01' is the year 0000, which does not exist."),
    ],
)
def test_a_day_that_there_is_not(moment, what):
    assert [one[:3] for one in said((TIME, f"timestamp: {moment}"))] == [("error", "/timestamp", what)]


@pytest.mark.parametrize("moment", ["2024-01-02  # as far as we know", "2024-01-02"])
def test_a_bare_date_is_a_day_without_a_time(moment):
    ((level, pointer, message, _),) = said((TIME, f"timestamp: {moment}"))
    assert (level, pointer, message) == ("error", "/timestamp", "`timestamp` 2024-01-02 is a day without a time.")
    assert lines((TIME, f"timestamp: {moment}"))[0].startswith("timestamp: '2024-01-02T00:00:00Z'")


@pytest.mark.parametrize(
    "moment",
    [
        "'2024-01-02'",
        "2024-02-29T10:20:30.5+01:00",
        "2024-01-02 10:20:30",
        "'20240102T102030Z'",
        "2024-W01-1",
        "2024-060",
        "'2024-01'",
    ],
)
def test_moments_that_there_are(moment):
    assert found((TIME, f"timestamp: {moment}")) == []


@pytest.mark.parametrize("moment", ["yesterday", "02.01.2024", "2024-13-01T00:00:00", "2024-01-02T25:00", "{}"])
def test_what_is_no_moment_is_told_by_the_schema(moment):
    assert [(one.rule, one.pointer) for one in found((TIME, f"timestamp: {moment}"))] == [("wrong-value", "/timestamp")]


def test_documentation_is_markdown():
    assert said(("documentation: README.md", "documentation: https://example.com/train.ipynb")) == [
        (
            "policy",
            "/documentation",
            "`documentation` 'https://example.com/train.ipynb' is no .md file.",
            "Write it in Markdown, best as README.md.",
        )
    ]
    told = found(
        ("documentation: README.md", "documentation: https://zenodo.org/api/records/1/files/README.md/content")
    )
    assert [one for one in told if one.rule == "documentation"] == []


@pytest.mark.parametrize(
    ("version", "parent", "level", "pointer"),
    [
        ("0.4.4", "parent:\n  uri: https://example.com/rdf.yaml\n", "error", "/parent/uri"),
        ("0.4.5", "parent:\n  uri: https://example.com/rdf.yaml\n", "warning", "/parent"),
        ("0.4.10", "parent: {uri: 1}\n", "warning", "/parent/uri"),
        ("0.4.10", "parent: {id: x, sha256: abc}\n", "warning", "/parent/sha256"),
        ("0.4.4", "parent: {}\n", "warning", "/parent"),
        ("0.4.10", "parent: null\n", None, None),
    ],
)
def test_the_parent_model(version, parent, level, pointer):
    told = [one[:2] for one in said((VERSION, f"format_version: {version}"), (PARENT, parent), rule="parent-model")]
    assert told == ([(level, pointer)] if level else [])


def test_run_modes_that_nobody_knows():
    ((level, pointer, message, _),) = said(("name: deepimagej", "name: turbo"))
    assert (level, pointer) == ("warning", "/run_mode/name")
    assert message == "`run_mode.name` 'turbo' is known to few programs; they may refuse the model."


def test_dependencies_moved():
    changes = [(VERSION, "format_version: 0.4.0\ndependencies: conda:environment.yaml")]
    assert said(*changes, rule="old-field") == [
        (
            "warning",
            "/dependencies",
            "`dependencies` is no longer written.",
            "Move it below `weights.pytorch_state_dict`.",
        )
    ]
    assert [
        one.rule for one in found((VERSION, VERSION + "\ndependencies: conda:environment.yaml")) if one.level == "error"
    ] == ["wrong-value"]


def test_badges_are_of_other_resources():
    told = found((VERSION, VERSION + "\nbadges: [{label: x, url: https://example.com}]"))
    assert [(one.level, one.message) for one in told] == [
        ("error", "`badges` does not belong here in format version '0.4.10'.")
    ]


def test_what_the_data_is_trained_on():
    linked = "training_data:\n  id: zero/cells\n  version_number: 2\n"
    assert (
        found((linked, "training_data: {name: Cells, description: Many., license: MIT, authors: [{name: Ada}]}\n"))
        == []
    )
    told = found((linked, "training_data:\n  name: Cells\n  descripton: Many.\n"))
    assert [(one.pointer, one.suggestion and one.suggestion.text) for one in told if one.level == "error"] == [
        ("/training_data/descripton", "  description: Many.")
    ]
