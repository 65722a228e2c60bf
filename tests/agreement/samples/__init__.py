"""Valid descriptions written here, for forms that hardly any real file has: each module of this folder lists some as `SAMPLES`."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from workflows.document import load
from workflows.static.family import family_of


def texts() -> Iterator[str]:
    """All of them."""
    for file in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        yield from import_module(f"{__name__}.{file.stem}").SAMPLES


def own(families: str) -> list[dict[str, Any]]:
    """Those of the families that a regular expression matches, as data."""
    found = [load(text.encode()).data for text in texts()]
    return [data for data in found if re.search(families, family_of(data).name)]
