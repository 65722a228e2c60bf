"""A model's outputs in the RDF's order, however the framework hands them over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflows.dynamic.adapters.arranged import arranged, by_name_or_place

if TYPE_CHECKING:
    from collections.abc import Sequence


def in_order(outputs: Any, declared: Sequence[str], names: Sequence[str] = ()) -> list[Any]:
    """One output, a list or tuple (`names` where the framework names its places), or a mapping by name.

    UnarrangedError for a mapping of other names in no sure order.
    """
    if isinstance(outputs, Mapping):
        return [outputs[name] for name in arranged(declared, [*map(str, outputs)], "outputs")]
    if not isinstance(outputs, list | tuple):
        return [outputs]
    if len(names) != len(outputs):
        return list(outputs)
    placed = dict(zip(names, outputs, strict=True))
    return [placed[name] for name in by_name_or_place(declared, names)] if len(placed) == len(names) else list(outputs)
