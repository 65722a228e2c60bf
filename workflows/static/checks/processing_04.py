"""Whether the pre- and postprocessing of a 0.4 model makes sense: what the schema cannot say of names and numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.loose_numbers import real, reals
from workflows.static.rule import Check, Rule
from workflows.static.tensors_04 import Tensor
from workflows.static.words import field, near, replace_value, show

_BOUNDS = {"eps": (0.0, 0.1), "min_percentile": (0.0, 100.0), "max_percentile": (1.0, 100.0)}
_OPEN_AXES = frozenset({"scale_linear", "scale_mean_variance"})
_NUMBERS = frozenset({"threshold", "min", "max", "gain", "offset", "mean", "std", *_BOUNDS})


@dataclass(frozen=True)
class _Step:
    """One step of a tensor; `at` is the pointer of its kwargs."""

    tensor: Tensor
    name: str
    at: str
    kwargs: Mapping[str, Any]

    def number(self, key: str) -> float | None:
        """A setting that is a number."""
        return real(self.kwargs.get(key))


def look(context: Context) -> Iterator[Finding]:
    """Each step, in the order of the file."""
    tensors = context.tensors_04
    inputs = [tensor.name for tensor in tensors if tensor.group == "inputs" and tensor.name]
    for tensor in tensors:
        for step in _steps(tensor):
            yield from _numbers(step)
            yield from _axes(step)
            yield from _reference(context, step, inputs)
            yield from _order(step)
            yield from _scaling(step)
            yield from _each_channel(step)


def _steps(tensor: Tensor) -> Iterator[_Step]:
    word = "preprocessing" if tensor.group == "inputs" else "postprocessing"
    for index, step in enumerate(tensor.steps):
        name, kwargs = step.get("name"), step.get("kwargs")
        if isinstance(name, str) and isinstance(kwargs, dict):
            yield _Step(tensor, name, f"{tensor.at}/{word}/{index}/kwargs", kwargs)


def _numbers(step: _Step) -> Iterator[Finding]:
    """Settings have an end; those that stand there as text keep the bounds that the schema asks of numbers."""
    for key in _NUMBERS & step.kwargs.keys():
        pointer, given = f"{step.at}/{key}", step.kwargs[key]
        found = [real(one) for one in given] if isinstance(given, list) else [real(given)]
        if any(number is not None and not isfinite(number) for number in found):
            message = f"`{field(pointer)}` is no number with an end."
            yield Finding("error", "processing", pointer, message, "Write a number.")
        elif key in _BOUNDS and isinstance(given, str | bool) and found[0] is not None and not _within(key, found[0]):
            low, high = _BOUNDS[key]
            message = f"`{field(pointer)}` is {show(given)}, which is not between {low:g} and {high:g}."
            yield Finding("error", "processing", pointer, message, "Write a number between them.")


def _within(key: str, number: float) -> bool:
    """`min_percentile` takes its lower end, the others their upper one."""
    low, high = _BOUNDS[key]
    return low <= number < high if key == "min_percentile" else low < number <= high


def _axes(step: _Step) -> Iterator[Finding]:
    """`kwargs.axes` are axes of the tensor; bioimageio.spec refuses postprocessing that leaves them open."""
    axes, pointer = step.kwargs.get("axes"), f"{step.at}/axes"
    strange = [letter for letter in axes if letter not in step.tensor.axes] if isinstance(axes, str) else []
    if strange and step.tensor.axes:
        message = (
            f"`{field(pointer)}` {show(axes)} has {show(strange[0])}, which is no axis of {show(step.tensor.axes)}."
        )
        yield Finding("error", "processing", pointer, message, "Name some of the tensor's own axes.")
    elif axes is None and step.tensor.group == "outputs" and step.name in _OPEN_AXES:
        message = f"`{field(step.at)}` does not say over which axes."
        example = "".join(letter for letter in step.tensor.axes if letter in "czyx") or "xy"
        yield Finding("error", "processing", pointer, message, f"Add `axes: {example}`, or some of them.")


def _reference(context: Context, step: _Step, inputs: list[str]) -> Iterator[Finding]:
    """`reference_tensor` is an input, and in preprocessing another one."""
    name, pointer = step.kwargs.get("reference_tensor"), f"{step.at}/reference_tensor"
    if not isinstance(name, str):
        return
    if name not in inputs:
        guess = near(name, inputs)
        message = f"`{field(pointer)}` {show(name)} is the name of no input."
        fix = f"Did you mean {guess!r}?" if guess else f"Name one of the inputs: {', '.join(map(show, inputs[:8]))}."
        suggestion = replace_value(context.document, pointer, name, guess) if guess else None
        yield Finding("error", "processing", pointer, message, fix, suggestion)
    elif step.tensor.group == "inputs" and name == step.tensor.name:
        message = f"`{field(pointer)}` {show(name)} is the tensor itself."
        yield Finding("error", "processing", pointer, message, "Leave it out: the tensor itself is what is used then.")


def _order(step: _Step) -> Iterator[Finding]:
    """Lower ends are below upper ones. The specification asks it of percentiles."""
    if step.name == "scale_range":
        low, high = step.kwargs.get("min_percentile", 0), step.kwargs.get("max_percentile", 100)
        least, most = real(low), real(high)
        if least is not None and most is not None and 1 < most <= least < 100:  # noqa: PLR2004 - else the schema says it
            message = f"`{field(step.at)}` scales from the percentile {show(low)} up to {show(high)}."
            yield Finding("error", "processing", step.at, message, "Write the lower percentile as `min_percentile`.")
    elif step.name == "clip":
        least, most = step.number("min"), step.number("max")
        if least is not None and most is not None and least >= most:
            message = f"`{field(step.at)}` clips to values from {least:g} to {most:g}."
            yield Finding("warning", "processing", step.at, message, "Write the lower value as `min`.")


def _scaling(step: _Step) -> Iterator[Finding]:
    """A scaling that changes nothing is refused; one by a standard deviation of 0 blows up."""
    if step.name == "scale_linear":
        gain, offset = _values(step, "gain", 1.0), _values(step, "offset", 0.0)
        if gain is not None and offset is not None and {*gain} <= {1.0} and {*offset} <= {0.0}:
            message = f"`{field(step.at)}` changes nothing: it multiplies by 1 and adds 0."
            yield Finding(
                "error", "processing", step.at, message, "Give a `gain` other than 1 or an `offset` other than 0."
            )
    deviations = _values(step, "std", 1.0) if step.name == "zero_mean_unit_variance" else None
    if deviations and min(deviations) <= 0:
        message = f"`{field(step.at)}.std` is {min(deviations):g}: standard deviations are more than 0."
        yield Finding("warning", "processing", f"{step.at}/std", message, "Write the standard deviation of the data.")


def _each_channel(step: _Step) -> Iterator[Finding]:
    """Lists of one number for each have one length."""
    for one, other in (("gain", "offset"), ("mean", "std")):
        first, second = step.kwargs.get(one), step.kwargs.get(other)
        if isinstance(first, list) and isinstance(second, list) and len(first) != len(second):
            message = f"`{field(step.at)}` has {len(first)} numbers in `{one}`, but {len(second)} in `{other}`."
            yield Finding(
                "warning", "processing", f"{step.at}/{other}", message, "Give as many of one as of the other."
            )


def _values(step: _Step, key: str, default: float) -> list[float] | None:
    given = step.kwargs.get(key, default)
    return reals(given if isinstance(given, list) else [given])


CHECK = Check(
    look,
    (
        Rule(
            "processing",
            "Pre- and postprocessing names axes and inputs that exist, and its numbers make sense.",
            "Correct the setting that is named.",
            ("error", "warning"),
        ),
    ),
    families=frozenset({"model-0.4"}),
)
