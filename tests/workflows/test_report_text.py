"""What a person reads of a local check."""

import pytest

from workflows.report import weights_entry
from workflows.report_text import advice, costs, headline, tensor_words, weights_lines

PASSED = {"outcome": "passed", "message": "good", "detail": ""}
FAILED = {"outcome": "failed", "message": "bad", "detail": "\n".join(map(str, range(30)))}
SKIPPED = {"outcome": "skipped", "message": "no", "detail": ""}
ERRORED = {"outcome": "errored", "message": "our fault", "detail": ""}
TENSOR = {
    "name": "mask", "kind": "float", "produced_dtype": "float32", "produced_shape": [1, 8, 9], "outcome": FAILED, "elements": 72,
    "mismatch_ppm": 0.381, "max_abs": 0.25, "max_rel": "Infinity", "nan": 0, "inf": 0,
}  # fmt: skip


def entry(loads=PASSED, runs=PASSED, reproduces=PASSED, **more):
    return (
        weights_entry("onnx", "again") | {"loads": loads, "runs": runs, "reproduces": reproduces, "tensors": []} | more
    )


def test_a_block():
    full = entry(
        reproduces=FAILED,
        tensors=[TENSOR],
        seconds={"import": 1.234567, "load": 0.1, "first_run": 0.02, "steady": 0.004, "other": 9},
        peak_memory_bytes=300 * 2**20,
        checks=[{"name": "varies", "outcome": PASSED}],
        warnings=["old operator"],
        versions={"numpy": "2"},
    )
    lines = list(weights_lines([full, entry()], []))
    assert lines == [
        "onnx: does not reproduce",
        "    loads: passed: good",
        "    runs: passed: good",
        "    reproduces: failed: bad",
        *(f"        | {number}" for number in range(18, 30)),
        "    took: import 1.23 s, load 0.1 s, first run 0.02 s, steady 0.004 s, 300 MiB of memory",
        "    output: `mask` (float, float32, 1x8x9): failed, 0.38 ppm differ, largest absolute error 0.25, largest relative",
        "        error Infinity",
        "    varies: passed: good",
        "    warning: old operator",
        "    to do: make the test output again with exactly these weights and the declared pre- and postprocessing, or upload",
        "        the weights that made it; --keep DIR writes what they give here",
        "    repeat: again",
        "",
        "onnx: reproduces",
        "    loads: passed: good",
        "    runs: passed: good",
        "    reproduces: passed: good",
        "    repeat: again",
    ]


def test_formats_against_each_other():
    lines = list(weights_lines([entry()], [{"outcome": FAILED}, {"outcome": PASSED}]))
    assert lines[-4:] == ["", "formats against each other", "    failed: bad", "    passed: good"]


@pytest.mark.parametrize(
    ("answers", "words", "todo"),
    [
        ((PASSED, PASSED, PASSED), "reproduces", ""),
        (
            (FAILED, SKIPPED, SKIPPED),
            "does not load",
            "load the weights yourself with torch 2, numpy 1, save them again",
        ),
        ((PASSED, FAILED, SKIPPED), "does not run", "run the model on its own test input with torch 2, numpy 1"),
        ((PASSED, PASSED, FAILED), "does not reproduce", "make the test output again with exactly these weights"),
        ((SKIPPED, SKIPPED, SKIPPED), "not tried", ""),
        ((ERRORED, SKIPPED, SKIPPED), "not answered", "nothing in the model: what runs it is at fault"),
        ((PASSED, ERRORED, SKIPPED), "not answered", "nothing in the model: what runs it is at fault"),
        ((PASSED, PASSED, ERRORED), "not answered", "nothing in the model: the judge is at fault"),
    ],
)
def test_the_whole_in_a_few_words_and_what_to_do(answers, words, todo):
    one = entry(*answers, versions={"torch": "2", "numpy": "1"})
    assert headline(one) == words
    assert advice(one).startswith(todo)
    assert bool(advice(one)) is bool(todo)


def test_what_reproduces_may_fail_at_more():
    asked = [{"name": "varies", "outcome": FAILED}, {"name": "smallest", "outcome": SKIPPED}]
    assert headline(entry(checks=asked)) == "reproduces, but failed: varies"
    assert headline(entry(reproduces=FAILED, checks=asked)) == "does not reproduce"


def test_a_tolerance_above_the_ceiling_has_its_own_advice():
    eyes = FAILED | {"message": "output `x`: reproduces only within 0.05 (declared: atol 1e+09): for human eyes"}
    assert advice(entry(reproduces=eyes)).startswith("lower the declared tolerance")


def test_a_tensor_that_is_not_there_or_not_finite():
    absent = {"produced_dtype": "", "produced_shape": None, "elements": 0, "max_abs": None, "max_rel": None}
    assert tensor_words(TENSOR | absent) == "`mask` (float, no type, no shape): failed"
    assert tensor_words(TENSOR | {"produced_shape": [], "nan": 1200, "inf": 1}).endswith(", 1,200 NaN, 1 infinite")


def test_what_is_not_known_costs_nothing():
    assert costs(entry(seconds={}, peak_memory_bytes=None)) == ""
