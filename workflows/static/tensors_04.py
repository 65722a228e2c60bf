"""The tensors of a 0.4 model as data. What the schema refuses is `None` here, so that no rule tells it again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.loose_numbers import real, wholes

GROUPS = ("inputs", "outputs")
_LETTERS = frozenset("bitczyx")
_LONGEST_CHAIN = 64
_REACH = 1e15  # sizes and factors beyond it are no shapes
_FARTHEST = 10**300  # still a floating point number


@dataclass(frozen=True)
class Implicit:
    """`shape(reference) * scale + 2 * offset`; a scale of `None` is a new axis."""

    reference: str
    scale: tuple[float | None, ...]
    offset: tuple[float, ...]

    @property
    def old_axes(self) -> int:
        """How many axes are taken from the reference."""
        return sum(factor is not None for factor in self.scale)

    def exact(self, reference: list[int]) -> list[float]:
        """The shape that follows from a reference of as many axes, before it is cut to whole numbers."""
        sizes = iter(reference)
        terms = zip(self.scale, self.offset, strict=True)
        return [(0 if factor is None else _within_reach(next(sizes)) * factor) + 2 * shift for factor, shift in terms]


def _within_reach(size: int) -> int:
    """A size that floating point numbers can still multiply."""
    return max(-_FARTHEST, min(size, _FARTHEST))


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
    def name(self) -> str:
        """Its name, empty where it has none."""
        name = self.data.get("name")
        return name if isinstance(name, str) else ""

    @property
    def axes(self) -> str:
        """One letter for each axis, empty where there are none that can be read."""
        axes = self.data.get("axes")
        readable = isinstance(axes, str) and len(set(axes)) == len(axes) and _LETTERS.issuperset(axes)
        return str(axes) if readable else ""

    @cached_property
    def exact(self) -> list[int] | None:
        """The shape where it is a list of sizes."""
        return wholes(self.data.get("shape"))

    @cached_property
    def stepped(self) -> tuple[list[int], list[int]] | None:
        """`min` and `step` of an input; their lengths may differ."""
        shape = self._mapping if self.group == "inputs" else {}
        least, step = wholes(shape.get("min")), wholes(shape.get("step"))
        return (least, step) if least and step else None

    @cached_property
    def implicit(self) -> Implicit | None:
        """The reference of an output; its two lists may differ in length."""
        shape = self._mapping if self.group == "outputs" else {}
        name, scale, offset = shape.get("reference_tensor"), items(shape.get("scale")), items(shape.get("offset"))
        factors = [None if one is None else _bounded(one) for one in scale]
        shifts = [_bounded(one) for one in offset]
        known = [one for one in shifts if one is not None]
        odd = any(one is None and given is not None for one, given in zip(factors, scale, strict=True))
        if not isinstance(name, str) or not scale or not offset or odd or len(known) != len(shifts):
            return None
        return Implicit(name, tuple(factors), tuple(known))

    @property
    def rank(self) -> int | None:
        """How many numbers its shape has."""
        if self.exact is not None:
            return len(self.exact)
        if self.stepped is not None:
            return len(self.stepped[0])
        return len(self.implicit.scale) if self.implicit else None

    @property
    def steps(self) -> list[dict[str, Any]]:
        """What is done before or after."""
        word = "preprocessing" if self.group == "inputs" else "postprocessing"
        return [one if isinstance(one, dict) else {} for one in items(self.data.get(word))]

    def axis(self, number: int) -> str:
        """An axis in words: its letter, else its number counted from 1."""
        return f"axis {self.axes[number]}" if number < len(self.axes) else f"number {number + 1}"

    @property
    def _mapping(self) -> Mapping[str, Any]:
        shape = self.data.get("shape")
        return shape if isinstance(shape, dict) else {}


def tensors_of(data: Mapping[str, Any]) -> tuple[Tensor, ...]:
    """Inputs, then outputs, in the order of the file."""
    return tuple(
        Tensor(group, index, one)
        for group in GROUPS
        for index, one in enumerate(items(data.get(group)))
        if isinstance(one, dict)
    )


def smallest(tensor: Tensor, tensors: Mapping[str, Tensor]) -> list[int] | None:
    """The smallest shape that a tensor may have; `None` where a reference cannot be followed."""
    if tensor.implicit is None:
        return tensor.exact if tensor.exact is not None else tensor.stepped[0] if tensor.stepped else None
    chain = list(chain_of(tensor, tensors))
    last = chain[-1]
    shape = last.exact if last.exact is not None else last.stepped[0] if last.stepped else None
    for reference, one in pairwise([last, *reversed(chain[:-1])]):
        implicit = one.implicit
        if shape is None or implicit is None or reference.rank != implicit.old_axes:
            return None
        if len(implicit.scale) != len(implicit.offset) or len(shape) != implicit.old_axes:
            return None
        shape = [int(size) for size in implicit.exact(shape)]
    return shape


def chain_of(tensor: Tensor, tensors: Mapping[str, Tensor]) -> Iterator[Tensor]:
    """A tensor, the one that its shape refers to, and so on; ends where a name is unknown or comes again.

    No further than `_LONGEST_CHAIN` steps: thousands of outputs that refer to each other would be walked for each of them.
    """
    seen: set[str] = set()
    one: Tensor | None = tensor
    while one is not None and one.name not in seen and len(seen) < _LONGEST_CHAIN:
        seen.add(one.name)
        yield one
        one = tensors.get(one.implicit.reference) if one.implicit else None


def _bounded(value: Any) -> float | None:
    number = real(value)
    return number if number is not None and abs(number) < _REACH else None
