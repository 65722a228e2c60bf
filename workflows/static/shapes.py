"""What shape an array may have, as the RDF declares it: 0.4 lists and references, 0.5 axes.

0.4: exact, `min + k * step`, or `shape(reference) * scale + 2 * offset`; the batch axis is free. 0.5 is in `axes.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.describe.facts import items

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Length:
    """What one axis allows, in words that follow "has to be" and as a test, with the axis's own name."""

    words: str
    allows: Callable[[int], bool]
    axis: str = ""


def tensor_name(tensor: Mapping[str, Any]) -> str:
    """0.5 `id`, 0.4 `name`."""
    return str(tensor.get("id", tensor.get("name", "")))


def letters(tensor: Mapping[str, Any], shapes: Mapping[str, Shape]) -> list[Length] | None:
    """The lengths that a 0.4 tensor's axes may have; `None` where the RDF does not say it well enough.

    `shapes` are the shapes of the tensors whose files were looked at, by name.
    """
    axes, lengths = tensor.get("axes"), _shape(tensor.get("shape"), shapes)
    if lengths is None:
        return None
    names = list(axes) if isinstance(axes, str) and len(axes) == len(lengths) else [""] * len(lengths)
    return [named(any_length() if name == "b" else length, name) for name, length in zip(names, lengths, strict=True)]


def whole_numbers(value: Any) -> list[int] | None:
    """A list of whole numbers, or `None`."""
    numbers = items(value)
    right = numbers and all(isinstance(number, int) and not isinstance(number, bool) for number in numbers)
    return numbers if right else None


def implicit(shape: dict[str, Any], reference: Shape) -> list[int] | None:
    """0.4 ImplicitOutputShape; axes with scale null are new and take no axis of the reference."""
    terms = _terms(shape, reference)
    return None if terms is None else [_value(term) for term in terms]


_Term = tuple[int | None, float | None, float]
"""Length of the reference's axis (`None` for a new one), scale, offset."""


def _terms(shape: dict[str, Any], reference: Shape) -> list[_Term] | None:
    scale, offset = items(shape.get("scale")), items(shape.get("offset"))
    if len(scale) != len(offset) or not all(is_number(value) for value in offset):
        return None
    if not all(value is None or is_number(value) for value in scale):
        return None
    if len([value for value in scale if value is not None]) != len(reference):
        return None
    rest = iter(reference)
    return [
        (None if factor is None else next(rest), factor, shift) for factor, shift in zip(scale, offset, strict=True)
    ]


def _value(term: _Term) -> int:
    length, factor, shift = term
    return int((0 if length is None or factor is None else length * factor) + 2 * shift)


def _term_length(term: _Term) -> Length:
    length, factor, shift = term
    number = _value(term)
    how = f"{length}·{factor:g} + 2·{shift:g}" if length is not None else f"2·{shift:g}"
    return Length(f"{number} = {how}", lambda found: found == number)


def _shape(shape: Any, shapes: Mapping[str, Shape]) -> list[Length] | None:
    if isinstance(shape, list):
        numbers = whole_numbers(shape)
        return [exactly(number) for number in numbers] if numbers else None
    if not isinstance(shape, dict):
        return None
    if "reference_tensor" in shape:
        reference = shapes.get(str(shape["reference_tensor"]))
        terms = _terms(shape, reference) if reference is not None else None
        return [_term_length(term) for term in terms] if terms else None
    least, step = whole_numbers(shape.get("min")), whole_numbers(shape.get("step"))
    if not least or not step or len(least) != len(step):
        return None
    return [stepped(low, by) for low, by in zip(least, step, strict=True)]


def named(length: Length, axis: str) -> Length:
    """The same for an axis of this name."""
    return Length(length.words, length.allows, axis)


def exactly(size: int) -> Length:
    """One size."""
    return Length(str(size), lambda length: length == size)


def stepped(least: int, step: int) -> Length:
    """`min + k * step`."""
    if step <= 0:
        return exactly(least)
    words = f"{least} + k·{step}"
    return Length(words, lambda length: length >= least and (length - least) % step == 0)


def any_length() -> Length:
    """No bound."""
    return Length("any", lambda _length: True)


def is_number(value: Any) -> bool:
    """A finite number that arithmetic with lengths bears."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9  # noqa: PLR2004
