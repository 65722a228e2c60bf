"""The header of a .npy file and nothing else: no array is built, no pickle opened, no expression evaluated.

Format: numpy's NEP 1. `np.load(allow_pickle=False)` accepts 64 axes and `|V0` with 10^12 elements; this does not.
"""

import re
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

from workflows.static.readers import magic
from workflows.static.readers.opened import Unreadable, opened, size_of

MOST_AXES = 8
_MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 10_000  # bytes, as numpy's own default limit
_DIGITS = 12  # 10^12 elements along one axis are no test tensor
_DTYPES = {
    **{f"i{size}": f"int{8 * size}" for size in (1, 2, 4, 8)},
    **{f"u{size}": f"uint{8 * size}" for size in (1, 2, 4, 8)},
    **{f"f{size}": f"float{8 * size}" for size in (2, 4, 8)},
    "b1": "bool",
}
_NO_NUMBERS = {
    "O": "it holds Python objects, which only a pickle can bring back: save plain numbers",
    "U": "it holds text: save plain numbers",
    "S": "it holds text: save plain numbers",
    "a": "it holds text: save plain numbers",
    "V": "it holds raw bytes or records: save plain numbers, one file for each tensor",
    "M": "it holds dates: save plain numbers",
    "m": "it holds time spans: save plain numbers",
    "c": "it holds complex numbers: save real and imaginary part as channels",
}
_HEADER = re.compile(r"\s*\{(?P<body>[^{}]*)\}\s*\Z")
_KEY = re.compile(r"""['"](descr|fortran_order|shape)['"]\s*:""")
_DESCR = re.compile(
    r"""['"]descr['"]\s*:\s*(?:(?P<records>\[)|['"](?P<order>[<>|=]?)(?P<code>[A-Za-z]\d*)[\w\[\]]*['"])"""
)
_ORDER = re.compile(r"""['"]fortran_order['"]\s*:\s*(?:True|False)""")
_SHAPE = re.compile(r"""['"]shape['"]\s*:\s*\((?P<shape>[\d\s,L]*)\)""")


@dataclass(frozen=True)
class Header:
    """Type and shape of an array, how many bytes its file has to have, and how many it has."""

    dtype: str
    shape: tuple[int, ...]
    file_size: int
    actual_size: int


class NotAnArray(ValueError):  # noqa: N818 - named for what the contributor hears
    """The file is not a .npy file that the boxes open; the text says why."""


def read_header(path: Path) -> Header:
    """The header of a file; raises `NotAnArray`."""
    try:
        with opened(path) as file:
            return _read(file)
    except Unreadable as error:
        raise NotAnArray(f"it {error}") from error


def _read(file: BinaryIO) -> Header:
    start = file.read(12)
    if not start.startswith(_MAGIC):
        raise NotAnArray(f"it is {_words(start + file.read(magic.HEAD))}, not in numpy's .npy format")
    version = tuple(start[6:8])
    if version not in {(1, 0), (2, 0), (3, 0)}:
        raise NotAnArray("its .npy version is unknown")
    width = 2 if version == (1, 0) else 4
    length = int.from_bytes(start[8 : 8 + width], "little")
    if length > _LONGEST_HEADER:
        raise NotAnArray("its header is too long")
    file.seek(8 + width)
    text = file.read(length)
    if len(start) < 8 + width or len(text) < length:
        raise NotAnArray("it ends within its header")
    return _parse(text.decode("latin-1"), 8 + width + length, size_of(file))


def _words(head: bytes) -> str:
    found = magic.kind(head)
    return "a zip archive, as numpy.savez writes it" if found == magic.ZIP else found


def _parse(text: str, offset: int, actual_size: int) -> Header:
    body = _HEADER.match(text)
    if not body or sorted(_KEY.findall(body["body"])) != ["descr", "fortran_order", "shape"]:
        raise NotAnArray("its header does not describe a plain array of numbers")
    descr, order, shape = (pattern.search(body["body"]) for pattern in (_DESCR, _ORDER, _SHAPE))
    if not descr or not order or not shape:
        raise NotAnArray("its header does not describe a plain array of numbers")
    dtype, item = _dtype("V" if descr["records"] else descr["code"])
    lengths = _lengths(shape["shape"])
    return Header(dtype, lengths, offset + prod(lengths) * item, actual_size)


def _dtype(code: str) -> tuple[str, int]:
    """Its name and the bytes of one element."""
    if code in _DTYPES:
        return _DTYPES[code], int(code[1:])
    known = ", ".join(sorted(set(_DTYPES.values())))
    raise NotAnArray(_NO_NUMBERS.get(code[0], f"its data type {code[:12]!r} is none of {known}"))


def _lengths(text: str) -> tuple[int, ...]:
    parts = [part.strip(" L\n") for part in text.split(",")]
    if any(len(part) > _DIGITS or (part and not part.isdecimal()) for part in parts):
        raise NotAnArray("its shape is absurd")
    lengths = tuple(int(part) for part in parts if part)
    if len(lengths) > MOST_AXES:
        raise NotAnArray(f"it has {len(lengths)} axes; at most {MOST_AXES} are opened")
    return lengths
