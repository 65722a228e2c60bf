"""The files that the static check is measured on: the real ones that bioimageio.spec finds valid, or the project's own samples."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.agreement.corpus import REALDATA
from tests.workflows.rdf_sample import MODEL_04, MODEL_05

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def valid_models(folder: Path) -> list[Path]:
    """Model RDFs of 0.4 and 0.5; our own are written into the folder."""
    oracle = REALDATA / "rdf_oracle.json"
    if not oracle.is_file():
        return copies([MODEL_04.encode(), MODEL_05.encode()], 50, folder)
    entries = json.loads(oracle.read_text("utf-8"))
    return [
        REALDATA / "rdf" / f"{one['sha256']}.yaml"
        for one in entries
        if one["type"] == "model"
        and str(one["format_version"])[:3] in {"0.4", "0.5"}
        and one["status"] == "valid-format"
    ]


def copies(texts: Sequence[bytes], count: int, folder: Path) -> list[Path]:
    """So many files of these texts in turn, named as RDFs are."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:05}.rdf.yaml" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(texts[number % len(texts)])
    return paths
