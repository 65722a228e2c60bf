"""The header of a .npy file and nothing else: no array is built, no pickle opened, no expression evaluated.

Format: numpy's NEP 1. `np.load(allow_pickle=False)` accepts 64 axes and `|V0` with 10^12 elements; this does not.
"""

import re
from dataclasses import dataclass
from math import prod
from pathlib import Path

_MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 10_000  # bytes, as numpy's own default limit
_MOST_AXES = 8
_DTYPES = {
    **{f"i{size}": f"int{8 * size}" for size in (1, 2, 4, 8)},
    **{f"u{size}": f"uint{8 * size}" for size in (1, 2, 4, 8)},
    **{f"f{size}": f"float{8 * size}" for size in (2, 4, 8)},
    "b1": "bool",
}
_HEADER = re.compile(r"\s*\{(?P<body>[^{}]*)\}\s*\Z")
_DESCR = re.compile(r"""['"]descr['"]\s*:\s*['"](?P<order>[<>|=]?)(?P<code>[A-Za-z]\d*)['"]""")
_ORDER = re.compile(r"""['"]fortran_order['"]\s*:\s*(?:True|False)""")
_SHAPE = re.compile(r"""['"]shape['"]\s*:\s*\((?P<shape>[\d\s,L]*)\)""")


@dataclass(frozen=True)
class Header:
    """Type and shape of an array, and how many bytes its file has to have."""

    dtype: str
    shape: tuple[int, ...]
    file_size: int


class NotAnArray(ValueError):  # noqa: N818 - named for what the contributor hears
    """The file is not a .npy file that the boxes open; the text says why."""


def read_header(path: Path) -> Header:
    """The header of a file; raises `NotAnArray`."""
    with path.open("rb") as file:
        start = file.read(12)
        if not start.startswith(_MAGIC):
            raise NotAnArray("it is not in numpy's .npy format")
        version = tuple(start[6:8])
        if version not in {(1, 0), (2, 0), (3, 0)}:
            raise NotAnArray("its .npy version is unknown")
        width = 2 if version == (1, 0) else 4
        length = int.from_bytes(start[8 : 8 + width], "little")
        if length > _LONGEST_HEADER:
            raise NotAnArray("its header is too long")
        file.seek(8 + width)
        text = file.read(length).decode("latin-1")
    return _parse(text, 8 + width + length)


def _parse(text: str, offset: int) -> Header:
    body = _HEADER.match(text)
    found = body and (_DESCR.search(body["body"]), _ORDER.search(body["body"]), _SHAPE.search(body["body"]))
    if not found or not all(found):
        raise NotAnArray("its header does not describe a plain array of numbers")
    descr, _, shape_text = found
    code = descr["code"] if descr else ""
    if code not in _DTYPES:
        raise NotAnArray(f"its data type {code!r} is none of {', '.join(sorted(set(_DTYPES.values())))}")
    parts = [part.strip(" L\n") for part in (shape_text["shape"] if shape_text else "").split(",")]
    if any(len(part) > 12 for part in parts):  # noqa: PLR2004 - 10^12 elements along one axis are no test tensor
        raise NotAnArray("its shape is absurd")
    shape = tuple(int(part) for part in parts if part)
    if len(shape) > _MOST_AXES:
        raise NotAnArray(f"it has {len(shape)} axes; at most {_MOST_AXES} are opened")
    size = int(code[1:])
    return Header(_DTYPES[code], shape, offset + prod(shape) * size)
