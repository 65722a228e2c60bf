"""Models of the formats that TensorFlow and Keras run, right and spoiled: samples of the project, and networks of one layer."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from tests.agreement.dynamic.cases import Case
from tests.samples import spoil
from tests.samples.framework_kinds import all_formats
from tests.samples.kinds import make_sample
from tests.samples.sample import npy, read_rdf, write, write_rdf
from tests.workflows.dynamic import networks
from tests.workflows.dynamic.networks import KERNEL, SECOND, X

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SEED = 4
KERAS = ("keras_v3", "keras_hdf5")
BUNDLE = "tensorflow_saved_model_bundle"
ONE, TWO = X @ KERNEL, X @ KERNEL - 2 * SECOND
NETWORKS = {
    "keras_2_transposed": (ONE,),
    "keras_hdf5": (TWO,),
    "keras_v3": (TWO, TWO + 10),
    "saved_model": (ONE, ONE + 10),
    "saved_model_bare": (ONE, ONE + 10),
    "saved_model_tf1": (ONE,),
}
"""Kinds of tests/workflows/dynamic/networks.py with what each computes."""


@dataclass(frozen=True)
class Base:
    """A right model, made in a folder that is not there yet, and one format of it that is asked for."""

    name: str
    weight_format: str
    make: Callable[[Path], object]
    further: tuple[str, ...] = ()
    """Variants beside `as it is`."""


def _sample(kind: str) -> Callable[[Path], object]:
    return lambda folder: make_sample(kind, folder, SEED)


def _both_keras(off: str) -> Callable[[Path], object]:
    """Two formats, of which one computes something else."""
    return lambda folder: write(all_formats(SEED, KERAS, (off,)), folder)


def bases(source: Path) -> Iterator[Base]:
    """All; the networks of one layer lie in `source`."""

    def network(kind: str) -> Callable[[Path], object]:
        return lambda folder: shutil.copytree(source / kind, folder)

    yield Base("h5", "keras_hdf5", _sample("keras-h5"), ("wrong output", "broken weights"))
    yield Base("h5, Keras 2", "keras_hdf5", _sample("keras-h5-old"))
    yield Base("h5, old", "keras_hdf5", network("keras_2_transposed"))
    yield Base("h5, two in", "keras_hdf5", network("keras_hdf5"))
    yield Base("h5, v3 off", "keras_hdf5", _both_keras("keras_v3"))
    yield Base("h5 off, v3", "keras_hdf5", _both_keras("keras_hdf5"))
    yield Base("v3", "keras_v3", _sample("keras-v3"), ("wrong output", "another shape", "truncated weights"))
    yield Base("v3, two in", "keras_v3", network("keras_v3"))
    yield Base("bundle", BUNDLE, _sample("saved-model-04"), ("broken weights",))
    yield Base("two in", BUNDLE, _sample("saved-model-two"))
    yield Base("two out", BUNDLE, network("saved_model_bare"), ("reversed", "swapped", "swapped, reversed"))
    yield Base("in folder", BUNDLE, network("saved_model"))
    yield Base("TF 1", BUNDLE, network("saved_model_tf1"), ("wrong output",))


def cases(folder: Path, python: str) -> Iterator[Case]:
    """All of them, in folders below this one, with an interpreter that has TensorFlow."""
    _make_networks(folder / "networks", python)
    for base in bases(folder / "networks"):
        for variant in ("as it is", *base.further):
            made = folder / base.name / variant
            base.make(made)
            nobody_known(made)
            VARIANTS[variant](made, base.weight_format)
            yield Case(base.name, variant, base.weight_format, made)


def _make_networks(folder: Path, python: str) -> None:
    """As right models: with the outputs that numpy expects of them."""
    subprocess.run([python, networks.__file__, str(folder), *NETWORKS], check=True, capture_output=True)
    for kind, expected in NETWORKS.items():
        for index, array in enumerate(expected):
            name = spoil.output_file(folder / kind, index)
            (folder / kind / name).write_bytes(npy(array))


def nobody_known(folder: Path) -> None:
    """Without maintainers: the bare tool asks GitHub for each of them, and fails without a network."""
    data = read_rdf(folder)
    data.pop("maintainers", None)
    write_rdf(folder, data)


def swapped(folder: Path) -> None:
    """Of two outputs each is expected to be the other."""
    first, second = (folder / spoil.output_file(folder, index) for index in (0, 1))
    arrays = np.load(first), np.load(second)
    for path, array in zip((second, first), arrays, strict=True):
        path.write_bytes(npy(array))


def reversed_order(folder: Path) -> None:
    """The description lists its outputs the other way round, and means the same."""
    data = read_rdf(folder)
    data["outputs"].reverse()
    write_rdf(folder, data)


def swapped_and_reversed(folder: Path) -> None:
    swapped(folder)
    reversed_order(folder)


VARIANTS: dict[str, Callable[[Path, str], object]] = {
    "as it is": lambda folder, _: folder,
    "wrong output": lambda folder, _: spoil.wrong_output(folder),
    "another shape": lambda folder, _: spoil.wrong_shape(folder),
    "broken weights": spoil.broken_weights,
    "truncated weights": partial(spoil.broken_weights, truncated=True),
    "reversed": lambda folder, _: reversed_order(folder),
    "swapped": lambda folder, _: swapped(folder),
    "swapped, reversed": lambda folder, _: swapped_and_reversed(folder),
}
