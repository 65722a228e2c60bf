"""Tensors in files that nobody vouches for: header first, never pickled, never larger than the file says.

`numpy.load(allow_pickle=False)` accepts 64 axes and `|V0` with 10^12 elements. Format:
https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO, Literal

Array = np.ndarray[Any, np.dtype[Any]]

MAX_AXES = 8
DTYPES = frozenset(
    ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"],
)
"""In either byte order. Source: RDF 0.4 and 0.5, data_type of an output."""
BLOCK = 1 << 20
"""Elements that are compared at once: 8 MiB in float64."""


class NpyError(ValueError):
    """The file is not a tensor that is compared; the message says why, to be read after the file's name."""


@dataclass(frozen=True)
class Tensor:
    """A tensor in a file: known by its header, read in blocks."""

    path: Path
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool
    offset: int

    @property
    def size(self) -> int:
        """Number of elements; 1 for a tensor without axes."""
        return math.prod(self.shape)

    def mapped(self) -> Array:
        """All of it, mapped into memory and not read yet; shape `self.shape`."""
        if self.size == 0:
            return np.empty(self.shape, self.dtype)
        order: Literal["F", "C"] = "F" if self.fortran else "C"
        mapped: Array = np.memmap(self.path, self.dtype, "r", self.offset, self.shape or (1,), order)
        return mapped.reshape(self.shape)

    def blocks(self, block: int = BLOCK) -> Iterator[Array]:
        """The elements in C order whatever the file's order, flat, `block` at a time, in their own dtype."""
        mapped = self.mapped()
        flat: Any = mapped.flat if self.fortran else mapped.reshape(-1)
        for start in range(0, self.size, block):
            yield np.asarray(flat[start : start + block])

    def index(self, position: int) -> list[int]:
        """The index of the element at a position in C order."""
        return [int(i) for i in np.unravel_index(position, self.shape)] if self.shape else []


def open_tensor(path: Path) -> Tensor:
    """Read and judge the header of a `.npy` file; the data is not touched.

    Raises NpyError for another kind of file, a dtype outside DTYPES, more than MAX_AXES axes, a length that differs.
    """
    with path.open("rb") as stream:
        shape, fortran, dtype = _header(stream)
        offset = stream.tell()
    if dtype.hasobject:
        raise NpyError(
            f"has the data type {str(dtype)[:40]}: it holds Python objects, which are never unpickled: save numbers"
        )
    if dtype.name not in DTYPES or dtype.names is not None:
        raise NpyError(f"has the data type {str(dtype)[:40]}, which is not compared")
    if len(shape) > MAX_AXES:
        raise NpyError(f"has {len(shape)} axes, at most {MAX_AXES} are compared")
    promised, there = offset + math.prod(shape) * dtype.itemsize, path.stat().st_size
    if promised != there:
        raise NpyError(f"has {there:,} bytes where its header promises {promised:,}")
    return Tensor(path, shape, dtype, fortran, offset)


def _header(stream: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, order and dtype; versions 1.0 and 2.0 (3.0 is for structured types only)."""
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    try:
        shape, fortran, dtype = readers[np.lib.format.read_magic(stream)](stream)
    except Exception as error:
        raise NpyError("is not a .npy file") from error
    if any(length < 0 for length in shape):
        raise NpyError("is not a .npy file")
    return shape, fortran, dtype


def encode(array: Array) -> bytes:
    """`.npy` bytes in C order, never pickled; ValueError for objects."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array, order="C"), allow_pickle=False)
    return buffer.getvalue()
