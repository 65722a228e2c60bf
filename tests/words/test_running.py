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


def test_names_of_checks_and_runs_are_words_and_unknown_ones_are_text():
    assert running.check_name("varies") == "mirrored and noised inputs"
    assert running.check_name("<b>") == "\\<b\\>"
    comparison = failing_report().comparisons[1]
    assert running.pair(comparison) == "`onnx` and `torchscript` on mirrored inputs"
    assert running.pair(replace(comparison, run="@all")).endswith("on @\u200ball")


def test_an_output_that_is_as_it_should_be_needs_no_remark():
    assert running.remarks(failing_report().weights[0].tensors[0]) == []


def test_versions_are_in_the_order_of_their_names():
    assert running.versions_said({"torch": "2.13.0", "numpy": "2.4.6"}) == "`numpy 2.4.6`, `torch 2.13.0`"


def test_the_branch_says_what_it_is():
    golden("evidence_branch", running.branch_readme())
    assert "[" not in running.branch_message()
