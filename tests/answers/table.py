"""Which samples are asked, how they are spoiled, and what has to be answered: data, and the table for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.samples import spoil

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FINE = ("passed", "passed", "passed")
WRONG = ("passed", "passed", "failed")
AT_LOAD = ("failed", "skipped", "skipped")
QUESTIONS = ("loads", "runs", "reproduces")

SAMPLES: Mapping[str, str] = {
    "good": "onnx",
    "external-data": "onnx",
    "torchscript": "torchscript",
    "state-dict-04": "pytorch_state_dict",
    "state-dict-05": "pytorch_state_dict",
    "keras-h5": "keras_hdf5",
    "keras-h5-old": "keras_hdf5",
    "keras-v3": "keras_v3",
    "saved-model-04": "tensorflow_saved_model_bundle",
    "saved-model-two": "tensorflow_saved_model_bundle",
    "tfjs-05": "tensorflow_js",
    "tfjs-zip": "tensorflow_js",
}
"""Kind of sample (tests/samples/kinds.py) to the weight format that it is asked about."""


@dataclass(frozen=True)
class Variant:
    """One way to spoil a sample, and what has to be answered then."""

    name: str
    spoil: Callable[[Path, str], object]
    answers: tuple[str, str, str]


VARIANTS = (
    Variant("right", lambda _folder, _weight_format: None, FINE),
    Variant("wrong output", lambda folder, _weight_format: spoil.wrong_output(folder), WRONG),
    Variant("wrong shape", lambda folder, _weight_format: spoil.wrong_shape(folder), WRONG),
    Variant("garbage weights", spoil.broken_weights, AT_LOAD),
    Variant("half of the weights", lambda folder, name: spoil.broken_weights(folder, name, truncated=True), AT_LOAD),
)


@dataclass(frozen=True)
class Cell:
    """One sample in one variant."""

    kind: str
    variant: Variant

    @property
    def weight_format(self) -> str:
        """The format that is asked about."""
        return SAMPLES[self.kind]

    @property
    def name(self) -> str:
        """For a folder and a test."""
        return f"{self.kind}-{self.variant.name.replace(' ', '-')}"


CELLS = tuple(Cell(kind, variant) for kind in SAMPLES for variant in VARIANTS)
