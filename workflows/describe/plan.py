"""The further runs that a model's declaration allows: along which axes its inputs are mirrored, and in which sizes it is run.

The box runs the model on its test inputs anyway. Sizes that leave no choice are theirs, so that there is nothing more to run;
where there is a choice, the smallest and the next are both tried, be one of them that of the test inputs.
"""

import json
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from workflows.describe import lengths_04, lengths_05
from workflows.describe.facts import items
from workflows.describe.judge_spec import axes
from workflows.describe.lengths import Lengths
from workflows.static import tensors_04, tensors_05

RUNS = (("smallest", 0), ("stepped", 1))
MOST_ELEMENTS = 2**26
"""Of one input: 256 MiB of float32."""
MOST_BYTES = 1024**2
"""Of a plan; one that is longer is for no model."""
_MOST_AXES = 8

Choose = Callable[[int], Lengths | None]


def plan(data: dict[str, Any]) -> dict[str, Any]:
    """The `plan` of BOXES.md; without runs where sizes leave no choice, or are not to be understood."""
    declared = [one if isinstance(one, dict) else {} for one in items(data.get("inputs"))]
    kinds, choose, parametrized = _read(data)
    by_n = {n: choose(n) for _, n in RUNS}
    longest = by_n[RUNS[-1][1]] or by_n[RUNS[0][1]]
    inputs = [
        {
            "name": _name(one, index),
            "axes": axes(one),
            "flip": flip(kinds.get(index, []), longest.inputs[index] if longest else ()),
        }
        for index, one in enumerate(declared)
    ]
    runs = [_run(name, by_n[n]) for name, n in RUNS if parametrized]
    found = {"inputs": inputs, "runs": [one for one in runs if one]}
    return found if len(json.dumps(found)) <= MOST_BYTES else {"inputs": [], "runs": []}


def flip(kinds: Sequence[str], longest: Sequence[int]) -> list[int]:
    """The axis to mirror, as a list of one: the last spatial one longer than 1, else the last that holds any content.

    Lengths that are not known (`longest` is empty) may be longer.
    """
    long = [axis for axis in range(len(kinds)) if not longest or longest[axis] > 1]
    space = [axis for axis in long if kinds[axis] == "space"]
    other = [axis for axis in long if kinds[axis] not in {"batch", "channel"}]
    return (space or other)[-1:]


def _read(data: dict[str, Any]) -> tuple[dict[int, list[str]], Choose, bool]:
    """Kinds of axes by input, lengths for a choice of sizes, and whether there is one."""
    listed = len(items(data.get("inputs"))) + len(items(data.get("outputs")))
    kinds: dict[int, list[str]]
    if str(data.get("format_version", "")).startswith("0.5"):
        recent = tensors_05.tensors_of(data)
        kinds = {one.index: lengths_05.kinds(one) for one in recent if one.group == "inputs" and one.whole}
        right = len(recent) == listed
        return kinds, lambda n: lengths_05.lengths(recent, n) if right else None, lengths_05.has_sizes(recent)
    older = tensors_04.tensors_of(lengths_04.renamed(data))
    kinds = {one.index: lengths_04.kinds(one) for one in older if one.group == "inputs"}
    right = len(older) == listed
    return kinds, lambda n: lengths_04.lengths(older, n) if right else None, lengths_04.has_sizes(older)


def _run(name: str, lengths: Lengths | None) -> dict[str, Any] | None:
    if (
        lengths is None
        or not lengths.sound
        or any(len(one) > _MOST_AXES for one in (*lengths.inputs, *lengths.outputs))
    ):
        return None
    if any(prod(shape) > MOST_ELEMENTS for shape in lengths.inputs):
        return None
    outputs = [[span.as_json() for span in one] for one in lengths.outputs]
    return {"name": name, "inputs": [list(shape) for shape in lengths.inputs], "outputs": outputs}


def _name(tensor: dict[str, Any], index: int) -> str:
    """0.5 calls it `id` (default `input`), 0.4 `name`."""
    name = tensor.get("id", tensor.get("name"))
    return name[:256] if isinstance(name, str) and name else f"input{index}" if index else "input"
