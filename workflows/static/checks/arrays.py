"""Whether the test arrays are what the RDF declares."""

from collections.abc import Iterator
from typing import Any

from workflows.describe.answer import Reference
from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.checks.tensors import GROUPS, by_name, name
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.npy import Header, NotAnArray, read_header
from workflows.static.rule import Check, Rule
from workflows.static.shapes import Shape, declared
from workflows.static.words import field, show


def look(context: Context) -> Iterator[Finding]:
    """The header of each test array, inputs before outputs."""
    tensors = by_name(context.data)
    shapes: dict[str, Shape] = {}
    for group, role in GROUPS:
        for index, tensor in enumerate(items(context.data.get(group))):
            reference = _test_file(context, group, role, index)
            if isinstance(tensor, dict) and reference is not None:
                yield from _array(context, tensor, reference, shapes, tensors)


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


CHECK = Check(
    look,
    (
        Rule(
            "test-array",
            "Test arrays are .npy files of plain numbers, whole.",
            "Save the array with numpy.save.",
        ),
        Rule(
            "test-shape",
            "A test array has the shape that the RDF declares.",
            "Correct the declared shape, or save an array that has it.",
        ),
        Rule(
            "test-dtype",
            "A test array holds the declared type of numbers.",
            "Save the array in the declared type.",
        ),
    ),
    families=frozenset({"model"}),
    files=True,
)
