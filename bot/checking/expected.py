"""Which files of a package belong into which box. Pure.

The attack: the test output listed a second time, as an attachment or a test input, so that the box which runs the
model finds it. What is a test output anywhere is kept out of that box by its bytes, not by its name.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bot.checking.environments import is_declaration
from bot.checking.outputs import COMPARED, FURTHER, TEST
from bot.records.box import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.checking.outputs import Outputs
    from bot.checking.prepared import Prepared

    Names = list[str | None]

RUN_FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "onnx": FIRST,
        "torchscript": FIRST,
        "pytorch_state_dict": FIRST,
        "keras_hdf5": "tensorflow",
        "keras_v3": "tensorflow",
        "tensorflow_saved_model_bundle": "tensorflow",
        "tensorflow_js": "tfjs",
    }
)
"""Which kind of image runs a weight format."""
RDF, SPEC, PLAN = "rdf.yaml", "judge-spec.json", "job-plan.json"
"""Local names of ours; `describe` gives no file such a name, nor one that begins with `produced`."""
_EXPECTED = frozenset({"test_output", "sample_output"})
_INDEX = re.compile(r"/(?:test_)?outputs/(\d{1,2})(?:/|$)")


def for_static(prepared: Prepared) -> dict[str, str]:
    """The RDF and every usable file, sha256 by local name."""
    files = {reference.local: str(reference.sha256) for reference in prepared.references if reference.usable}
    return files | {RDF: prepared.submission["rdf"]["sha256"]}


def for_produce(prepared: Prepared, weights_format: str) -> dict[str, str]:
    """One format's weights and the test inputs, never a test output, nor what was declared for another box to read."""
    kept_out = {reference.sha256 for reference in prepared.references if reference.role in _EXPECTED}
    mentions = [reference for reference in prepared.references if not is_declaration(reference)]
    files = {
        reference.local: str(reference.sha256)
        for reference in mentions
        if reference.usable and reference.role in _needed(weights_format) and reference.sha256 not in kept_out
    }
    return files | _plan(prepared) | {RDF: dict(prepared.box_rdfs)[weights_format]}


def weights_files(prepared: Prepared, weights_format: str) -> dict[str, str]:
    """By local name, how the RDF or a manifest names the files of these weights."""
    role = f"weights/{weights_format}"
    return {one.local: one.source for one in prepared.references if one.role == role and one.usable}


def for_judge(prepared: Prepared, outputs: Outputs) -> tuple[dict[str, str], dict[str, Any]]:
    """Judge-spec, plan, expected and produced tensors; and their local names by output index, None where missing."""
    expected = expected_outputs(prepared)
    count = max([*expected, *outputs.get(TEST, {})], default=-1) + 1
    names = {
        "expected": [expected[index][0] if index in expected else None for index in range(count)],
        "produced": _names(TEST, outputs, count),
        "runs": {run: _names(run, outputs, count) for run in FURTHER if run in outputs},
        "plan": PLAN if prepared.plan else None,
    }
    files = dict(expected.values()) | _files("produced", outputs, (TEST, *FURTHER))
    return files | _plan(prepared) | {SPEC: str(prepared.judge_spec)}, names


def for_compare(
    prepared: Prepared, produced: Mapping[str, Outputs]
) -> tuple[dict[str, str], dict[str, dict[str, Names]]]:
    """Judge-spec and what each format produced; and their local names by format, run and output index."""
    count = max(max(outputs[TEST]) for outputs in produced.values()) + 1
    files: dict[str, str] = {SPEC: str(prepared.judge_spec)}
    names = {}
    for weights_format, outputs in produced.items():
        prefix = f"produced-{weights_format}"
        files |= _files(prefix, outputs, COMPARED)
        names[weights_format] = {run: _names(run, outputs, count, prefix) for run in COMPARED if run in outputs}
    return files, names


def _names(run: str, outputs: Outputs, count: int, prefix: str = "produced") -> Names:
    tensors = outputs.get(run, {})
    return [f"{prefix}-{run}-{index}.npy" if index in tensors else None for index in range(count)]


def _files(prefix: str, outputs: Outputs, runs: Sequence[str]) -> dict[str, str]:
    return {f"{prefix}-{run}-{index}.npy": sha256 for run in runs for index, sha256 in outputs.get(run, {}).items()}


def _plan(prepared: Prepared) -> dict[str, str]:
    return {PLAN: prepared.plan} if prepared.plan else {}


def expected_outputs(prepared: Prepared) -> dict[int, tuple[str, str]]:
    """Local name and sha256 of each usable test output, by its index in the RDF."""
    found = {}
    for reference in prepared.references:
        index = _INDEX.match(reference.pointer)
        if reference.role == "test_output" and reference.usable and index:
            found[int(index[1])] = (reference.local, str(reference.sha256))
    return found


def obstacle(prepared: Prepared, weights_format: str, images: Iterable[str]) -> str:
    """Why this format cannot be tried with the files that came and the images there are; empty where it can."""
    if RUN_FORMATS[weights_format] not in images:
        return f"{weights_format}: this collection's boxes have no image for it."
    if weights_format not in dict(prepared.box_rdfs):
        return "Not tried: the RDF gives no usable entry for it."
    roles = _needed(weights_format) - {"other"}
    needed = [reference for reference in prepared.references if reference.role in roles and reference.required]
    for reference in needed:
        if not reference.usable:
            return f"Not tried: the file {reference.source[:200]!r} is not as it should be."
    outputs = {r.sha256 for r in prepared.references if r.role in _EXPECTED}
    if any(r.sha256 in outputs for r in needed):
        return (
            "Not tried: a test output is also given as input or weights, so nothing would be shown by reproducing it."
        )
    return ""


def blocked(findings: Iterable[Mapping[str, object]], weights_format: str) -> bool:
    """Whether a static error makes running this format pointless, or a pickle that does more than it should, unwise."""
    kept = [finding for finding in findings if finding["level"] == "error" or finding["rule"] == "pickle"]
    pointers = [str(finding["pointer"]) for finding in kept]
    return any(_blocks(pointer, weights_format) for pointer in pointers)


def _blocks(pointer: str, weights_format: str) -> bool:
    parts = pointer.split("/")[1:3]
    if parts[:1] == ["weights"]:
        return len(parts) == 1 or parts[1] == weights_format
    return bool(parts) and parts[0] in {"inputs", "outputs", "test_inputs", "test_outputs"}


def _needed(weights_format: str) -> frozenset[str]:
    return frozenset({f"weights/{weights_format}", f"architecture/{weights_format}", "test_input", "other"})
