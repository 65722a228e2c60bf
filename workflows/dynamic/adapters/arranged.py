"""Which tensor of the weights is which of the RDF: by name where the names match, else by an order that is sure.

A saved model's and a graph model's tensors have names and no order: what reads them sorts the names. A guess would swap
two outputs and let the model fail at the wrong question, so where nothing tells, it is refused with both lists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERED = re.compile(r"(.*?)[_:]?(\d*)\Z", re.DOTALL)


class UnarrangedError(ValueError):
    """Names do not match and no order is sure; the message holds both lists."""


def by_name_or_place(declared: Sequence[str], found: Sequence[str]) -> list[str]:
    """For each declared tensor its name in the weights, which have an order of their own (ONNX, Keras).

    By name where all declared names are there, else by place. Fewer found than declared are told by a shorter list.
    """
    return list(declared) if {*declared} <= {*found} else list(found[: len(declared)])


def arranged(declared: Sequence[str], found: Sequence[str], what: str) -> list[str]:
    """For each declared tensor its name in weights without an order; `what` is "inputs" or "outputs".

    In this order: all declared names are there; one of each; names that differ in their numbers alone (`output_0`,
    `output_1`, ..., `output_10`; `dense`, `dense_1`), by number. Else UnarrangedError.
    """
    if {*declared} <= {*found}:
        return list(declared)
    if len(found) < len(declared):
        raise UnarrangedError(f"{_both(declared, found, what)}: there are fewer than declared")
    if len(declared) == len(found) == 1:
        return list(found)
    numbered = by_number(found)
    if not numbered:
        hint = f"give the {what} of the description the names that they have in the weights"
        raise UnarrangedError(f"{_both(declared, found, what)}: which is which cannot be told; {hint}")
    return numbered[: len(declared)]


def by_number(names: Sequence[str]) -> list[str]:
    """The names in the order of their numbers; empty where they differ in more. A name without one comes first."""
    parts = {name: matched.groups() for name in names if (matched := _NUMBERED.match(name))}
    stems = {stem for stem, _ in parts.values()}
    numbers = {name: int(number) if number else -1 for name, (_, number) in parts.items()}
    if len(stems) != 1 or len({*numbers.values()}) != len(names):
        return []
    return sorted(names, key=lambda name: numbers[name])


def _both(declared: Sequence[str], found: Sequence[str], what: str) -> str:
    return f"the description's {what} are {_listed(declared)}, those of the weights are {_listed(found)}"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name[:60]}`" for name in names[:8])
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "") or "none"  # noqa: PLR2004 - a sentence bears so many
