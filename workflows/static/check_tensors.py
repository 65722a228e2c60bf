"""Whether the test arrays fit the declared tensors, and the declared tensors each other."""

from collections.abc import Iterator
from typing import Any

from workflows.describe.answer import Reference
from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.finding import Context, Finding, Level
from workflows.static.npy import Header, NotAnArray, read_header
from workflows.static.shapes import Shape, declared, implicit, whole_numbers
from workflows.static.words import field, show

_GROUPS = (("inputs", "test_input"), ("outputs", "test_output"))


def look(context: Context) -> Iterator[Finding]:
    """Counts, declared shapes, then the header of each test array, inputs before outputs."""
    if context.kind != "model":
        return
    yield from _counts(context)
    tensors = _by_name(context.data)
    yield from _declarations(context, tensors)
    shapes: dict[str, Shape] = {}
    for group, role in _GROUPS:
        for index, tensor in enumerate(items(context.data.get(group))):
            reference = _test_file(context, group, role, index)
            if isinstance(tensor, dict) and reference is not None:
                yield from _array(context, tensor, reference, shapes, tensors)


def _counts(context: Context) -> Iterator[Finding]:
    """0.4 `test_inputs`, `test_outputs`: one file for each tensor."""
    for group, role in _GROUPS:
        files, tensors = context.data.get(f"{role}s"), context.data.get(group)
        if isinstance(files, list) and isinstance(tensors, list) and len(files) != len(tensors):
            message = f"`{role}s` has {len(files)} files for {len(tensors)} `{group}`."
            fix = f"Give one .npy file for each of the `{group}`, in their order."
            yield Finding("error", "test-files", f"/{role}s", message, fix)


def _by_name(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    tensors = [tensor for group, _ in _GROUPS for tensor in items(data.get(group)) if isinstance(tensor, dict)]
    return {name(tensor): tensor for tensor in reversed(tensors)}


def name(tensor: dict[str, Any]) -> str:
    """0.5 `id`, 0.4 `name`."""
    return str(tensor.get("id", tensor.get("name", "")))


def _declarations(context: Context, tensors: dict[str, dict[str, Any]]) -> Iterator[Finding]:
    """0.4: axes, shape and halo have one length; the smallest output is larger than its halo."""
    for group, _ in _GROUPS:
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


def _test_file(context: Context, group: str, role: str, index: int) -> Reference | None:
    wanted = {pointer_of(f"{role}s", index), pointer_of(group, index, "test_tensor", "source")}
    return next((reference for reference in context.references if reference.pointer in wanted), None)


def _array(
    context: Context,
    tensor: dict[str, Any],
    reference: Reference,
    shapes: dict[str, Shape],
    tensors: dict[str, dict[str, Any]],
) -> Iterator[Finding]:
    fact, pointer = context.files.get(reference.source), reference.pointer
    if fact is None or fact.path is None:
        return
    try:
        header = read_header(fact.path)
    except NotAnArray as error:
        message = f"`{field(pointer)}` {show(reference.source)} cannot be opened: {error}."
        yield Finding("error", "test-array", pointer, message, "Save the array with numpy.save.")
        return
    size = fact.path.stat().st_size
    if size != header.file_size:
        message = f"`{field(pointer)}` has {size:,} bytes, but its header announces {header.file_size:,}."
        yield Finding("error", "test-array", pointer, message, "Save and upload the array again.")
        return
    yield from _fits(tensor, reference, header, declared(tensor, shapes, tensors))
    shapes[name(tensor)] = header.shape


def _fits(tensor: dict[str, Any], reference: Reference, header: Header, lengths: Any) -> Iterator[Finding]:
    pointer = reference.pointer
    if lengths is not None and (
        len(lengths) != len(header.shape)
        or not all(length.allows(size) for length, size in zip(lengths, header.shape, strict=True))
    ):
        wanted = ", ".join(length.words for length in lengths)
        got = ", ".join(map(str, header.shape))
        message = f"`{field(pointer)}` {show(reference.source)} has the shape ({got}); declared is ({wanted})."
        fix = f"Correct the declared shape of {show(name(tensor))}, or save an array that has it."
        yield Finding("error", "test-shape", pointer, message, fix)
    wanted_type = tensor.get("data_type")
    if isinstance(wanted_type, str) and wanted_type != header.dtype:
        message = f"`{field(pointer)}` {show(reference.source)} holds {header.dtype}; declared is {show(wanted_type)}."
        yield Finding("warning", "test-dtype", pointer, message, "Save the array in the declared type.")
