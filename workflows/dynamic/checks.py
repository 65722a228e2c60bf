"""What is asked of a model beyond the three questions: run twice, on other inputs, in other declared sizes.

The box made these runs under names that are ours; what it says of one that it did not make is shown as its own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.dynamic.agreement import Pair, agree, is_constant, same_bits
from workflows.dynamic.outcome import Outcome, failed, passed, shortened, skipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflows.dynamic.npy import Tensor
    from workflows.dynamic.opened import Run
    from workflows.dynamic.tolerance import Ceiling
    from workflows.dynamic.verdict import TensorVerdict

PROBES = ("flipped", "noised")
"""Runs on inputs that the contributor did not choose."""
SIZES = {"smallest": "the smallest declared input", "stepped": "the declared input one step up"}
_NOT_TRIED = "not tried: "
WORDS = 500
"""Characters of a box's own words in a sentence."""


@dataclass(frozen=True)
class Evidence:
    """What the judge has of one format: the test run as judged, the further runs, and the box's words on others."""

    outputs: Sequence[TensorVerdict]
    runs: Mapping[str, Run]
    said: Mapping[str, Any]
    """Outcome by run, as the box tells it: not to be trusted."""
    plan: Mapping[str, Any]
    ceiling: Ceiling


def checks(evidence: Evidence) -> list[dict[str, Any]]:
    """In their order, as in `schemas/report.schema.json`, check; sizes are asked for where the plan has some to choose."""
    sizes = [(one["name"], sized(evidence, one)) for one in evidence.plan.get("runs", ())]
    answered = [("deterministic", deterministic(evidence)), ("varies", varies(evidence)), *sizes]
    return [{"name": name, "outcome": outcome.as_json()} for name, outcome in answered]


def deterministic(evidence: Evidence) -> Outcome:
    """The model on its test inputs once more: the same bits, or the same within the output's tolerance."""
    run = evidence.runs.get("again")
    if run is None:
        return _not_made(evidence, "again", "the model ran once, but not twice")
    faults = [fault for (_, fault), output in zip(run, evidence.outputs, strict=True) if fault and output.produced]
    pairs = _pairs(evidence, run)
    if faults or not pairs:
        return failed(f"of the second run, {'; '.join(faults) or 'nothing can be compared'}")
    if all(same_bits(first, then) for _, first, then in pairs):
        return passed("twice the same")
    found = [
        agree(Pair(one.name, one.kind, first, then, ("first", "then")), one.tolerance, evidence.ceiling)
        for one, first, then in pairs
    ]
    bad = [one.words for one in found if not one.within]
    if bad:
        return failed(
            f"run twice on the same input, it gives two outputs: {'; '.join(bad)}: "
            "switch off what is random (dropout, sampling) before saving the weights"
        )
    return passed(f"run twice, the outputs are not the same bit for bit, but {'; '.join(one.words for one in found)}")


def varies(evidence: Evidence) -> Outcome:
    """Whether the output has anything to do with the input: a stored output would be given for any input."""
    made = {run: pairs for run in PROBES if (pairs := _probed(evidence, run))}
    if not made:
        reasons = [f"{run}: {_box_words(evidence, run) or 'the run was not made'}" for run in PROBES]
        return skipped(f"{_NOT_TRIED}{'; '.join(reasons)}")
    names = " and ".join(made)
    if not all(same_bits(first, other) for pairs in made.values() for _, first, other in pairs):
        return passed(f"the output changes with the input ({names})")
    if all(is_constant(one.expected or first) for one, first, _ in next(iter(made.values()))):
        return skipped("not judged: the expected output is constant, and so is the output on other inputs")
    return failed(
        f"the model gives the same output whatever its input is (tried: {names}): "
        "save the network itself, not an output that was computed once"
    )


def sized(evidence: Evidence, planned: Mapping[str, Any]) -> Outcome:
    """Whether the outputs have the lengths that the RDF declares for inputs of that size."""
    name = planned["name"]
    inputs = f"{SIZES[name]} ({', '.join(map(str, planned['inputs']))})"
    run = evidence.runs.get(name)
    if run is None:
        return _not_made(evidence, name, f"the model does not take {inputs}: declare the sizes that it takes")
    outputs = zip(evidence.outputs, run, planned["outputs"], strict=True)
    said = [_shape_fault(output.name, tensor, fault, spans) for output, (tensor, fault), spans in outputs]
    bad = [one for one in said if one]
    if bad:
        return failed(f"on {inputs}, {'; '.join(bad)}: correct the declared sizes, or the network")
    shapes = [
        f"`{output.name}` {list(one.shape)}" for output, (one, _) in zip(evidence.outputs, run, strict=True) if one
    ]
    return passed(f"on {inputs} the output is as declared: {', '.join(shapes)}")


def _shape_fault(name: str, tensor: Tensor | None, fault: str, spans: list[list[int | None]]) -> str:
    if tensor is None:
        return fault
    shape = tensor.shape
    fits = len(shape) == len(spans) and all(_within(length, *span) for length, span in zip(shape, spans, strict=True))
    declared = ", ".join(_span_words(*span) for span in spans)
    return "" if fits else f"output `{name}` has the shape {list(shape)}, declared is [{declared}]"


def _within(length: int, least: int | None, most: int | None) -> bool:
    return (least or 0) <= length and (most is None or length <= most)


def _span_words(least: int | None, most: int | None) -> str:
    if least == most:
        return str(least)
    return f"at least {least}" if most is None else f"{least} to {most}"


def _probed(evidence: Evidence, run: str) -> list[tuple[TensorVerdict, Tensor, Tensor]]:
    """The outputs on another input; none where nothing is mirrored, so that it would be the same one."""
    inputs = evidence.plan.get("inputs", ())
    if run not in evidence.runs or (run == "flipped" and inputs and not any(one["flip"] for one in inputs)):
        return []
    return _pairs(evidence, evidence.runs[run])


def _pairs(evidence: Evidence, run: Run) -> list[tuple[TensorVerdict, Tensor, Tensor]]:
    """Each output with its tensors of the test run and of a further one, where both are there."""
    both = [(output, output.produced, tensor) for output, (tensor, _) in zip(evidence.outputs, run, strict=True)]
    return [(output, first, other) for output, first, other in both if first is not None and other is not None]


def _not_made(evidence: Evidence, run: str, failing: str) -> Outcome:
    words, said = _box_words(evidence, run), evidence.said.get(run)
    if isinstance(said, dict) and said.get("outcome") == "failed":
        return failed(f"{failing}; the box says: {words}")
    return skipped(f"{_NOT_TRIED}{words or 'the run was not made'}")


def _box_words(evidence: Evidence, run: str) -> str:
    """What the box says of a run, on one line and cut."""
    said = evidence.said.get(run)
    message = said.get("message") if isinstance(said, dict) else None
    words = " ".join(message.split()).removeprefix(_NOT_TRIED) if isinstance(message, str) else ""
    return shortened(words, WORDS)
