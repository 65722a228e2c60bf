"""Whether the test arrays are what the RDF declares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.describe.answer import Reference
from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static import axes
from workflows.static.context import Context
from workflows.static.finding import Finding, Level
from workflows.static.readers.npy import Header, NotAnArray, read_header
from workflows.static.rule import Check, Rule
from workflows.static.shapes import Length, Shape, letters, tensor_name
from workflows.static.words import field, show

_GROUPS = (("inputs", "test_input"), ("outputs", "test_output"))
_FLOATS = frozenset({"float32", "float64"})
_NO_FLOATS = frozenset({"bool", "float16"})


@dataclass(frozen=True)
class _Array:
    """One tensor with its test file and what the file's header says."""

    tensor: Mapping[str, Any]
    reference: Reference
    header: Header | NotAnArray

    @property
    def label(self) -> str:
        return f"`{field(self.reference.pointer)}` {show(self.reference.source)}"


def look(context: Context) -> Iterator[Finding]:
    """Every header first, because tensors refer to each other; then each array, inputs before outputs."""
    arrays = list(_arrays(context))
    shapes = {tensor_name(one.tensor): one.header.shape for one in arrays if isinstance(one.header, Header)}
    tensors = _by_name(context.data)
    for one in arrays:
        yield from _array(one, shapes, tensors)


def _arrays(context: Context) -> Iterator[_Array]:
    by_pointer = {reference.pointer: reference for reference in context.references}
    for group, role in _GROUPS:
        for index, tensor in enumerate(items(context.data.get(group))):
            reference = by_pointer.get(pointer_of(f"{role}s", index)) or by_pointer.get(
                pointer_of(group, index, "test_tensor", "source"),
                by_pointer.get(pointer_of(group, index, "test_tensor")),
            )
            fact = context.files.get(reference.source) if reference else None
            if isinstance(tensor, dict) and reference and fact and fact.path and fact.size != 0:
                try:
                    yield _Array(tensor, reference, read_header(fact.path))
                except NotAnArray as error:
                    yield _Array(tensor, reference, error)


def _by_name(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The tensors by their names; the first of two with one name counts."""
    tensors = [tensor for group, _ in _GROUPS for tensor in items(data.get(group)) if isinstance(tensor, dict)]
    return {tensor_name(tensor): tensor for tensor in reversed(tensors)}


def _array(one: _Array, shapes: Mapping[str, Shape], tensors: axes.Tensors) -> Iterator[Finding]:
    header, pointer = one.header, one.reference.pointer
    if isinstance(header, NotAnArray):
        message = f"{one.label} cannot be opened: {header}."
        yield Finding("error", "test-array", pointer, message, "Save the array with numpy.save.")
    elif header.actual_size != header.file_size:
        message = f"{one.label} has {header.actual_size:,} bytes, but its header announces {header.file_size:,}."
        yield Finding("error", "test-array", pointer, message, "Save and upload the array again.")
    elif 0 in header.shape:
        message = f"{one.label} has the shape {_shape(header.shape)}: it holds no number."
        yield Finding("error", "test-array", pointer, message, "Save an array with something in it.")
    else:
        yield from _shape_fits(one, header, _lengths(one.tensor, shapes, tensors))
        yield from _type_fits(one, header)


def _lengths(tensor: Mapping[str, Any], shapes: Mapping[str, Shape], tensors: axes.Tensors) -> list[Length] | None:
    if not isinstance(tensor.get("axes"), list):
        return letters(tensor, shapes)
    name = tensor_name(tensor)
    return axes.lengths(name, shapes, {**tensors, name: tensor})


def _shape_fits(one: _Array, header: Header, lengths: list[Length] | None) -> Iterator[Finding]:
    if lengths is None:
        return
    if len(lengths) != len(header.shape):
        names = " ".join(length.axis for length in lengths).strip()
        declared = f"{len(lengths)} ({names})" if names else str(len(lengths))
        said = f"has {len(header.shape)} axes {_shape(header.shape)}, but declared are {declared}"
    else:
        wrong = [
            f"axis {length.axis or number} is {size}, but has to be {length.words}"
            for number, (length, size) in enumerate(zip(lengths, header.shape, strict=True))
            if not length.allows(size)
        ]
        said = f"has the shape {_shape(header.shape)}: {'; '.join(wrong)}" if wrong else ""
    if said:
        fix = f"Correct the declared shape of {show(tensor_name(one.tensor))}, or save an array that has it."
        yield Finding("error", "test-shape", one.reference.pointer, f"{one.label} {said}.", fix)


def _shape(shape: Shape) -> str:
    return f"({', '.join(map(str, shape))})"


def _type_fits(one: _Array, header: Header) -> Iterator[Finding]:
    """0.4 `data_type`; 0.5 `data.type`, where any plain number stands for a float, as preprocessing makes it one."""
    wanted, level = _declared_type(one.tensor)
    if wanted is None or wanted == header.dtype:
        return
    if level == "error" and wanted in _FLOATS and header.dtype not in _NO_FLOATS:
        return
    message = f"{one.label} holds {header.dtype}, but declared is {show(wanted)}."
    yield Finding(level, "test-dtype", one.reference.pointer, message, "Save the array in the declared type.")


def _declared_type(tensor: Mapping[str, Any]) -> tuple[str | None, Level]:
    if not isinstance(tensor.get("axes"), list):
        declared = tensor.get("data_type")
        return (declared if isinstance(declared, str) else None), "warning"
    data = tensor.get("data", {})
    data = data[0] if isinstance(data, list) and data else data
    if not isinstance(data, dict):
        return None, "error"
    values = items(data.get("values"))
    declared = data.get("type", None if values else "float32")
    return (declared if isinstance(declared, str) else None), "error"


CHECK = Check(
    look,
    (
        Rule(
            "test-array",
            "Test arrays are .npy files of plain numbers, whole, with at most 8 axes.",
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
            ("error", "warning"),
        ),
    ),
    families=frozenset({"model"}),
    files=True,
)
