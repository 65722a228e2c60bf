"""What of the recipe needs no library of the boxes; the rest is in the runs of real models."""

import math
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from workflows.dynamic import pipeline, processing


class Measure(NamedTuple):
    """A statistic of that tensor."""

    member_id: str


def test_a_refused_description_in_words():
    errors = [SimpleNamespace(loc=("weights", "onnx"), msg="Field required")] * 4
    summary = SimpleNamespace(details=[SimpleNamespace(errors=errors)])
    words = pipeline.refusal(SimpleNamespace(validation_summary=summary))
    assert words == "; ".join(["weights.onnx: Field required"] * 3)
    summary = SimpleNamespace(details=[])
    assert pipeline.refusal(SimpleNamespace(validation_summary=summary)) == "no reason given"


@pytest.mark.parametrize(
    ("tensor", "expected"),
    [
        (SimpleNamespace(data_range=(0.0, 255.0)), (0.0, 255.0)),
        (SimpleNamespace(data_range=None), (-math.inf, math.inf)),
        (SimpleNamespace(data=SimpleNamespace(range=(None, 1))), (-math.inf, 1.0)),
        (SimpleNamespace(data=[SimpleNamespace(range=(0, 1))] * 2), (-math.inf, math.inf)),
        (SimpleNamespace(data=SimpleNamespace(values=["a", "b"])), (-math.inf, math.inf)),
    ],
)
def test_the_span_that_an_input_declares(tensor, expected):
    assert pipeline.spans(SimpleNamespace(inputs=[tensor])) == [expected]


def test_which_statistics_are_an_outputs():
    step = SimpleNamespace(required_measures=(Measure("raw"), Measure("probability")))
    assert processing.of_outputs(step, frozenset({"probability"})) == {Measure("probability")}
