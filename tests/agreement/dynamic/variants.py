"""What is changed of a right model; the name says it, the function does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.agreement.dynamic.draft import Draft

OFF = 0.05
WITHIN = 4e-4
"""Less than the default tolerance of 1e-3."""


@dataclass(frozen=True)
class Variant:
    """One change; `formats` says whether it is tried for every weight format or for the first alone."""

    name: str
    change: Callable[[Draft], None]
    every_format: bool = False
    versions: tuple[str, ...] = ("0.4", "0.5")
    real: bool = False
    """Of the real model too, which takes longer."""


def nothing(model: Draft) -> None:
    """As it is."""


def shifted(by: float) -> Callable[[Draft], None]:
    return lambda model: model.expect(model.expected() + model.expected().dtype.type(by))


def element(value: float) -> Callable[[Draft], None]:
    """One element is expected to be something else."""

    def change(model: Draft) -> None:
        array = model.expected()
        array.flat[array.size // 2] = value
        model.expect(array)

    return change


def all_nan(model: Draft) -> None:
    model.expect(np.full_like(model.expected(), np.nan))


def smaller(model: Draft) -> None:
    model.expect(model.expected()[..., :32, :32])


def without_singletons(model: Draft) -> None:
    model.expect(model.expected().squeeze())


def as_float64(model: Draft) -> None:
    model.expect(model.expected().astype(np.float64))


def tolerant_of_anything(model: Draft) -> None:
    shifted(OFF)(model)
    model.configure(reproducibility_tolerance=[{"absolute_tolerance": 1e9}])


def formerly_tolerant_of_anything(model: Draft) -> None:
    """By the keywords of older files, which no rule of the peer bounds."""
    shifted(OFF)(model)
    model.configure(test_kwargs={name: {"absolute_tolerance": 1e9} for name in model.formats})


def first_match(loose: int) -> Callable[[Draft], None]:
    """Two entries that both fit; the one at `loose` would let the shift pass, and only the first counts."""

    def change(model: Draft) -> None:
        shifted(0.005)(model)
        entries = [{"absolute_tolerance": 1e-6, "relative_tolerance": 0}, {"absolute_tolerance": 1e-6}]
        entries[loose] = {"absolute_tolerance": 0.009}
        model.configure(reproducibility_tolerance=entries)

    return change


def for_another_format(model: Draft) -> None:
    shifted(0.005)(model)
    model.configure(reproducibility_tolerance=[{"absolute_tolerance": 0.009, "weights_formats": ["keras_hdf5"]}])


def two_decimals(model: Draft) -> None:
    shifted(0.005)(model)
    model.configure(test_kwargs={name: {"decimal": 2} for name in model.formats})


def truncated(model: Draft) -> None:
    for name in model.formats:
        content = model.weights(name)
        model.weigh(name, content[: len(content) // 2])


def of_another_format(model: Draft) -> None:
    contents = {name: model.weights(name) for name in model.formats}
    others = contents | {"none": b"PK\x03\x04 no weights"}
    for name in model.formats:
        model.weigh(name, others["onnx" if name != "onnx" else "torchscript" if "torchscript" in others else "none"])


def without_readme(model: Draft) -> None:
    (model.folder / "README.md").unlink()


def without_cover(model: Draft) -> None:
    model.rdf["covers"] = ["gone.png"]


def standardised(model: Draft) -> None:
    """Statistics of an output; the expectation is computed here, from the specification's formula."""
    raw, out = model.given().astype(np.float64), model.expected().astype(np.float64)
    scaled = (out - out.mean()) / (out.std() + 1e-6) * (raw.std() + 1e-6) + raw.mean()
    model.expect(scaled.astype(np.float32))
    kwargs = {"reference_tensor": "raw", "axes": "yx" if model.version == "0.4" else ["y", "x"]}
    step = {"id": "scale_mean_variance", "kwargs": kwargs}
    if model.version == "0.4":
        step = {"name": "scale_mean_variance", "kwargs": {"mode": "per_sample", **kwargs}}
    model.rdf["outputs"][0]["postprocessing"] = [step]


VARIANTS = (
    Variant("as it is", nothing, every_format=True, real=True),
    Variant("output off by 0.05", shifted(OFF), every_format=True, real=True),
    Variant("output off by less than the tolerance", shifted(WITHIN), real=True),
    Variant("one element off", element(0.5)),
    Variant("another shape", smaller, real=True),
    Variant("without axes of length 1", without_singletons, real=True),
    Variant("expected NaN", all_nan, real=True),
    Variant("one expected NaN", element(np.nan)),
    Variant("one expected infinity", element(np.inf)),
    Variant("expected as float64", as_float64),
    Variant("absolute_tolerance 1e9", tolerant_of_anything, versions=("0.5",), real=True),
    Variant("test_kwargs with absolute_tolerance 1e9", formerly_tolerant_of_anything, versions=("0.5",), real=True),
    Variant("the first tolerance is the loose one", first_match(0), versions=("0.5",)),
    Variant("the second tolerance is the loose one", first_match(1), versions=("0.5",)),
    Variant("a tolerance for another format", for_another_format, versions=("0.5",)),
    Variant("test_kwargs with two decimals", two_decimals, real=True),
    Variant("truncated weights", truncated, every_format=True),
    Variant("weights of another format", of_another_format, every_format=True),
    Variant("without README", without_readme),
    Variant("without the cover that it names", without_cover),
    Variant("statistics of an output", standardised),
)
