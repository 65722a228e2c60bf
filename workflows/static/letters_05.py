"""The axes of a 0.4 tensor, one letter each, as 0.5 writes them."""

from collections.abc import Mapping
from typing import Any

from workflows.static.loose_numbers import whole, wholes
from workflows.static.tensors_05 import LETTERS

_MOST_NAMES = 16  # channels that are named
_KNOWN = frozenset("bitczyx")


def axis_lines(letters: str, tensor: Mapping[str, Any]) -> list[str] | None:
    """One mapping for each letter, with the sizes of the tensor's `shape`; none where they are not known from it."""
    sizes = _sizes(tensor.get("shape"), len(letters))
    if sizes is None or not letters or not _KNOWN.issuperset(letters):
        return None
    found = [_axis(letter, least, step) for letter, (least, step) in zip(letters, sizes, strict=True)]
    return None if None in found else [one for one in found if one is not None]


def _sizes(shape: Any, count: int) -> list[tuple[int, int]] | None:
    """Least size and step of each axis."""
    if isinstance(shape, dict):
        least, step = wholes(shape.get("min")), wholes(shape.get("step"))
    else:
        least = wholes(shape)
        step = [0] * len(least or ())
    if least is None or step is None or not len(least) == len(step) == count:
        return None
    return list(zip(least, step, strict=True)) if all(whole(one) and one > 0 for one in least) else None


def _axis(letter: str, least: int, step: int) -> str | None:
    size = f"{{min: {least}, step: {step}}}" if step else str(least)
    if letter == "b":
        return "{type: batch}"
    if letter == "c":
        names = ", ".join(f"channel{number}" for number in range(min(least, _MOST_NAMES)))
        return None if step or least > _MOST_NAMES else f"{{type: channel, channel_names: [{names}]}}"
    if letter in LETTERS:
        return f"{{type: {LETTERS[letter]}, size: {size}}}"
    return f"{{type: space, id: {letter}, size: {size}}}"
