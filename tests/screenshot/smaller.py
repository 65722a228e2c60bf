"""`python -m tests.screenshot.smaller FILE GOLDEN`: the same PNG with a palette of 256 colours, in place; needs pillow.

It says in the file of which text it was taken, so that a test can tell when it is out of date.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

COLOURS = 256
KEY = "golden"


def smaller(path: Path, golden: Path) -> None:
    """A third of the bytes; text and the grey and blue of the picture need no more colours."""
    from PIL import Image, PngImagePlugin

    said = PngImagePlugin.PngInfo()
    said.add_text(KEY, hashlib.sha256(golden.read_bytes()).hexdigest())
    picture: Any = Image.open(path).convert("RGB")
    picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE).save(path, optimize=True, pnginfo=said)


if __name__ == "__main__":
    smaller(Path(sys.argv[1]), Path(sys.argv[2]))
