"""Write a finished retest: `retest.json` and `retest.svg`, each whole or not at all."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from bot import plain_json
from bot.retesting.heatmap import heatmap
from bot.retesting.result import result_json

if TYPE_CHECKING:
    from pathlib import Path

    from bot.retesting.result import Result


def write_retest(folder: Path, found: Result) -> str:
    """The JSON that was written, as in `schemas/retest.schema.json`."""
    data = plain_json.validate(result_json(found), "retest")
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    for name, content in (("retest.json", text), ("retest.svg", heatmap(found))):
        beside = folder / f".{name}.{os.getpid()}"
        beside.write_text(content, encoding="utf-8")
        beside.replace(folder / name)
    return text
