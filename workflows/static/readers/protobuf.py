"""The fields of a protobuf message in a file, one level at a time; contents are passed over by their length, never read unasked.

Source: protobuf's encoding page, "Message Structure".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_WIDTHS = {FIXED64: 8, FIXED32: 4}
_LONGEST_VARINT = 10
_HIGHEST_FIELD = 2**29


class NotAMessage(ValueError):  # noqa: N818 - named for what it is
    """The bytes are no protobuf message; the text goes on after "it"."""


@dataclass(frozen=True, slots=True)
class Field:
    """Number and wire type; `value` of a varint, or the length of a `BYTES` field whose content starts at `start`."""

    number: int
    wire: int
    value: int
    start: int


def fields(file: BinaryIO, start: int, end: int, most: int) -> Iterator[Field]:
    """The fields between two places, at most so many; raises `NotAMessage`. The file may be moved in between."""
    at = start
    for _ in range(most):
        if at >= end:
            return
        file.seek(at)
        head = file.read(min(2 * _LONGEST_VARINT, end - at))
        field, at = _field(head, at)
        if at > end:
            raise NotAMessage("is cut off")
        yield field
    if at < end:
        raise NotAMessage(f"has over {most:,} fields")


def content(file: BinaryIO, field: Field, limit: int) -> bytes:
    """The first `limit` bytes of a `BYTES` field."""
    file.seek(field.start)
    return file.read(min(field.value, limit))


def _field(head: bytes, at: int) -> tuple[Field, int]:
    """A field from its first bytes, and where the next one begins."""
    tag, used = _varint(head, 0)
    number, wire = tag >> 3, tag & 7
    if not 0 < number < _HIGHEST_FIELD or wire not in {VARINT, BYTES, *_WIDTHS}:
        raise NotAMessage("is not built as one")
    if wire in _WIDTHS:
        return Field(number, wire, 0, at + used), at + used + _WIDTHS[wire]
    value, used = _varint(head, used)
    return Field(number, wire, value, at + used), at + used + (value if wire == BYTES else 0)


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(_LONGEST_VARINT):
        if at + shift >= len(raw):
            raise NotAMessage("is cut off")
        byte = raw[at + shift]
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:  # noqa: PLR2004 - the last byte has no high bit
            return value, at + shift + 1
    raise NotAMessage("is not built as one")
