"""What shape an array may have, as the RDF declares it: 0.4 lists and references, 0.5 axes.

0.4: exact, `min + k * step`, or `shape(reference) * scale + 2 * offset`. 0.5: one size for each axis, exact, `min + k * step`,
taken from another tensor's axis (`size * its scale / own scale + offset`), or dependent on the data. The batch axis is free.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.describe.facts import items

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Length:
    """What one axis allows, in words and as a test; `None` lets every length pass."""

    words: str
    allows: Callable[[int], bool]


def declared(
    tensor: dict[str, Any], shapes: Mapping[str, Shape], tensors: Mapping[str, dict[str, Any]]
) -> list[Length] | None:
    """The lengths that a tensor's axes may have; `None` where the RDF does not say it well enough to hold it to it.

    `shapes` are the shapes of the tensors whose files were looked at, by name; `tensors` all tensors, by name.
    """
    if isinstance(tensor.get("axes"), list):
        return [_axis(axis, shapes, tensors) for axis in tensor["axes"]]
    letters = tensor.get("axes")
    lengths = _shape(tensor.get("shape"), shapes)
    if lengths is None or not isinstance(letters, str) or len(letters) != len(lengths):
        return lengths
    return [_any() if letter == "b" else length for letter, length in zip(letters, lengths, strict=True)]


def whole_numbers(value: Any) -> list[int] | None:
    """A list of whole numbers, or `None`."""
    numbers = items(value)
    right = numbers and all(isinstance(number, int) and not isinstance(number, bool) for number in numbers)
    return numbers if right else None


def implicit(shape: dict[str, Any], reference: Shape) -> list[int] | None:
    """0.4 ImplicitOutputShape; axes with scale null are new and take no axis of the reference."""
    scale, offset = items(shape.get("scale")), items(shape.get("offset"))
    if len(scale) != len(offset) or not all(_is_number(value) for value in offset):
        return None
    if not all(value is None or _is_number(value) for value in scale):
        return None
    if len([value for value in scale if value is not None]) != len(reference):
        return None
    rest = iter(reference)
    return [
        int((0 if factor is None else next(rest) * factor) + 2 * shift)
        for factor, shift in zip(scale, offset, strict=True)
    ]


def _shape(shape: Any, shapes: Mapping[str, Shape]) -> list[Length] | None:
    if isinstance(shape, list):
        numbers = whole_numbers(shape)
        return [_exactly(number) for number in numbers] if numbers else None
    if not isinstance(shape, dict):
        return None
    if "reference_tensor" in shape:
        reference = shapes.get(str(shape["reference_tensor"]))
        found = implicit(shape, reference) if reference is not None else None
        return [_exactly(number) for number in found] if found else None
    least, step = whole_numbers(shape.get("min")), whole_numbers(shape.get("step"))
    if not least or not step or len(least) != len(step):
        return None
    return [_stepped(low, by) for low, by in zip(least, step, strict=True)]


def _axis(axis: Any, shapes: Mapping[str, Shape], tensors: Mapping[str, dict[str, Any]]) -> Length:
    if not isinstance(axis, dict) or axis.get("type") == "batch":
        return _any()
    names = axis.get("channel_names")
    size = len(names) if axis.get("type") == "channel" and isinstance(names, list) else axis.get("size")
    if isinstance(size, int) and not isinstance(size, bool):
        return _exactly(size)
    if isinstance(size, dict):
        return _referred(axis, size, shapes, tensors) if "tensor_id" in size else _bounded(size)
    return _any()


def _bounded(size: dict[str, Any]) -> Length:
    """A parametrized size (`min`, `step`) or one that depends on the data (`min`, `max`)."""
    least, step, most = size.get("min", 1), size.get("step"), size.get("max")
    if not isinstance(least, int):
        return _any()
    if isinstance(step, int):
        return _stepped(least, step)
    top = most if isinstance(most, int) else None
    words = f"at least {least}" + (f" and at most {top}" if top is not None else "")
    return Length(words, lambda length: least <= length and (top is None or length <= top))


def _referred(
    axis: dict[str, Any], size: dict[str, Any], shapes: Mapping[str, Shape], tensors: Mapping[str, dict[str, Any]]
) -> Length:
    name = str(size["tensor_id"])
    axes = items(tensors.get(name, {}).get("axes"))
    number = next((at for at, other in enumerate(axes) if _axis_id(other) == size.get("axis_id")), None)
    shape = shapes.get(name)
    if number is None or shape is None or number >= len(shape):
        return _any()
    own, its, offset = axis.get("scale", 1), axes[number].get("scale", 1), size.get("offset", 0)
    if not (_is_number(own) and _is_number(its) and _is_number(offset)) or own <= 0:
        return _any()
    return _exactly(int(shape[number] * its / own + offset))


def _axis_id(axis: Any) -> Any:
    if not isinstance(axis, dict):
        return None
    return axis.get("id", "x" if axis.get("type") == "space" else axis.get("type"))


def _exactly(size: int) -> Length:
    return Length(str(size), lambda length: length == size)


def _stepped(least: int, step: int) -> Length:
    if step <= 0:
        return _exactly(least)
    words = f"{least} + k·{step}"
    return Length(words, lambda length: length >= least and (length - least) % step == 0)


def _any() -> Length:
    return Length("any", lambda _length: True)


def _is_number(value: Any) -> bool:
    """A finite number that arithmetic with lengths bears."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9  # noqa: PLR2004
