"""Golden files: what the bot says, word for word. `UPDATE_GOLDEN=1` writes them anew, to be read in the diff."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


def golden(name: str, text: str) -> None:
    """Fail unless the text is what stands in `tests/golden/<name>.md`."""
    path = FOLDER / f"{name}.md"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(text + "\n", encoding="utf-8")
    assert path.exists(), f"{path.name} is missing: run with UPDATE_GOLDEN=1 and read what it wrote"
    assert text + "\n" == path.read_text(encoding="utf-8")
