"""Models of the formats that TensorFlow and Keras run, right and spoiled, from the samples of the project."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from tests.agreement.dynamic.cases import Case
from tests.samples import spoil
from tests.samples.framework_kinds import all_formats
from tests.samples.kinds import make_sample
from tests.samples.sample import npy, read_rdf, write, write_rdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SEED = 4
KERAS = ("keras_v3", "keras_hdf5")


def _sample(kind: str) -> Callable[[Path], Path]:
    return lambda folder: make_sample(kind, folder, SEED)


def _both_keras(off: str) -> Callable[[Path], Path]:
    """Two formats, of which one computes something else."""
    return lambda folder: write(all_formats(SEED, KERAS, (off,)), folder)


def as_it_is(folder: Path) -> Path:
    return folder


def swapped(folder: Path) -> Path:
    """Of two outputs each is expected to be the other."""
    first, second = (folder / spoil.output_file(folder, index) for index in (0, 1))
    arrays = np.load(first), np.load(second)
    data = read_rdf(folder)
    for path, array, output in zip((second, first), arrays, reversed(data["outputs"]), strict=True):
        path.write_bytes(npy(array))
        output["test_tensor"]["sha256"] = spoil.sha256(path.read_bytes())
    write_rdf(folder, data)
    return folder


@dataclass(frozen=True)
class Base:
    """A right model, and one format of it that is asked for."""

    name: str
    weight_format: str
    make: Callable[[Path], Path]
    further: tuple[str, ...] = ()
    """Variants beside `as it is`."""


ALL = ("wrong output", "another shape", "broken weights")
BASES = (
    Base("h5 0.4", "keras_hdf5", _sample("keras-h5"), ALL),
    Base("h5 of Keras 2 0.4", "keras_hdf5", _sample("keras-h5-old"), ("wrong output", "truncated weights")),
    Base("keras 0.5", "keras_v3", _sample("keras-v3"), (*ALL, "truncated weights")),
    Base("bundle 0.4", "tensorflow_saved_model_bundle", _sample("saved-model-04"), ALL),
    Base("two outputs 0.5", "tensorflow_saved_model_bundle", _sample("saved-model-two"), ("wrong output", "swapped")),
    Base("h5 is right 0.5", "keras_hdf5", _both_keras("keras_v3")),
    Base("h5 is wrong 0.5", "keras_hdf5", _both_keras("keras_hdf5")),
)


def cases(folder: Path) -> Iterator[Case]:
    """All of them, in folders below this one."""
    for base in BASES:
        variants: dict[str, Callable[[Path], Path]] = {
            "as it is": as_it_is,
            "wrong output": spoil.wrong_output,
            "another shape": spoil.wrong_shape,
            "broken weights": partial(spoil.broken_weights, weight_format=base.weight_format),
            "truncated weights": partial(spoil.broken_weights, weight_format=base.weight_format, truncated=True),
            "swapped": swapped,
        }
        for name in ("as it is", *base.further):
            made = variants[name](nobody_known(base.make(folder / base.name / name)))
            yield Case(base.name, name, base.weight_format, made)


def nobody_known(folder: Path) -> Path:
    """Without maintainers: the bare tool asks GitHub for each of them, and fails without a network."""
    data = read_rdf(folder)
    del data["maintainers"]
    write_rdf(folder, data)
    return folder
