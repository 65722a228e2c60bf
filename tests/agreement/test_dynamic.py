"""Our runs of models and the bare `bioimageio test`: one verdict, or a difference that is listed, each proven by a case."""

import dataclasses

import numpy as np
import pytest

from tests.agreement.corpus import JOB_PYTHON
from tests.agreement.differences import ANYWHERE, DIFFERENCES
from tests.agreement.dynamic.compare import Row, compared, lines
from tests.agreement.dynamic.environments import ONNX_TORCH
from tests.agreement.dynamic.sides import Bare, Ours, command_line
from tests.agreement.dynamic.variants import OFF

pytestmark = pytest.mark.skipif(bool(ONNX_TORCH.missing), reason=ONNX_TORCH.missing)
BY_COMMAND = (
    ("own 0.4", "as it is"),
    ("own 0.4", "output off by 0.05"),
    ("own 0.4", "expected NaN"),
    ("graph 0.5", "sizes that it refuses"),
)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Every case that needs no image, with both answers."""
    return compared(ONNX_TORCH, tmp_path_factory.mktemp("agreement"))


def found(rows, model, variant, *formats):
    return [
        row
        for row in rows
        if (row.case.model, row.case.variant) == (model, variant) and (not formats or row.case.weight_format in formats)
    ]


def test_both_sides_agree_or_differ_as_listed(rows):
    unlisted = [row.case.name for row in rows if row.unlisted]
    assert unlisted == [], "\n".join(lines(rows))
    assert sum(row.agree for row in rows) > len(rows) / 2


@pytest.mark.parametrize("difference", ANYWHERE, ids=lambda one: one.name)
def test_every_listed_difference_is_proven(rows, difference):
    assert [row.case.name for row in rows if not row.agree and row.difference is difference]


def test_a_case_is_one_listed_difference_at_most(rows):
    apart = [row for row in rows if not row.agree]
    several = [row.case.name for row in apart if sum(one.is_it(row.bare, row.ours) for one in DIFFERENCES) > 1]
    assert several == []


def test_agreement_is_no_listed_difference(rows):
    assert [row.case.name for row in rows if row.agree and row.difference] == []


@pytest.mark.parametrize(("model", "variant"), BY_COMMAND)
def test_the_command_line_says_what_was_asked_in_one_process(rows, model, variant):
    (row,) = found(rows, model, variant, "onnx")
    assert command_line(str(JOB_PYTHON), row.case) == row.bare.verdict


def test_our_exit_code_says_whether_it_reproduces(rows):
    for variant, code in (("as it is", 0), ("output off by 0.05", 1)):
        assert {row.ours.exit_code for row in found(rows, "own 0.5", variant)} == {code}


@pytest.mark.realdata
@pytest.mark.parametrize("model", ["unet 0.4", "unet 0.5"])
def test_the_real_model_reproduces_in_every_format(rows, model):
    right = found(rows, model, "as it is")
    assert {row.case.weight_format for row in right} >= {"onnx"}
    for row in right:
        assert row.ours.answers == ("passed",) * 3
        assert row.ours.entry["tensors"][0]["max_abs"] < 5e-6
        assert row.bare.verdict == "passed"


@pytest.mark.realdata
@pytest.mark.parametrize("model", ["unet 0.4", "unet 0.5"])
def test_the_real_model_with_a_shifted_expectation_fails_by_the_shift(rows, model):
    shifted = found(rows, model, "output off by 0.05")
    assert len(shifted) == len(found(rows, model, "as it is"))
    for row in shifted:
        assert row.ours.answers == ("passed", "passed", "failed")
        (tensor,) = row.ours.entry["tensors"]
        assert tensor["max_abs"] == pytest.approx(OFF, abs=1e-5)
        assert (tensor["elements"], tensor["mismatched"], tensor["mismatch_ppm"]) == (512 * 512, 512 * 512, 1_000_000)
        worst = tensor["worst"]
        assert worst["expected"] - worst["produced"] == pytest.approx(OFF, abs=1e-5)
        assert row.bare.where == {"output"}


def test_statistics_of_an_output_are_not_blamed_on_the_contributor(rows):
    for version in ("0.4", "0.5"):
        (row,) = found(rows, f"own {version}", "statistics of an output", "onnx")
        assert "failed" not in row.ours.answers
        assert row.ours.answers[0] == "passed"


def test_one_in_a_million_is_tolerated_by_0_5_alone(rows):
    for count, version, answer in (
        ("1", "0.5", "passed"),
        ("90", "0.5", "passed"),
        ("200", "0.5", "failed"),
        ("1", "0.4", "failed"),
    ):
        (row,) = found(rows, f"graph {version}", f"{count} ppm off")
        assert (row.ours.answers[2], row.bare.verdict) == (answer, answer)
        assert row.ours.entry["tensors"][0]["mismatched"] == int(count)


def test_what_differs_and_is_not_listed_is_told(rows):
    (right,) = found(rows, "own 0.4", "as it is", "onnx")
    apart = dataclasses.replace(right, bare=Bare("valid-format", (("Reproduce test outputs (onnx)", "too large"),)))
    assert apart.unlisted
    text = "\n".join(lines([right, apart]))
    assert "DIFFERS, NOT LISTED" in text
    assert "one verdict for 1 of 2; 0 differ as listed" in text
    assert "not listed: own 0.4, as it is, onnx\n  bare: Reproduce test outputs (onnx): too large" in text


def test_errored_is_neither_passed_nor_failed(rows):
    (right,) = found(rows, "own 0.4", "as it is", "onnx")
    broken = {**right.ours.entry, "loads": {"outcome": "errored", "message": "ours", "detail": ""}}
    for status in ("passed", "failed"):
        assert Row(right.case, Bare(status, ()), Ours(broken, 1)).unlisted


def test_variants_change_what_they_say(rows):
    right, off, nan = (
        np.load(found(rows, "own 0.5", variant, "onnx")[0].case.folder / "probability.npy")
        for variant in ("as it is", "output off by 0.05", "one expected NaN")
    )
    assert np.allclose(off - right, OFF, atol=1e-6)
    assert np.isnan(nan).sum() == 1
