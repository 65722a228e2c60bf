"""Write what the formats gave into a folder, for people to look at: `<format>/<output>.npy` and `.png`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows.check import UsageError
from workflows.dynamic.artefact import safe_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from workflows.local_model import Tried


def folder_to_keep(path: Path) -> Path:
    """The folder, made where it is not there; UsageError where it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"nothing can be kept in {path}: {error.strerror}; name a folder") from error
    return path


def keep(folder: Path, outputs: Sequence[Mapping[str, Any]], tested: Sequence[Tried]) -> list[Path]:
    """The files that were written; UsageError where the disk does not take them."""
    names = safe_names([str(output["name"]) for output in outputs])
    written = []
    for one in tested:
        for index, name in enumerate(names):
            for content, suffix in (
                (one.produced.get(f"tensor-{index}"), "npy"),
                (one.judged.get(f"picture-{index}"), "png"),
            ):
                if content is not None:
                    written.append(_written(folder / one.format / f"{name}.{suffix}", content))
    return written


def _written(path: Path, content: bytes) -> Path:
    folder_to_keep(path.parent)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    return path
