"""Numbers of a 0.4 model that stand there as text, or as true and false: read by bioimageio.spec, and by few others."""

from collections.abc import Iterator
from math import isfinite, isnan
from typing import Any

from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.edits import with_text
from workflows.static.finding import Finding
from workflows.static.loose_numbers import real
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

_WORDS = frozenset({"axes", "mode", "reference_tensor", "name"})
_ENDS = {"inf": ".inf", "infinity": ".inf", "nan": ".nan"}
_Place = tuple[str, Any]


def look(context: Context) -> Iterator[Finding]:
    """Every place where the specification asks for a number, but versions: those may be text."""
    for pointer, value in _places(context):
        if isinstance(value, bool):
            number = "1" if value else "0"
            suggestion = with_text(context.document, pointer, number)
            message = f"`{field(pointer)}` is {show(value)}, where a number is meant."
            yield Finding("warning", "number", pointer, message, f"Write {number}.", suggestion)
        elif isinstance(value, str) and (meant := real(value)) is not None:
            number = _bare(meant)
            suggestion = with_text(context.document, pointer, number)
            message = f"`{field(pointer)}` is the text {show(value)}, where a number is meant."
            yield Finding("warning", "number", pointer, message, f"Write {number} without quotes.", suggestion)


def _places(context: Context) -> Iterator[_Place]:
    data = context.data
    yield "/version_number", data.get("version_number")
    for tensor in context.tensors_04:
        for key in ("shape", "halo", "data_range"):
            yield from _leaves(f"{tensor.at}/{key}", tensor.data.get(key))
        word = "preprocessing" if tensor.group == "inputs" else "postprocessing"
        for index, step in enumerate(tensor.steps):
            yield from _leaves(f"{tensor.at}/{word}/{index}/kwargs", step.get("kwargs"))
    weights = data.get("weights")
    onnx = weights.get("onnx") if isinstance(weights, dict) else None
    if isinstance(onnx, dict):
        yield "/weights/onnx/opset_version", onnx.get("opset_version")


def _leaves(at: str, value: Any) -> Iterator[_Place]:
    """A setting, the numbers of a list, or those of the lists of a mapping; what names something is passed by."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in _WORDS:
                yield from _leaves(at + pointer_of(key), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, str | bool):
                yield f"{at}/{index}", item
    elif isinstance(value, str | bool):
        yield at, value


def _bare(number: float) -> str:
    """The number as YAML writes it."""
    if isnan(number):
        return ".nan"
    return str(_short(number)) if isfinite(number) else ".inf" if number > 0 else "-.inf"


def _short(number: float) -> float:
    """15 for 15.0."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number  # noqa: PLR2004 - exact as a float


CHECK = Check(
    look,
    (
        Rule(
            "number",
            "Numbers are written as numbers, without quotes.",
            "Take the quotes away.",
            ("warning",),
        ),
    ),
    families=frozenset({"model-0.4"}),
)
