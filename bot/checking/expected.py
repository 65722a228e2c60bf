"""Which files of a package belong into which box. Pure.

The attack: the test output listed a second time, as an attachment or a test input, so that the box which runs the
model finds it. What is a test output anywhere is kept out of that box by its bytes, not by its name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.checking.prepared import Prepared

RUN_FORMATS = ("onnx", "torchscript", "pytorch_state_dict")
RDF, SPEC = "rdf.yaml", "judge-spec.json"
"""Local names of ours; `describe` gives no file such a name."""
_EXPECTED = frozenset({"test_output", "sample_output"})
_INDEX = re.compile(r"/(?:test_)?outputs/(\d{1,2})(?:/|$)")


def for_static(prepared: Prepared) -> dict[str, str]:
    """The RDF and every usable file, sha256 by local name."""
    files = {reference.local: str(reference.sha256) for reference in prepared.references if reference.usable}
    return files | {RDF: prepared.submission["rdf"]["sha256"]}


def for_produce(prepared: Prepared, weights_format: str) -> dict[str, str]:
    """One format's weights and the test inputs, never a test output."""
    kept_out = {reference.sha256 for reference in prepared.references if reference.role in _EXPECTED}
    files = {
        reference.local: str(reference.sha256)
        for reference in prepared.references
        if reference.usable and reference.role in _needed(weights_format) and reference.sha256 not in kept_out
    }
    return files | {RDF: dict(prepared.box_rdfs)[weights_format]}


def for_judge(prepared: Prepared, produced: Mapping[int, str]) -> tuple[dict[str, str], dict[str, list[str | None]]]:
    """Judge-spec, expected and produced tensors; and their local names by output index, None where missing."""
    expected = expected_outputs(prepared)
    inputs = dict(expected.values())
    inputs |= {f"produced-{index}.npy": sha256 for index, sha256 in produced.items()}
    count = max([*expected, *produced], default=-1) + 1
    names = {
        "expected": [expected[index][0] if index in expected else None for index in range(count)],
        "produced": [f"produced-{index}.npy" if index in produced else None for index in range(count)],
    }
    return inputs | {SPEC: str(prepared.judge_spec)}, names


def expected_outputs(prepared: Prepared) -> dict[int, tuple[str, str]]:
    """Local name and sha256 of each usable test output, by its index in the RDF."""
    found = {}
    for reference in prepared.references:
        index = _INDEX.match(reference.pointer)
        if reference.role == "test_output" and reference.usable and index:
            found[int(index[1])] = (reference.local, str(reference.sha256))
    return found


def obstacle(prepared: Prepared, weights_format: str) -> str:
    """Why this format cannot be tried with the files that came, as a sentence; empty where it can."""
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
