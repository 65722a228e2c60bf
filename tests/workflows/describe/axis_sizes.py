"""What bioimageio.spec makes of the sizes that models declare: runs in the boxes' environment, imports nothing of this project.

A list of texts of RDFs on stdin; on stdout a list with, for each, null or `[{"inputs": ..., "outputs": ...} for n = 0, 1]`,
lengths by index, an output's as `[least, most]`.
"""

from __future__ import annotations

import json
import sys
import warnings
from io import StringIO
from typing import Any


def sizes(text: str) -> list[dict[str, Any]] | None:
    """None for what is no valid model, or leaves no size to choose."""
    from bioimageio.spec import ValidationContext, build_description
    from bioimageio.spec.model.v0_5 import ModelDescr, ParameterizedSize
    from ruamel.yaml import YAML

    data = YAML(typ="safe", pure=True).load(StringIO(text))
    with ValidationContext(perform_io_checks=False):
        model = build_description(data, format_version="latest")
    if not isinstance(model, ModelDescr):
        return None
    free = [(t.id, a.id) for t in model.inputs for a in t.axes if isinstance(a.size, ParameterizedSize)]
    return [shapes(model, dict.fromkeys(free, n)) for n in (0, 1)] if free else None


def shapes(model: Any, ns: dict[Any, int]) -> dict[str, Any]:
    """For one choice, with a batch of 1."""
    found = model.get_axis_sizes(ns, batch_size=1)
    return {
        "inputs": [[found.inputs[t.id, a.id] for a in t.axes] for t in model.inputs],
        "outputs": [[span(found.outputs[t.id, a.id]) for a in t.axes] for t in model.outputs],
    }


def span(size: Any) -> list[int | None]:
    """A length, or what the data decide."""
    return [size, size] if isinstance(size, int) else [size.min, size.max]


def main() -> None:
    """One answer for all."""
    warnings.simplefilter("ignore")
    sink, sys.stdout = sys.stdout, sys.stderr
    answers = []
    for text in json.load(sys.stdin):
        try:
            answers.append(sizes(text))
        except Exception:  # noqa: BLE001 - what it falls over it has no answer to
            answers.append(None)
    json.dump(answers, sink)


if __name__ == "__main__":
    main()
