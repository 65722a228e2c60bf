"""What a 0.4 model says of each tensor besides its shape, and whether each has its test array."""

from collections.abc import Iterator

from workflows.static.context import Context
from workflows.static.edits import with_value
from workflows.static.finding import Finding
from workflows.static.loose_numbers import real
from workflows.static.rule import Check, Rule
from workflows.static.tensors_04 import GROUPS, Tensor
from workflows.static.words import field, show

_LIMITS = {
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    "bool": (0, 1),
}
_ARRAYS = {"inputs": "test_inputs", "outputs": "test_outputs"}


def look(context: Context) -> Iterator[Finding]:
    """Test arrays, then axes, type and range of each tensor."""
    yield from _counts(context)
    for tensor in context.tensors_04:
        yield from _batch(context, tensor)
        yield from _type(tensor)
        yield from _range(tensor)


def _counts(context: Context) -> Iterator[Finding]:
    """0.4 `test_inputs`, `test_outputs`: one file for each tensor."""
    for group in GROUPS:
        role = _ARRAYS[group]
        files, tensors = context.data.get(role), context.data.get(group)
        if isinstance(files, list) and isinstance(tensors, list) and len(files) != len(tensors):
            message = f"`{role}` has {len(files)} {_files(len(files))} for {len(tensors)} `{group}`."
            fix = f"Give one .npy file for each of the `{group}`, in their order."
            yield Finding("policy", "test-files", f"/{role}", message, fix)


def _files(count: int) -> str:
    return "file" if count == 1 else "files"


def _batch(context: Context, tensor: Tensor) -> Iterator[Finding]:
    """An input's batch axis is declared as 1 and does not grow; a consumer may always give more."""
    number, shape = tensor.axes.find("b"), f"{tensor.at}/shape"
    least, step = tensor.stepped or (tensor.exact, None)
    if tensor.group != "inputs" or number < 0 or least is None:
        return
    where = f"{shape}/min" if step else shape
    if number >= len(least) or (step and number >= len(step)):
        message = f"`{field(shape)}` has no number for the batch axis (b) of {show(tensor.axes)}."
        yield Finding("error", "batch", shape, message, "Give one number for each axis, 1 for the batch axis.")
        return
    if step and step[number] != 0:
        message = f"`{field(shape)}.step` lets the batch axis (b) grow by {show(step[number])}."
        pointer = f"{shape}/step/{number}"
        suggestion = with_value(context.document, pointer, 0)
        yield Finding(
            "error", "batch", pointer, message, "Write 0: any number of samples may be given anyway.", suggestion
        )
    if least[number] != 1:
        message = f"`{field(where)}` gives the batch axis (b) the size {show(least[number])}."
        pointer = f"{where}/{number}"
        suggestion = with_value(context.document, pointer, 1)
        yield Finding(
            "error", "batch", pointer, message, "Write 1: any number of samples may be given anyway.", suggestion
        )


def _type(tensor: Tensor) -> Iterator[Finding]:
    """0.4 `inputs.data_type`: consumers give float32."""
    kind, pointer = tensor.data.get("data_type"), f"{tensor.at}/data_type"
    if tensor.group == "inputs" and kind in ("uint8", "uint16"):
        message = (
            f"`{field(pointer)}` is {show(kind)}, but the specification only promises that inputs are given as float32."
        )
        yield Finding("warning", "data-type", pointer, message, "Write float32, if the model takes it.")


def _range(tensor: Tensor) -> Iterator[Finding]:
    """0.4 `data_range`: smallest and largest value, of those that `data_type` can hold."""
    pointer, given = f"{tensor.at}/data_range", tensor.data.get("data_range")
    ends = [real(one) for one in given] if isinstance(given, list) else []
    if len(ends) != 2 or ends[0] is None or ends[1] is None:  # noqa: PLR2004 - a range has two ends
        return
    low, high = ends[0], ends[1]
    if not low < high:
        message = f"`{field(pointer)}` goes from {low:g} to {high:g}, which holds no two values."
        yield Finding("warning", "data-range", pointer, message, "Write the smallest value, then the largest.")
        return
    kind = str(tensor.data.get("data_type"))
    limits = _LIMITS.get(kind)
    if limits and (_beyond(low, limits) or _beyond(high, limits)):
        message = f"`{field(pointer)}` goes from {low:g} to {high:g}, but {kind} holds {limits[0]:,} to {limits[1]:,}."
        yield Finding(
            "warning", "data-range", pointer, message, "Narrow the range, or leave it out for all that the type holds."
        )


def _beyond(end: float, limits: tuple[int, int]) -> bool:
    """No limit (±inf) says no more than the type itself does."""
    return abs(end) != float("inf") and not limits[0] <= end <= limits[1]


CHECK = Check(
    look,
    (
        Rule(
            "test-files",
            "There is one test array for each tensor.",
            "Give one .npy file for each of the inputs and outputs, in their order.",
            ("policy",),
        ),
        Rule(
            "batch",
            "The batch axis of an input has the size 1 and the step 0: any number of samples may be given anyway.",
            "Write 1 in `shape` (or `shape.min`) and 0 in `shape.step` for the axis b.",
        ),
        Rule(
            "data-type",
            "Inputs are given as float32.",
            "Write `data_type: float32`, if the model takes it.",
            ("warning",),
        ),
        Rule(
            "data-range",
            "A range goes from the smallest to the largest value, of those that the data type holds.",
            "Write the smallest value, then the largest; `-.inf` and `.inf` for no limit.",
            ("warning",),
        ),
    ),
    families=frozenset({"model-0.4"}),
)
