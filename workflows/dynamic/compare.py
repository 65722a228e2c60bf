"""Weights of different formats against each other, on the test inputs and on the judge's own.

They are one network, so they agree wherever they are asked; weights that were converted from another training state agree on
nothing but the shape. numpy alone, as in the judge: no contributed code, nothing unpickled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from workflows.dynamic.agreement import Pair, agree
from workflows.dynamic.opened import Run, open_runs
from workflows.dynamic.outcome import Outcome, failed, passed
from workflows.dynamic.tolerance import Ceiling, choose
from workflows.dynamic.verdict import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from workflows.dynamic.agreement import Agreement

RUNS = {"test": "the test input", "flipped": "the flipped input", "noised": "the noised input"}
OWN_INPUTS = 10.0
"""How many times wider the tolerance is on inputs of our own.

The declared tolerance was chosen for the test input. Two runtimes add in another order and so round differently (1e-7 of a
sum); on an input that the network was not made for, steep parts (a normalisation of nearly nothing, a saturated activation)
amplify that. Ten times is far below what other weights would do.
"""
MOST = 64
"""Comparisons; `schemas/report.schema.json`. Seven formats make 21 pairs, 63 with three runs each."""


@dataclass(frozen=True)
class Both:
    """One run of two formats."""

    formats: tuple[str, str]
    run: str
    first: Run
    second: Run


def run(job: dict[str, Any], inputs: Path, emit: Callable[[str, bytes], None]) -> None:
    """The frame `comparisons`; job and judge-spec are as in `.github/BOXES.md`."""
    spec = json.loads((inputs / job["spec"]).read_bytes())
    outputs = spec["outputs"]
    names = [str(output["name"]) for output in outputs]
    opened = {name: open_runs(runs, names, inputs) for name, runs in job["formats"].items()}
    ceiling = Ceiling.of(job["tolerance"])
    found = [compared(both, outputs, spec.get("tolerance", {}), ceiling) for both in shared(opened)]
    emit("comparisons", json.dumps([one for one in found if one][:MOST], allow_nan=False).encode())


def shared(formats: Mapping[str, Mapping[str, Run]]) -> Iterator[Both]:
    """Each pair of formats with each run that both have."""
    for (first, its), (second, others) in combinations(formats.items(), 2):
        for name in RUNS:
            if name in its and name in others:
                yield Both((first, second), name, its[name], others[name])


def compared(
    both: Both, outputs: Sequence[Mapping[str, Any]], tolerances: Mapping[str, Any], ceiling: Ceiling
) -> dict[str, Any] | None:
    """One comparison as the report has it; None where there is no output of which both gave a tensor."""
    factor = 1.0 if both.run == "test" else OWN_INPUTS
    found = []
    for output, (first, _), (second, _) in zip(outputs, both.first, both.second, strict=True):
        if first is None or second is None:
            continue
        name = str(output["name"])
        chosen = [choose(tolerances, one, name) for one in both.formats]
        pair = Pair(name, str(output["kind"]), first, second, both.formats)
        found.append(agree(pair, chosen[0].widest(chosen[1]).times(factor), ceiling.times(factor)))
    return _as_json(both, found) if found else None


def _as_json(both: Both, found: Sequence[Agreement]) -> dict[str, Any]:
    largest = [one.difference.max_abs for one in found if one.difference.max_abs is not None]
    return {
        "formats": list(both.formats),
        "run": both.run,
        "outcome": _outcome(both, found).as_json(),
        "max_abs": number(max(largest, default=None)),
        "mismatch_ppm": round(max(one.difference.ppm for one in found), 3),
    }


def _outcome(both: Both, found: Sequence[Agreement]) -> Outcome:
    names = " and ".join(both.formats)
    bad = [one.words for one in found if not one.within]
    if bad:
        return failed(f"{names} differ on {RUNS[both.run]}: {'; '.join(bad)}: convert them again from the same weights")
    return passed(f"{names} agree on {RUNS[both.run]}: {'; '.join(one.words for one in found)}")
