"""Samples that are wrong in one known way. Each changes a sample's folder, keeps its RDF's sha256 true, and returns it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.samples.sample import npy, read_rdf, sha256, write_rdf

if TYPE_CHECKING:
    from pathlib import Path

SHIFT = 0.25
"""How far an expected output is moved, as a part of its range."""
LINES = 4
"""How many lines and columns an expected output loses."""
GARBAGE = b"these are not weights" * 64


def wrong_output(folder: Path, index: int = 0) -> Path:
    """A quarter of what is expected of an output is another number: a whole number further, or SHIFT of the range."""
    expected = _expected(folder, index)
    size = expected.size // 4
    changed, part = expected.copy().reshape(-1), slice(size, 2 * size)
    if expected.dtype == bool:
        changed[part] = ~changed[part]
    elif expected.dtype.kind in "iu":
        changed[part] += 1
    else:
        changed[part] += SHIFT * float(np.ptp(expected))
    return _put(folder, output_file(folder, index), npy(changed.reshape(expected.shape)))


def wrong_shape(folder: Path, index: int = 0) -> Path:
    """What is expected of an output lacks the last lines and columns; the RDF's shape stays as it was."""
    name = output_file(folder, index)
    lost = tuple(slice(0, -LINES) if letter in {"y", "x"} else slice(None) for letter in _axes(folder, index))
    return _put(folder, name, npy(np.ascontiguousarray(_expected(folder, index)[lost])))


def broken_weights(folder: Path, weight_format: str, *, truncated: bool = False) -> Path:
    """The weights of a format hold garbage, or half of what they did: only loading them can tell."""
    source = str(read_rdf(folder)["weights"][weight_format]["source"])
    content = (folder / source).read_bytes()
    return _put(folder, source, content[: len(content) // 2] if truncated else GARBAGE)


def output_file(folder: Path, index: int) -> str:
    """The test tensor of an output, by its name in the folder."""
    data = read_rdf(folder)
    if "test_outputs" in data:
        return str(data["test_outputs"][index])
    return str(data["outputs"][index]["test_tensor"]["source"])


def _expected(folder: Path, index: int) -> np.ndarray[Any, np.dtype[Any]]:
    return np.asarray(np.load(io.BytesIO((folder / output_file(folder, index)).read_bytes()), allow_pickle=False))


def _axes(folder: Path, index: int) -> list[str]:
    """One letter, or the name of another axis, for each axis."""
    return [
        axis if isinstance(axis, str) else axis.get("id", "") for axis in read_rdf(folder)["outputs"][index]["axes"]
    ]


def _put(folder: Path, name: str, content: bytes) -> Path:
    """Another content for a file, and its sha256 wherever the RDF has it."""
    old, new = sha256((folder / name).read_bytes()), sha256(content)
    (folder / name).write_bytes(content)
    write_rdf(folder, _replaced(read_rdf(folder), old, new))
    return folder


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(one, old, new) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, old, new) for one in value]
    return new if value == old else value
