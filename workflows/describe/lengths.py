"""How long the axes of all tensors are, for one choice among the sizes that an RDF declares."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

FARTHEST = 2**40
"""No axis is longer; what would be is no declaration that is followed."""


@dataclass(frozen=True)
class Span:
    """The lengths that an axis may have; `most` is None where only the data limit it."""

    least: int
    most: int | None

    @classmethod
    def exactly(cls, length: int) -> "Span":
        """One length."""
        return cls(length, length)

    def as_json(self) -> list[int | None]:
        """`[least, most or null]`."""
        return [self.least, self.most]


@dataclass(frozen=True)
class Lengths:
    """Of every axis of every tensor, by index in the RDF."""

    inputs: tuple[tuple[int, ...], ...]
    outputs: tuple[tuple[Span, ...], ...]

    @property
    def sound(self) -> bool:
        """Whether every tensor has elements, on axes of a length that is one."""
        least = chain(chain.from_iterable(self.inputs), (span.least for span in chain.from_iterable(self.outputs)))
        return all(0 < length <= FARTHEST for length in least)


def whole_length(value: float) -> int | None:
    """A computed length, fractions rounded down as the specification says; None for what is none."""
    return int(value) if 0 <= value <= FARTHEST else None


def complete(found: Sequence[int | None]) -> tuple[int, ...] | None:
    """All lengths, or None where one is not known."""
    known = tuple(length for length in found if length is not None)
    return known if len(known) == len(found) else None
