"""The tensors of a 0.5 model as data. What the schema refuses is `None` here, so that no rule tells it again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.loose_numbers import real, whole

GROUPS = ("inputs", "outputs")
LETTERS = MappingProxyType({"b": "batch", "c": "channel", "i": "index", "t": "time"})
"""Ids that are read as others, so that `c` and `channel` are one axis."""
_KINDS = frozenset({"batch", "channel", "index", "space", "time"})
_REACH = 1e15  # sizes and factors beyond it are no shapes


@dataclass(frozen=True)
class Steps:
    """`min + n * step`."""

    least: int
    step: int


@dataclass(frozen=True)
class Reference:
    """`size of the other axis * its scale / own scale + offset`, rounded down; `offset` as it stands in the file."""

    tensor: str
    axis: str
    offset: float


@dataclass(frozen=True)
class OfData:
    """A size that is known once the data are: `min`, and `max` if there is one."""

    least: int
    most: int | None


Size = int | Steps | Reference | OfData


@dataclass(frozen=True)
class Axis:
    """One axis; `at` is its pointer, `id` as it is read, `size` that of the names for channels."""

    at: str
    kind: str
    id: str
    size: Size | None
    unit: str | None
    scale: float | None
    halo: int | None

    @property
    def least(self) -> int | None:
        """The smallest size where it does not depend on other axes or on the data."""
        return self.size if isinstance(self.size, int) else self.size.least if isinstance(self.size, Steps) else None


@dataclass(frozen=True)
class Tensor:
    """One of the inputs or outputs; `data` as it stands in the file."""

    group: str
    index: int
    data: Mapping[str, Any]

    @property
    def at(self) -> str:
        """Its pointer."""
        return pointer_of(self.group, self.index)

    @property
    def id(self) -> str:
        """Its id, empty for what can be none; where it is called a name, as in 0.4, that is told already."""
        name = self.data.get("id", self.data.get("name", self.group.removesuffix("s")))
        return name if isinstance(name, str) else ""

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """Those that can be read."""
        found = (_axis(self, index, one) for index, one in enumerate(items(self.data.get("axes"))))
        return tuple(one for one in found if one)

    @property
    def whole(self) -> bool:
        """Whether all axes can be read."""
        return len(self.axes) == len(items(self.data.get("axes"))) > 0

    @property
    def steps(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """What is done before or after the network: pointer, id and settings of each step."""
        word = "preprocessing" if self.group == "inputs" else "postprocessing"
        for index, step in enumerate(items(self.data.get(word))):
            if isinstance(step, dict) and isinstance(step.get("id"), str):
                kwargs = step.get("kwargs", {})
                yield self.at + pointer_of(word, index), step["id"], kwargs if isinstance(kwargs, dict) else {}

    def axis(self, name: str) -> Axis | None:
        """The axis of an id, as it is read; the last of several."""
        return next((one for one in reversed(self.axes) if one.id == name), None)


def tensors_of(data: Mapping[str, Any]) -> tuple[Tensor, ...]:
    """Inputs, then outputs, in the order of the file."""
    return tuple(
        Tensor(group, index, one)
        for group in GROUPS
        for index, one in enumerate(items(data.get(group)))
        if isinstance(one, dict)
    )


def counted(number: int, word: str) -> str:
    """`1 number`, `2 numbers`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def read_id(name: Any) -> str:
    """An axis id as it is read; empty for what can be none."""
    return LETTERS.get(name, name) if isinstance(name, str) else ""


def _axis(tensor: Tensor, index: int, axis: Any) -> Axis | None:
    kind = axis.get("type") if isinstance(axis, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        return None
    own = axis.get("id", axis.get("name", "x" if kind == "space" else kind))
    unit, scale = axis.get("unit"), real(axis.get("scale", 1))
    return Axis(
        tensor.at + pointer_of("axes", index),
        kind,
        read_id(own),
        _size(kind, axis),
        unit if isinstance(unit, str) else None,
        scale if scale is not None and 0 < scale < _REACH else None,
        whole(axis.get("halo")),
    )


def _size(kind: str, axis: Mapping[str, Any]) -> Size | None:
    names, size = axis.get("channel_names"), axis.get("size")
    if kind == "channel":
        return len(names) if isinstance(names, list) and names else None
    if kind == "batch":
        return None
    return _structure(size) if isinstance(size, dict) else _count(size)


def _structure(size: Mapping[str, Any]) -> Size | None:
    least, step, most = _count(size.get("min", 1)), _count(size.get("step")), _count(size.get("max"))
    if "tensor_id" in size or "axis_id" in size:
        tensor, axis, offset = size.get("tensor_id"), size.get("axis_id"), size.get("offset", 0)
        if not isinstance(tensor, str) or not isinstance(axis, str) or type(offset) not in (int, float):
            return None
        return Reference(tensor, read_id(axis), offset) if abs(offset) < _REACH else None
    if least is None or ("step" in size and step is None):
        return None
    return Steps(least, step) if step is not None else OfData(least, most)


def _count(value: Any) -> int | None:
    number = whole(value)
    return number if number is not None and 0 < number < _REACH else None
