"""Tensors of a job, opened by their local names: what is absent or unreadable has its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.dynamic.npy import NpyError, Tensor, open_tensor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MISSING = "is missing"


def local_file(names: Any, index: int, inputs: Path) -> Path | None:
    """Where the tensor of an output lies; `names` is a list, or a mapping with the index as text. None if it is not there."""
    local = names.get(str(index)) if isinstance(names, dict) else (names[index : index + 1] or [None])[0]
    return None if local is None or not (inputs / local).is_file() else inputs / local


def opened(path: Path | None, what: str) -> tuple[Tensor | None, str]:
    """The tensor and no fault, or no tensor and what is wrong with it."""
    if path is None:
        return None, f"{what} {MISSING}"
    try:
        return open_tensor(path), ""
    except NpyError as error:
        return None, f"{what} {error}"


Run = tuple[tuple[Tensor | None, str], ...]
"""A further run: for each output its tensor, or why there is none."""


def open_runs(runs: Mapping[str, Any], outputs: list[str], inputs: Path) -> dict[str, Run]:
    """The runs of a job of which there is any tensor, by name."""
    found = {}
    for run, names in runs.items():
        paths = [local_file(names, index, inputs) for index in range(len(outputs))]
        if any(paths):
            pairs = zip(outputs, paths, strict=True)
            found[run] = tuple(opened(path, f"output `{name}`: the tensor from the box") for name, path in pairs)
    return found
