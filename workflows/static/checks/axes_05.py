"""Whether the axes of a 0.5 model fit each other."""

from collections.abc import Iterator, Sequence

from workflows.static.context import Context
from workflows.static.edits import with_text
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.tensors_05 import Axis, OfData, Reference, Steps, Tensor, tensors_of
from workflows.static.words import field, near, replace_value, show

_LARGE = 1_000_000  # elements along one axis
_FARTHEST = 10**300  # still a floating point number


def look(context: Context) -> Iterator[Finding]:
    """Tensor by tensor: the axes among themselves, then what they refer to."""
    tensors = tensors_of(context.data)
    for tensor in tensors:
        yield from _among(tensor)
        for axis in tensor.axes:
            yield from _size(axis)
            if isinstance(axis.size, Reference):
                yield from _reference(context, tensor, axis, axis.size, tensors)


def _among(tensor: Tensor) -> Iterator[Finding]:
    """One batch axis at most, and no id twice (0.5 `inputs.axes`)."""
    seen: dict[str, Axis] = {}
    for axis in tensor.axes:
        first = seen.setdefault(axis.id, axis)
        if first is axis or not axis.id:
            continue
        if axis.kind == first.kind == "batch":
            message = f"`{field(axis.at)}` is a second batch axis; a tensor has one at most."
            yield Finding("error", "axes", axis.at, message, "Remove it.")
        else:
            message = f"`{field(axis.at)}` has the id {show(axis.id)}, as `{field(first.at)}` has."
            fix = "Give each axis of a tensor an `id` of its own, such as y and x."
            yield Finding("error", "axes", f"{axis.at}/id", message, fix)


def _size(axis: Axis) -> Iterator[Finding]:
    """What the specification allows, and no array has."""
    size = axis.size
    if isinstance(size, OfData) and size.most is not None and size.most <= size.least:
        message = f"`{field(axis.at)}.size` has a `max` of {size.most}, and a `min` of {size.least}."
        yield Finding("error", "size", f"{axis.at}/size/max", message, "Make `max` more than `min`, or leave it out.")
    elif axis.kind != "channel" and (axis.least or 0) > _LARGE:
        message = f"`{field(axis.at)}` has at least {axis.least:,} elements."
        yield Finding("warning", "size", f"{axis.at}/size", message, "Check the number.")


def _reference(
    context: Context, tensor: Tensor, axis: Axis, size: Reference, tensors: Sequence[Tensor]
) -> Iterator[Finding]:
    """0.5 `SizeReference`: an axis with a size of its own, of any tensor for outputs and of the inputs for inputs."""
    if str(size.offset).endswith(".0"):
        whole, pointer = int(size.offset), f"{axis.at}/size/offset"
        message = f"`{field(pointer)}` is {size.offset}, but has to be a whole number without a point."
        suggestion = with_text(context.document, pointer, str(whole))
        yield Finding("error", "size-reference", pointer, message, f"Write {whole}.", suggestion)
    known: dict[str, Tensor] = {}
    for one in tensors:
        if one.id and (tensor.group == "outputs" or one.group == "inputs"):
            known.setdefault(one.id, one)
    other = known.get(size.tensor)
    if other is None:
        there = size.tensor in {one.id for one in tensors}
        words = "the id of an output, from which an input takes no size" if there else "the id of no tensor"
        yield _nowhere(context, f"{axis.at}/size/tensor_id", size.tensor, list(known), words)
        return
    target = other.axis(size.axis)
    if target is None and other.whole:
        ids = list(dict.fromkeys(one.id for one in other.axes if one.kind != "batch"))
        yield _nowhere(context, f"{axis.at}/size/axis_id", size.axis, ids, f"the id of no axis of {other.id}")
    elif target is not None:
        wrong = list(_target(axis, size, target))
        yield from wrong or _computed(axis, size, target)


def _nowhere(context: Context, pointer: str, name: str, known: list[str], words: str) -> Finding:
    guess = near(name, known, 0.5) if len(known) > 1 else next(iter(known), None)
    message = f"`{field(pointer)}` {show(name)} is {words}."
    fix = (
        f"Write one of {', '.join(known[:8])}." if len(known) > 1 else f"Write {guess}." if guess else "Write a number."
    )
    suggestion = replace_value(context.document, pointer, name, guess) if guess and guess != name else None
    return Finding("error", "size-reference", pointer, message, fix, suggestion)


def _target(axis: Axis, size: Reference, target: Axis) -> Iterator[Finding]:
    """An axis that may be referred to, in the same unit."""
    at, name = f"{axis.at}/size", f"{show(size.axis)} of {show(size.tensor)}"
    if target.at == axis.at:
        message = f"`{field(at)}` refers to the axis itself."
        yield Finding("error", "size-reference", at, message, "Refer to an axis that has a size of its own.")
    elif target.kind == "batch":
        message = f"`{field(at)}` refers to the batch axis {name}, which has no size."
        yield Finding("error", "size-reference", at, message, "Refer to another axis, or write a number.")
    elif isinstance(target.size, Reference):
        message = f"`{field(at)}` refers to {name}, which itself refers to {show(target.size.axis)} of {show(target.size.tensor)}."
        yield Finding("error", "size-reference", at, message, "Refer to an axis that has a size of its own.")
    elif isinstance(target.size, OfData):
        message = f"`{field(at)}` refers to {name}, whose size depends on the data."
        yield Finding(
            "error", "size-reference", at, message, "Refer to an axis with a number, or with `min` and `step`."
        )
    elif axis.unit != target.unit:
        message = (
            f"`{field(axis.at)}` has {_unit(axis)}, but the axis that its size refers to, {name}, has {_unit(target)}."
        )
        yield Finding("error", "unit", f"{axis.at}/unit", message, "Write the same `unit` at both.")


def _unit(axis: Axis) -> str:
    return f"the unit {axis.unit}" if axis.unit else "no unit"


def _computed(axis: Axis, size: Reference, target: Axis) -> Iterator[Finding]:
    """What comes out for the smallest input, and what the halo leaves of it."""
    if target.least is None or axis.scale is None or target.scale is None:
        return
    exact = target.least * target.scale / axis.scale + size.offset
    least, how = int(exact), f"{target.least}·{target.scale:g}/{axis.scale:g} + {size.offset:g}"
    if axis.halo is not None and least - 2 * axis.halo < 1:
        message = f"`{field(axis.at)}` has {least} elements at least ({how}): its halo of {axis.halo} leaves nothing."
        yield Finding("error", "halo-size", f"{axis.at}/halo", message, _fix_halo(target))
    elif (
        axis.halo is not None
        and abs(axis.halo) < _FARTHEST
        and not (axis.halo * axis.scale / target.scale).is_integer()
    ):
        wide = axis.halo * axis.scale / target.scale
        message = (
            f"`{field(axis.at)}.halo` {axis.halo} is {wide:g} elements of {show(size.axis)} of {show(size.tensor)}."
        )
        fix = "Choose `halo` and `scale` so that halo · scale / scale of the other axis is a whole number."
        yield Finding("error", "halo-size", f"{axis.at}/halo", message, fix)
    elif least < 1:
        message = f"`{field(axis.at)}` has {least} elements for the smallest input ({how})."
        yield Finding("policy", "size", f"{axis.at}/size", message, "Raise the other axis' smallest size, or `offset`.")
    elif not exact.is_integer() or not (_step(target) * target.scale / axis.scale).is_integer():
        message = f"`{field(axis.at)}` has no whole number of elements ({how}); it is rounded down."
        fix = "Choose sizes, steps and scales that give whole numbers, so that tools agree on the size."
        yield Finding("warning", "size", f"{axis.at}/size", message, fix)


def _step(axis: Axis) -> int:
    return axis.size.step if isinstance(axis.size, Steps) else 0


def _fix_halo(target: Axis) -> str:
    where = f"`{field(target.at)}.size`"
    return f"Raise {where if isinstance(target.size, int) else where.replace('size`', 'size.min`')}, or lower `halo`."


CHECK = Check(
    look,
    (
        Rule(
            "axes",
            "A tensor has one batch axis at most, and no two axes of one id.",
            "Give each axis an `id` of its own; `space` axes without one are called x.",
        ),
        Rule(
            "size",
            "Sizes are such that an array can have them, also those that are computed from others.",
            "Correct `size`, `scale` or `offset`.",
            ("error", "policy", "warning"),
        ),
        Rule(
            "size-reference",
            "A size refers to an axis that there is, and that has a size of its own: a number, or `min` and `step`.",
            "Write `tensor_id` and `axis_id` of such an axis.",
        ),
        Rule(
            "unit",
            "An axis and the one that its size refers to have the same unit.",
            "Write the same `unit` at both.",
        ),
        Rule(
            "halo-size",
            "A halo leaves something of the smallest output, and is a whole number of elements of the axis that the size refers to.",
            "Raise the smallest input size, or lower `halo`.",
        ),
    ),
    families=frozenset({"model-0.5"}),
)
