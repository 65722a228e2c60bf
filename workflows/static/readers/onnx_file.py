"""What an ONNX file says of itself, read without onnx: version, operator sets, and where its external data lie.

Source: `onnx.proto`, messages ModelProto, OperatorSetIdProto, GraphProto, TensorProto, StringStringEntryProto.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from workflows.static.readers.opened import size_of
from workflows.static.readers.protobuf import BYTES, VARINT, Field, NotAMessage, content, fields

_TOP = {
    1: VARINT,
    2: BYTES,
    3: BYTES,
    4: BYTES,
    5: VARINT,
    6: BYTES,
    7: BYTES,
    8: BYTES,
    14: BYTES,
    20: BYTES,
    25: BYTES,
    26: BYTES,
}
_IR_VERSION, _GRAPH, _OPSET = 1, 7, 8
_INITIALIZER, _EXTERNAL = 5, 13
_MOST_TOP, _MOST_GRAPH, _MOST_TENSOR = 10_000, 300_000, 10_000
_SMALL = 4096
_STANDARD = frozenset({"", "ai.onnx"})


@dataclass(frozen=True)
class Onnx:
    """Opset versions by domain ('' is ONNX's own), and the names of the files that hold its weights."""

    ir_version: int
    opsets: Mapping[str, int]
    external: frozenset[str]

    @property
    def opset(self) -> int | None:
        """The version of ONNX's own operators."""
        return next((version for domain, version in self.opsets.items() if domain in _STANDARD), None)


def read_onnx(file: BinaryIO) -> Onnx:
    """Read an open file; raises `NotAMessage`, whose text goes on after "it"."""
    ir_version, opsets, graphs = 0, {}, []
    for field in fields(file, 0, size_of(file), _MOST_TOP):
        if _TOP.get(field.number) != field.wire:
            raise NotAMessage("is not built as one")
        if field.number == _IR_VERSION:
            ir_version = field.value
        elif field.number == _OPSET:
            domain, version = _opset(file, field)
            opsets[domain] = version
        elif field.number == _GRAPH:
            graphs.append(field)
    if not graphs or not opsets or not ir_version:
        raise NotAMessage("has no graph, no operator set or no version")
    return Onnx(ir_version, opsets, frozenset(name for graph in graphs for name in _external(file, graph)))


def _opset(file: BinaryIO, field: Field) -> tuple[str, int]:
    domain, version = "", 0
    for part in fields(file, field.start, field.start + field.value, _MOST_TENSOR):
        if part.number == 1 and part.wire == BYTES:
            domain = content(file, part, _SMALL).decode("utf-8", "replace")
        elif part.number == 2 and part.wire == VARINT:  # noqa: PLR2004 - OperatorSetIdProto.version
            version = part.value
    return domain, version


def _external(file: BinaryIO, graph: Field) -> Iterator[str]:
    """The `location` of each initializer that lies in another file."""
    for field in fields(file, graph.start, graph.start + graph.value, _MOST_GRAPH):
        if field.number == _INITIALIZER and field.wire == BYTES:
            for part in fields(file, field.start, field.start + field.value, _MOST_TENSOR):
                if part.number == _EXTERNAL and part.wire == BYTES:
                    yield from _location(file, part)


def _location(file: BinaryIO, entry: Field) -> Iterator[str]:
    pair = {
        part.number: content(file, part, _SMALL).decode("utf-8", "replace")
        for part in fields(file, entry.start, entry.start + entry.value, _MOST_TENSOR)
        if part.wire == BYTES
    }
    if pair.get(1) == "location":
        yield pair.get(2, "")
