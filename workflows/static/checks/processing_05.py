"""Whether the settings of a 0.5 model's processing steps fit the tensors, and each other."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.loose_numbers import real, reals
from workflows.static.rule import Check, Rule
from workflows.static.tensors_05 import Tensor, counted, read_id, tensors_of
from workflows.static.words import field, near, replace_value, show

_ALONG = {
    "binarize": ("threshold",),
    "fixed_zero_mean_unit_variance": ("mean", "std"),
    "scale_linear": ("gain", "offset"),
}


_LIMITS = {
    "eps": (1e-300, 0.1, "more than 0 and at most 0.1"),
    "min_percentile": (0, 99.999999, "at least 0 and less than 100"),
    "max_percentile": (1.000001, 100, "more than 1 and at most 100"),
    "std": (1e-6, 1e300, "at least 1e-6"),
}


def look(context: Context) -> Iterator[Finding]:
    """Step by step: what it refers to, then its numbers."""
    tensors = tensors_of(context.data)
    inputs = list(dict.fromkeys(one.id for one in tensors if one.group == "inputs"))
    for tensor in tensors:
        for at, step, kwargs in tensor.steps:
            yield from _axes(context, tensor, f"{at}/kwargs", step, kwargs)
            yield from _axis(tensor, f"{at}/kwargs", step, kwargs)
            yield from _reference(context, f"{at}/kwargs", step, kwargs, inputs)
            if step != "custom":
                yield from _texts(f"{at}/kwargs", kwargs)
            if step in _NUMBERS:
                yield from _NUMBERS[step](f"{at}/kwargs", kwargs)


def _axes(context: Context, tensor: Tensor, at: str, step: str, kwargs: Mapping[str, Any]) -> Iterator[Finding]:
    """0.5 `kwargs.axes`: ids of the tensor's own axes."""
    known, axes = list(dict.fromkeys(one.id for one in tensor.axes)), kwargs.get("axes")
    if step == "custom" and axes is not None and not isinstance(axes, list | str):
        message = f"`{field(at)}.axes` is {show(axes)}; a setting of this name is read as a list of axis ids."
        yield Finding("error", "step-axes", f"{at}/axes", message, "Write a list, or call the setting otherwise.")
    names = axes if isinstance(axes, list) else list(axes) if step == "custom" and isinstance(axes, str) else []
    if not tensor.whole:
        return
    for index, name in enumerate(names):
        if isinstance(name, str) and read_id(name) not in known:
            pointer = f"{at}/axes/{index}" if isinstance(axes, list) else f"{at}/axes"
            yield _no_axis(context, pointer, name, known)


def _no_axis(context: Context, pointer: str, name: str, known: Sequence[str]) -> Finding:
    guess = near(name, known, 0.5)
    message = f"`{field(pointer)}` {show(name)} is no axis of this tensor."
    suggestion = replace_value(context.document, pointer, name, guess) if guess else None
    return Finding("error", "step-axes", pointer, message, f"Its axes are {', '.join(known)}.", suggestion)


def _axis(tensor: Tensor, at: str, step: str, kwargs: Mapping[str, Any]) -> Iterator[Finding]:
    """`kwargs.axis` and the lists along it, which bioimageio.spec compares with nothing."""
    name = kwargs.get("axis", "channel" if step == "softmax" else None)
    if not tensor.whole or not isinstance(name, str) or not (step in _ALONG or step == "softmax"):
        return
    axis = tensor.axis(read_id(name))
    if axis is None:
        known = ", ".join(dict.fromkeys(one.id for one in tensor.axes if one.kind != "batch"))
        message = f"`{field(at)}.axis` {show(name)} is no axis of this tensor."
        yield Finding("policy", "step-axes", f"{at}/axis", message, f"Write one of {known}.")
        return
    for key in _ALONG.get(step, ()):
        values = kwargs.get(key)
        if isinstance(values, list) and isinstance(axis.size, int) and len(values) not in {0, axis.size}:
            message = f"`{field(at)}.{key}` has {counted(len(values), 'number')}; the axis {axis.id} has {counted(axis.size, 'element')}."
            yield Finding("policy", "step-axes", f"{at}/{key}", message, "Give one number for each element.")


def _reference(
    context: Context, at: str, step: str, kwargs: Mapping[str, Any], inputs: Sequence[str]
) -> Iterator[Finding]:
    """0.5 `reference_tensor`: one of the inputs."""
    name = kwargs.get("reference_tensor")
    if step == "custom" and name is not None and not isinstance(name, str):
        message = (
            f"`{field(at)}.reference_tensor` is {show(name)}; a setting of this name is read as the id of an input."
        )
        yield Finding(
            "error",
            "reference-tensor",
            f"{at}/reference_tensor",
            message,
            "Write an id, or call the setting otherwise.",
        )
    elif isinstance(name, str) and name not in inputs:
        guess = near(name, inputs, 0.5) if len(inputs) > 1 else next(iter(inputs), None)
        pointer = f"{at}/reference_tensor"
        message = f"`{field(pointer)}` {show(name)} is the id of no input."
        suggestion = replace_value(context.document, pointer, name, guess) if guess else None
        yield Finding(
            "error", "reference-tensor", pointer, message, f"Write one of {', '.join(inputs[:8])}.", suggestion
        )


def _texts(at: str, kwargs: Mapping[str, Any]) -> Iterator[Finding]:
    """Numbers that stand there as text are read, and held to the same limits, which a schema cannot ask of text."""
    for key, (least, most, words) in _LIMITS.items():
        value = kwargs.get(key)
        number = real(value) if isinstance(value, str) else None
        if number is not None and not least <= number <= most:
            message = f"`{field(at)}.{key}` is the text {show(value)}, but has to be {words}."
            yield Finding(
                "error", "step", f"{at}/{key}", message, "Write a number within these limits, without quotes."
            )


def _linear(at: str, kwargs: Mapping[str, Any]) -> Iterator[Finding]:
    """0.5 `scale_linear`: it changes something, and its lists have one length."""
    gain, offset = _listed(kwargs.get("gain", 1)), _listed(kwargs.get("offset", 0))
    if gain is None or offset is None:
        return
    if isinstance(kwargs.get("gain"), list) and isinstance(kwargs.get("offset"), list) and len(gain) != len(offset):
        message = f"`{field(at)}` has {len(gain)} numbers in `gain` and {len(offset)} in `offset`."
        yield Finding("error", "step", f"{at}/gain", message, "Give one number for each element of the axis in both.")
    elif "axis" in kwargs and not isinstance(kwargs.get("gain"), list) and not isinstance(kwargs.get("offset"), list):
        message = f"`{field(at)}` has an `axis`, but one number for all of it."
        yield Finding("error", "step", f"{at}/axis", message, "Leave `axis` out, or give a list of numbers.")
    elif all(one == 1 for one in gain) and all(one == 0 for one in offset):
        message = f"`{field(at)}` multiplies by 1 and adds 0: the step does nothing."
        yield Finding("error", "step", at, message, "Write another `gain` or `offset`, or remove the step.")


def _listed(value: Any) -> list[float] | None:
    number = real(value)
    return reals(value) if isinstance(value, list) else None if number is None else [number]


def _clip(at: str, kwargs: Mapping[str, Any]) -> Iterator[Finding]:
    """0.5 `clip`: a limit at least, each given once; axes only with percentiles."""
    given = {name for name in ("min", "min_percentile", "max", "max_percentile") if kwargs.get(name) is not None}
    for end in ("min", "max"):
        if {end, f"{end}_percentile"} <= given:
            message = f"`{field(at)}` has both `{end}` and `{end}_percentile`."
            yield Finding("error", "step", f"{at}/{end}_percentile", message, "Keep one of them.")
    if not given:
        message = f"`{field(at)}` has no limit."
        yield Finding(
            "error", "step", at, message, "Add `min` or `max`, or a percentile: `min_percentile`, `max_percentile`."
        )
    elif kwargs.get("axes") is not None and not given & {"min_percentile", "max_percentile"}:
        message = f"`{field(at)}.axes` says over which axes percentiles are computed, but there are none."
        yield Finding(
            "error", "step", f"{at}/axes", message, "Remove `axes`, or use `min_percentile` or `max_percentile`."
        )
    for suffix in ("", "_percentile"):
        low, high = real(kwargs.get(f"min{suffix}")), real(kwargs.get(f"max{suffix}"))
        if low is not None and high is not None and low >= high:
            message = f"`{field(at)}` clips from {low:g} to {high:g}."
            yield Finding("policy", "step", f"{at}/max{suffix}", message, "Write the smaller number as the minimum.")


def _percentiles(at: str, kwargs: Mapping[str, Any]) -> Iterator[Finding]:
    low, high = real(kwargs.get("min_percentile", 0)), real(kwargs.get("max_percentile", 100))
    if low is not None and high is not None and 1 < high <= low < 100:  # noqa: PLR2004 - what the schema leaves
        message = f"`{field(at)}` scales from the percentile {low:g} to {high:g}."
        yield Finding(
            "error", "step", f"{at}/max_percentile", message, "Make `max_percentile` more than `min_percentile`."
        )


def _fixed(at: str, kwargs: Mapping[str, Any]) -> Iterator[Finding]:
    mean, std = kwargs.get("mean"), kwargs.get("std")
    if isinstance(mean, list) and isinstance(std, list) and mean and std and len(mean) != len(std):
        message = f"`{field(at)}` has {len(mean)} numbers in `mean` and {len(std)} in `std`."
        yield Finding("error", "step", f"{at}/std", message, "Give one number for each element of the axis in both.")


_NUMBERS = {
    "clip": _clip,
    "fixed_zero_mean_unit_variance": _fixed,
    "scale_linear": _linear,
    "scale_range": _percentiles,
}

CHECK = Check(
    look,
    (
        Rule(
            "step-axes",
            "A processing step names axes of its tensor, by their ids, and has one number for each element along them.",
            "Write ids of the tensor's axes.",
            ("error", "policy"),
        ),
        Rule(
            "reference-tensor",
            "A reference tensor is one of the inputs.",
            "Write the id of an input.",
        ),
        Rule(
            "step",
            "The settings of a processing step make sense together.",
            "Correct the settings as the message says.",
            ("error", "policy"),
        ),
    ),
    families=frozenset({"model-0.5"}),
)
