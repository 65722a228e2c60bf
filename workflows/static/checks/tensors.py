"""Whether the declared tensors of a 0.4 model fit each other."""

from collections.abc import Iterator
from typing import Any

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.finding import Finding, Level
from workflows.static.rule import Check, Rule
from workflows.static.shapes import implicit, whole_numbers
from workflows.static.words import field, show

GROUPS = (("inputs", "test_input"), ("outputs", "test_output"))


def look(context: Context) -> Iterator[Finding]:
    """Counts, then axes, shape and halo of each tensor."""
    yield from _counts(context)
    yield from _declarations(context, by_name(context.data))


def _counts(context: Context) -> Iterator[Finding]:
    """0.4 `test_inputs`, `test_outputs`: one file for each tensor."""
    for group, role in GROUPS:
        files, tensors = context.data.get(f"{role}s"), context.data.get(group)
        if isinstance(files, list) and isinstance(tensors, list) and len(files) != len(tensors):
            message = f"`{role}s` has {len(files)} files for {len(tensors)} `{group}`."
            fix = f"Give one .npy file for each of the `{group}`, in their order."
            yield Finding("error", "test-files", f"/{role}s", message, fix)


def by_name(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The tensors by their names; the first of two with one name counts."""
    tensors = [tensor for group, _ in GROUPS for tensor in items(data.get(group)) if isinstance(tensor, dict)]
    return {name(tensor): tensor for tensor in reversed(tensors)}


def name(tensor: dict[str, Any]) -> str:
    """0.5 `id`, 0.4 `name`."""
    return str(tensor.get("id", tensor.get("name", "")))


def _declarations(context: Context, tensors: dict[str, dict[str, Any]]) -> Iterator[Finding]:
    """0.4: axes, shape and halo have one length; the smallest output is larger than its halo."""
    for group, _ in GROUPS:
        for index, tensor in enumerate(items(context.data.get(group))):
            if isinstance(tensor, dict) and isinstance(tensor.get("axes"), str):
                yield from _declaration(tensor, pointer_of(group, index), tensors)


def _declaration(tensor: dict[str, Any], at: str, tensors: dict[str, dict[str, Any]]) -> Iterator[Finding]:
    shape = tensor.get("shape")
    reference = shape.get("reference_tensor") if isinstance(shape, dict) else None
    if reference is not None and str(reference) not in tensors:
        message = f"`{field(at)}.shape.reference_tensor` {show(reference)} is the name of no tensor."
        yield Finding("error", "shape", f"{at}/shape/reference_tensor", message, "Name one of the inputs.")
        return
    least = _least(tensor, tensors, 0)
    if least is None:
        return
    if len(least) != len(tensor["axes"]):
        message = f"`{field(at)}` has {len(tensor['axes'])} axes, but a shape of {len(least)}."
        level: Level = "error" if isinstance(shape, dict) and reference is None else "warning"
        yield Finding(level, "shape", f"{at}/shape", message, "Give one number for each axis.")
    halo = whole_numbers(tensor.get("halo")) or [0] * len(least)
    if len(halo) != len(least):
        message = f"`{field(at)}.halo` has {len(halo)} numbers for a shape of {len(least)}."
        yield Finding("error", "halo", f"{at}/halo", message, "Give one number for each axis.")
    elif any(size - 2 * crop < 1 for size, crop in zip(least, halo, strict=True)):
        message = f"The smallest shape {least} of `{field(at)}` leaves nothing once its halo {halo} is cropped."
        fix = "Raise the smallest input shape (`shape.min`), or correct `halo`, `scale` and `offset`."
        yield Finding("error", "halo", at, message, fix)


def _least(tensor: dict[str, Any], tensors: dict[str, dict[str, Any]], depth: int) -> list[int] | None:
    """The smallest shape of a 0.4 tensor; `None` where it cannot be told."""
    shape = tensor.get("shape")
    if isinstance(shape, list):
        return whole_numbers(shape)
    if not isinstance(shape, dict) or depth > len(tensors):
        return None
    if "reference_tensor" not in shape:
        return whole_numbers(shape.get("min"))
    other = tensors.get(str(shape["reference_tensor"]))
    reference = _least(other, tensors, depth + 1) if other is not None else None
    return implicit(shape, tuple(reference)) if reference else None


CHECK = Check(
    look,
    (
        Rule(
            "test-files",
            "There is one test array for each tensor.",
            "Give one .npy file for each of the inputs and outputs, in their order.",
        ),
        Rule(
            "shape",
            "A tensor's axes and shape have one length, and a reference tensor is one of the inputs.",
            "Give one number for each axis.",
        ),
        Rule(
            "halo",
            "A halo has one number for each axis, and leaves something of the smallest output.",
            "Raise the smallest input shape (`shape.min`), or correct `halo`, `scale` and `offset`.",
        ),
    ),
    families=frozenset({"model-0.4"}),
)
