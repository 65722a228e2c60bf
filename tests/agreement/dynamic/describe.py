"""RDFs of 0.4 and 0.5 for networks of our own, as data: one description of the tensors, two spellings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.agreement.dynamic.draft import Draft
from tests.samples.png import grey_png

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.agreement.dynamic.draft import Array

VERSIONS = {"0.4": "0.4.10", "0.5": "0.5.4"}
README = "# Sample\n\n## Validation\n\nCompared with numpy.\n"
# nobody with a `github_user`: the bare tool asks GitHub for each of them, and fails without a network
_COMMON = {
    "type": "model",
    "description": "A sample made by the Accession project for its own tests.",
    "authors": [{"name": "Ada Sample"}],
    "license": "MIT",
    "documentation": "README.md",
    "covers": ["cover.png"],
    "tags": ["sample", "segmentation", "2d"],
    "cite": [{"text": "The Accession project, samples", "url": "https://example.com/accession/samples"}],
    "timestamp": "2025-01-02T03:04:05Z",
}


@dataclass(frozen=True)
class Part:
    """A tensor with the axes bcyx: its name and what is given or expected. `sizes`: of y, as 0.5 writes them."""

    name: str
    array: Array
    sizes: Any = None
    batch: int | None = 1
    """0.5: None leaves it open."""


def draft(
    folder: Path,
    version: str,
    inputs: Sequence[Part],
    outputs: Sequence[Part],
    weights: Mapping[str, tuple[str, bytes, Mapping[str, Any]]],
) -> Draft:
    """A model with its files; `weights` are file name, content and further fields by format."""
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(README, encoding="utf-8")
    (folder / "cover.png").write_bytes(grey_png(np.linspace(0, 1, 200 * 400).reshape(200, 400)))
    rdf = {"format_version": VERSIONS[version], "name": "Sample of the project", **_COMMON}
    rdf |= (_tensors_04 if version == "0.4" else _tensors_05)(inputs, outputs)
    rdf["weights"] = {name: {"source": file, **more} for name, (file, _, more) in weights.items()}
    made = Draft(folder, rdf)
    for side, parts in (("inputs", inputs), ("outputs", outputs)):
        for index, part in enumerate(parts):
            made._save(side, index, part.array)
    for name, (_, content, _) in weights.items():
        made.weigh(name, content)
    return made


def _tensors_04(inputs: Sequence[Part], outputs: Sequence[Part]) -> dict[str, Any]:
    sides = {"inputs": inputs, "outputs": outputs}
    found: dict[str, Any] = {side: [_tensor_04(part) for part in parts] for side, parts in sides.items()}
    return found | {f"test_{side}": [f"{part.name}.npy" for part in parts] for side, parts in sides.items()}


def _tensor_04(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "axes": "bcyx",
        "data_type": part.array.dtype.name,
        "shape": list(part.array.shape),
    }


def _tensors_05(inputs: Sequence[Part], outputs: Sequence[Part]) -> dict[str, Any]:
    of_input = {"tensor_id": inputs[0].name, "axis_id": "y"}
    return {
        "inputs": [_tensor_05(part, part.sizes or part.array.shape[2]) for part in inputs],
        "outputs": [_tensor_05(part, of_input if part.sizes else part.array.shape[2]) for part in outputs],
    }


def _tensor_05(part: Part, y: Any) -> dict[str, Any]:
    batch = {"type": "batch"} | ({} if part.batch is None else {"size": part.batch})
    kind = part.array.dtype.name
    return {
        "id": part.name,
        "axes": [
            batch,
            {"type": "channel", "channel_names": ["grey"]},
            {"type": "space", "id": "y", "size": y},
            {"type": "space", "id": "x", "size": part.array.shape[3]},
        ],
        "data": {"values": [False, True], "type": "bool"} if kind == "bool" else {"type": kind},
        "test_tensor": {"source": f"{part.name}.npy", "sha256": ""},
    }
