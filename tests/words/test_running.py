"""Figures and names around a test run, as they are said."""

from dataclasses import replace

import pytest

from bot.words import running
from tests.fakes.failing import failing_report
from tests.fakes.golden import golden


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (214_776, "215 kB"), (999_600, "1 MB"), (5 * 10**15, "5e+03 TB")],
)
def test_sizes(size, said):
    assert running.bytes_said(size) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(None, "–"), (0.0, "0.000 s"), (0.0614, "0.061 s"), (1.0, "1.0 s"), (1234.56, "1,234.6 s")]
)
def test_seconds(seconds, said):
    assert running.seconds_said(seconds) == said


@pytest.mark.parametrize(("value", "said"), [(None, "–"), ("NaN", "NaN"), (0.18239, "0.1824"), (3, "3")])
def test_figures(value, said):
    assert running.number(value) == said


def test_a_check_is_told_by_name_and_a_failed_one_by_its_own_sentence():
    check = failing_report().weights[0].checks[3]
    assert running.check_said(check) == "next declared input size: the time for further runs was over"
    failed = replace(check, outcome=replace(check.outcome, outcome="failed"))
    assert running.check_said(failed) == "the time for further runs was over"
    silent = replace(failed, outcome=replace(failed.outcome, message=" "))
    assert running.check_said(silent) == "next declared input size"
    assert running.check_said(replace(silent, name="<b>")) == "\\<b\\>"


def test_formats_are_compared_in_the_judge_words_or_in_figures():
    comparison = failing_report().comparisons[1]
    assert running.comparison_said(comparison).startswith(
        "onnx and torchscript differ on mirrored inputs: output `nuclei`"
    )
    silent = replace(comparison, outcome=replace(comparison.outcome, message=""))
    assert running.comparison_said(silent) == (
        "`onnx` and `torchscript` on mirrored inputs: largest difference 0.1702, 187,500 ppm of the elements differ"
    )
    assert "on @\u200ball:" in running.comparison_said(replace(silent, run="@all"))


def test_an_output_that_is_as_it_should_be_needs_no_remark():
    assert running.remarks(failing_report().weights[0].tensors[0]) == []


def test_versions_are_in_the_order_of_their_names():
    assert running.versions_said({"torch": "2.13.0", "numpy": "2.4.6"}) == "`numpy 2.4.6`, `torch 2.13.0`"


def test_the_branch_says_what_it_is():
    golden("evidence_branch", running.branch_readme())
    assert "[" not in running.branch_message()
