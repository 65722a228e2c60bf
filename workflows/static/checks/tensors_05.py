"""Whether the tensors of a 0.5 model can be told apart, and what their values mean."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workflows.document import pointer_of
from workflows.static.classes_05 import DTYPES, misfits
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.loose_numbers import real
from workflows.static.rule import Check, Rule
from workflows.static.tensors_05 import Tensor, counted, tensors_of
from workflows.static.words import field, show

_SHOWN = 5


def look(context: Context) -> Iterator[Finding]:
    """Ids over all tensors, then each by itself."""
    tensors = tensors_of(context.data)
    yield from _ids(tensors)
    for tensor in tensors:
        yield from _data(tensor)
        yield from _channel_names(tensor)
        if tensor.data.get("test_tensor") is None and not isinstance(tensor.data.get("axes"), str):
            message = f"`{field(tensor.at)}` has no `test_tensor`: nobody can test the model."
            fix = "Add `test_tensor: {source: ….npy, sha256: …}`."
            yield Finding("policy", "test-tensor", f"{tensor.at}/test_tensor", message, fix)


def _ids(tensors: Sequence[Tensor]) -> Iterator[Finding]:
    """No id twice (0.5 `inputs.id`); bioimageio.spec compares inputs only."""
    seen: dict[str, Tensor] = {}
    for tensor in tensors:
        first = seen.setdefault(tensor.id, tensor)
        if first is tensor or not tensor.id:
            continue
        level = "error" if tensor.group == first.group == "inputs" else "policy"
        message = f"`{field(tensor.at)}` has the id {show(tensor.id)}, as `{field(first.at)}` has."
        fix = "Give each tensor an `id` of its own."
        yield Finding("error" if level == "error" else "policy", "tensor-id", f"{tensor.at}/id", message, fix)


def _data(tensor: Tensor) -> Iterator[Finding]:
    data, at = tensor.data.get("data"), f"{tensor.at}/data"
    if isinstance(data, dict):
        yield from _values(at, data)
    elif isinstance(data, list) and data and all(isinstance(one, dict) for one in data):
        for index, one in enumerate(data):
            yield from _values(at + pointer_of(index), one)
        yield from _channels(tensor, at, data)


def _channels(tensor: Tensor, at: str, data: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """One description for each channel, all of one data type (0.5 `inputs.data`)."""
    types = list(dict.fromkeys(str(_type(one)) for one in data))
    if len(types) > 1:
        message = f"`{field(at)}` describes channels of several types: {', '.join(map(str, types[:_SHOWN]))}."
        yield Finding("error", "data", at, message, "Write the same `type` for all channels.")
    channels = next((one for one in tensor.axes if one.kind == "channel"), None)
    if channels and isinstance(channels.size, int) and channels.size != len(data):
        message = (
            f"`{field(at)}` describes {counted(len(data), 'channel')}; `{field(channels.at)}` has {channels.size}."
        )
        yield Finding("error", "data", at, message, "Describe each channel once, or all together without the list.")


def _type(data: Mapping[str, Any]) -> Any:
    return data.get("type", "uint8" if "values" in data else "float32")


def _values(at: str, data: Mapping[str, Any]) -> Iterator[Finding]:
    kind, values = _type(data), data.get("values")
    if not isinstance(kind, str) or kind not in DTYPES:
        return
    if isinstance(values, list) and (odd := misfits(values, kind)):
        shown = ", ".join(show(one) for one in odd[:_SHOWN])
        message = f"`{field(at)}.values` has {shown}, which {kind} cannot hold."
        yield Finding("error", "data", f"{at}/values", message, "Correct `values`, or write another `type`.")
    bounds = data.get("range")
    if isinstance(bounds, list) and len(bounds) == 2:  # noqa: PLR2004 - the smallest and the largest
        yield from _range(at, kind, real(bounds[0]), real(bounds[1]))


def _range(at: str, kind: str, low: float | None, high: float | None) -> Iterator[Finding]:
    """The specification takes any two numbers."""
    if low is not None and high is not None and low >= high:
        message = f"`{field(at)}.range` begins at {low:g} and ends at {high:g}."
        yield Finding("policy", "data", f"{at}/range", message, "Write the smaller number first.")
        return
    least, most = DTYPES[kind]
    for number in (low, high):
        if number is not None and abs(number) != float("inf") and not least <= number <= most:
            message = f"`{field(at)}.range` has {number:g}; {kind} goes from {least:g} to {most:g}."
            yield Finding("policy", "data", f"{at}/range", message, "Correct `range`, or write another `type`.")


def _channel_names(tensor: Tensor) -> Iterator[Finding]:
    for axis in tensor.axes:
        names = tensor.data["axes"][int(axis.at.rpartition("/")[2])].get("channel_names")
        if axis.kind == "channel" and isinstance(names, list) and all(isinstance(one, str) for one in names):
            again = next((one for index, one in enumerate(names) if one in names[:index]), None)
            if again is not None:
                message = f"`{field(axis.at)}.channel_names` names {show(again)} twice."
                yield Finding(
                    "warning", "channel-names", f"{axis.at}/channel_names", message, "Name each channel once."
                )


CHECK = Check(
    look,
    (
        Rule(
            "tensor-id",
            "No two tensors have one id, be they inputs or outputs.",
            "Give each tensor an `id` of its own.",
            ("error", "policy"),
        ),
        Rule(
            "test-tensor",
            "Each tensor has a test array, so that it can be tested whether the model does what it says.",
            "Add `test_tensor` with `source` and `sha256`.",
            ("policy",),
        ),
        Rule(
            "data",
            "What is said of the values fits their data type, and the channels.",
            "Correct `values`, `range` or `type`.",
            ("error", "policy"),
        ),
        Rule(
            "channel-names",
            "Each channel has a name of its own.",
            "Name each channel once.",
            ("warning",),
        ),
    ),
    families=frozenset({"model-0.5"}),
)
