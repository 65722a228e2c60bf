"""What length each axis of a 0.5 tensor may have: exact, `min + k * step`, taken from another axis, or dependent on the data.

A referring axis has `size * its scale / own scale + offset`, rounded down. An array may be given with or without its halo:
inputs padded by it, outputs cropped.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.describe.facts import items
from workflows.static.shapes import Length, Shape, any_length, exactly, is_number, named, stepped

_AxisName = tuple[str, str]
Tensors = Mapping[str, Mapping[str, Any]]


def lengths(name: str, shapes: Mapping[str, Shape], tensors: Tensors) -> list[Length]:
    """The lengths that the axes of the tensor of this name may have; `shapes` as found, `tensors` as declared, by name."""
    spare = _spare(tensors)
    found = []
    for axis in items(tensors[name].get("axes")):
        length, own = _axis(axis, shapes, tensors), axis_id(axis)
        extra = spare.get((name, own), 0)
        found.append(named(_with_halo(length, extra) if extra else length, own))
    return found


def axis_id(axis: Any) -> str:
    """`id`, else what the specification gives each type."""
    kind = axis.get("type") if isinstance(axis, dict) else None
    return str(axis.get("id", "x" if kind == "space" else kind)) if isinstance(axis, dict) else ""


def _axis(axis: Any, shapes: Mapping[str, Shape], tensors: Tensors) -> Length:
    if not isinstance(axis, dict):
        return any_length()
    names = axis.get("channel_names")
    size = len(names) if axis.get("type") == "channel" and isinstance(names, list) else axis.get("size")
    if isinstance(size, int) and not isinstance(size, bool):
        return exactly(size)
    if isinstance(size, dict):
        return _referred(axis, size, shapes, tensors) if "tensor_id" in size else _bounded(size)
    return any_length()


def _bounded(size: dict[str, Any]) -> Length:
    """A parametrized size (`min`, `step`) or one that depends on the data (`min`, `max`)."""
    least, step, most = size.get("min", 1), size.get("step"), size.get("max")
    if not isinstance(least, int):
        return any_length()
    if isinstance(step, int):
        return stepped(least, step)
    top = most if isinstance(most, int) else None
    words = f"at least {least}" + (f" and at most {top}" if top is not None else "")
    return Length(words, lambda length: least <= length and (top is None or length <= top))


def _referred(axis: dict[str, Any], size: dict[str, Any], shapes: Mapping[str, Shape], tensors: Tensors) -> Length:
    name, shape = str(size["tensor_id"]), shapes.get(str(size["tensor_id"]))
    number, other = _find(tensors, name, size.get("axis_id"))
    if other is None or shape is None or number >= len(shape):
        return any_length()
    own, its, offset = axis.get("scale", 1), other.get("scale", 1), size.get("offset", 0)
    if not (is_number(own) and is_number(its) and is_number(offset)) or own <= 0:
        return any_length()
    right = int(shape[number] * its / own + offset)
    length = exactly(right)
    how = f"{shape[number]}·{its:g}/{own:g}" if its != own else str(shape[number])
    how += f" + {offset}" if offset else ""
    return Length(f"{right} = {how} ({axis_id(other)} of {name[:60]})", length.allows)


def _find(tensors: Tensors, tensor: str, axis: Any) -> tuple[int, dict[str, Any] | None]:
    for number, other in enumerate(items(tensors.get(tensor, {}).get("axes"))):
        if isinstance(other, dict) and axis_id(other) == axis:
            return number, other
    return 0, None


def _spare(tensors: Tensors) -> dict[_AxisName, int]:
    """How much longer an array may be than what is declared of it (outputs), or shorter (inputs, negative)."""
    spare: dict[_AxisName, int] = {}
    for name, axis in _halo_axes(tensors):
        spare[name, axis_id(axis)] = 2 * axis["halo"]
        size = axis["size"]
        _, other = _find(tensors, str(size.get("tensor_id")), size.get("axis_id"))
        own, its = axis.get("scale", 1), 1 if other is None else other.get("scale", 1)
        if other is not None and is_number(own) and is_number(its) and own > 0:
            spare[str(size["tensor_id"]), axis_id(other)] = -2 * int(axis["halo"] / own * its)
    return spare


def _halo_axes(tensors: Tensors) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, tensor in tensors.items():
        for axis in items(tensor.get("axes")):
            if isinstance(axis, dict) and isinstance(axis.get("size"), dict) and is_number(axis.get("halo")):
                yield name, axis


def _with_halo(length: Length, extra: int) -> Length:
    words = f"{length.words} (with or without the halo of {abs(extra) // 2})"
    return Length(words, lambda found: length.allows(found) or length.allows(max(0, found - extra)))
