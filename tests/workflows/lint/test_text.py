"""The text that people read, exactly."""

import pytest

from tests.workflows.lint.helpers import ADVICE, FLOOR, UNKNOWN, WHOLE, judged
from workflows.lint.judged import Tally, tally_of, total
from workflows.lint.text import colours, file_text, no_colours, summary
from workflows.static.finding import Finding, Suggestion

ASK = "those were not looked at (--files always asks for them).\n"


def said(*findings, **named):
    return file_text(judged(*findings, **named), no_colours)


def test_a_file_without_findings_says_nothing():
    assert said() == ""


def test_the_line_that_is_wrong_and_the_one_that_would_be_right():
    assert said(UNKNOWN) == (
        "folder/rdf.yaml:2:1: error: 'licence' is no field that is known. [unknown-field]\n"
        "    2 - licence: MIT\n"
        "      | ^\n"
        "      + license: MIT\n"
        "  fix: Did you mean `license`?\n\n"
    )


def test_what_is_missing_at_the_top_or_has_no_line_shows_no_line():
    assert said(ADVICE, WHOLE) == (
        "folder/rdf.yaml:1:1: warning: There is no cover picture. [covers]\n  fix: Add one.\n\n"
        "folder/rdf.yaml: error: The file is not a mapping. [not-a-mapping]\n  fix: Begin it with 'type: model'.\n\n"
    )


def test_what_a_terminal_would_obey_is_spelled_out_and_the_caret_stands_right():
    assert said(FLOOR, file="a\x1b[31m.yaml") == (
        "a\\x1b[31m.yaml:3:8: policy: It is older, 100%: 0.4.0,\\x0athan \\u202etaken. [format-version]\n"
        "    3 | name: \\u202ex yz\n"
        "      |             ^\n\n"
    )


def test_wide_characters_take_two_columns():
    finding = Finding("error", "r", "/name", "m", "", None, 1, 9)
    assert said(finding, text="name: 細胞x\n").splitlines()[1:3] == ["    1 | name: 細胞x", "      |           ^"]


def test_long_lines_are_cut_around_the_column():
    finding = Finding("error", "sha256", "/weights/onnx/source", "m", "", None, 7, 200)
    row, caret = said(finding).splitlines()[1:3]
    assert row == "    7 | …" + "a" * 100 + "…"
    assert caret == "      | " + " " * 51 + "^"


def test_lines_that_stay_are_told_apart_from_new_ones():
    suggestion = Suggestion(6, 6, "  onnx:\n    sha256: abc")
    finding = Finding("warning", "sha256-missing", "/weights/onnx", "No hash.", "Add it.", suggestion, 6, 3)
    assert said(finding).splitlines()[1:] == [
        "    6 |   onnx:", "      |   ^", "      +     sha256: abc", "  fix: Add it.", "",
    ]  # fmt: skip


def test_a_suggestion_elsewhere_is_shown_beside_the_line_of_the_finding():
    finding = Finding("error", "r", "/type", "m", "", Suggestion(5, 6, "\n".join(f"x{n}" for n in range(12))), 1, 1)
    assert said(finding).splitlines()[1:] == [
        "    1 | type: dataset", "      | ^", "    5 - weights:", "    6 -   onnx:",
        *(f"      + x{number}" for number in range(8)), "      | … and 4 more lines", "",
    ]  # fmt: skip


def test_of_very_many_findings_the_first_are_told():
    lines = said(*[ADVICE] * 103).splitlines()
    assert lines.count("  fix: Add one.") == 100
    assert lines[-2:] == ["folder/rdf.yaml: 3 more findings", ""]


def test_colours_change_nothing_but_the_colours():
    with_colours = file_text(judged(UNKNOWN, FLOOR), colours)
    assert "\x1b[31merror\x1b[0m" in with_colours
    plain = with_colours
    for code in ("31", "32", "33", "36", "1", "2", "0"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert plain == said(UNKNOWN, FLOOR)
    assert colours("red", "") == ""


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(1), "1 file, nothing to change\n"),
        (Tally(3, 1, 2, 1, 4), "3 files, 1 invalid: 2 errors, 1 policy finding, 4 warnings\n"),
        (Tally(2, warnings=1), "2 files: 1 warning\n"),
        (Tally(unusable=1), ""),
        (
            Tally(1, lone=1),
            f"One file names files that do not lie beside it; {ASK}1 file, nothing to change\n",
        ),
        (
            Tally(10_000, lone=2_000),
            f"2,000 files name files that do not lie beside them; {ASK}10,000 files, nothing to change\n",
        ),
    ],
)
def test_the_last_line_counts(tally, words):
    assert summary(tally) == words


def test_the_sum_over_files():
    one = tally_of(judged(UNKNOWN, FLOOR, ADVICE, lone=True))
    assert one == Tally(1, 1, 1, 1, 1, 1)
    assert tally_of(judged(FLOOR)) == Tally(1, 0, 0, 1)
    assert total([one, one, Tally(unusable=1)]) == Tally(2, 2, 2, 2, 2, 2, 1)
