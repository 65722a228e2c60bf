"""The picture in the golden report: two tensors of our own making, compared and drawn by the project's own judge.

`python -m tests.screenshot.picture FILE` writes it; it needs numpy and pillow, as the judge does. The tensors are nuclei-like
blobs, and the same with one tile too dark, as a network gives that forgets to normalise where its tiles meet.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from workflows.dynamic import judge

OUTPUT, FORMAT, SIZE = "nuclei", "torchscript", 256
TILE = (slice(128, 224), slice(0, 128))
TOO_DARK = 0.8122
_BLOBS, _SEED = 90, 11
_SPEC = {
    "outputs": [
        {"name": OUTPUT, "kind": "float", "dtype": "float32", "axes": list("bcyx"), "expected": "expected.npy"}
    ],
    "tolerance": {FORMAT: [{"output": "*", "atol": 1e-5, "rtol": 1e-3, "ppm": 0.0, "source": "the library's default"}]},
}
_JOB = {
    "verb": "judge",
    "spec": "spec.json",
    "plan": None,
    "format": FORMAT,
    "expected": {"0": "expected.npy"},
    "produced": {"0": "produced.npy"},
    "runs": {},
    "tolerance": {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 1000.0},
}


def tensors() -> tuple[Any, Any]:
    """Expected (float32) and produced (float64), each of shape [1, 1, 256, 256], between 0 and 1."""
    draw = np.random.default_rng(_SEED)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float64)
    field = np.full((SIZE, SIZE), 0.02)
    for row, column, radius, light in draw.uniform((6, 6, 5, 0.5), (SIZE - 6, SIZE - 6, 11, 1.0), (_BLOBS, 4)):
        distance = np.hypot(rows - row, columns - column)
        field = np.maximum(field, light / (1 + np.exp((distance - radius) / 1.3)))
    expected = field.astype(np.float32)[None, None]
    produced = expected.astype(np.float64)
    produced[(0, 0, *TILE)] *= TOO_DARK
    return expected, produced


def judged() -> dict[str, bytes]:
    """Every frame that the judge hands out, by name."""
    frames: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder)
        for name, tensor in zip(("expected", "produced"), tensors(), strict=True):
            np.save(inputs / f"{name}.npy", tensor)
        (inputs / "spec.json").write_text(json.dumps(_SPEC))
        judge.run(_JOB, inputs, frames.__setitem__)
    return frames


if __name__ == "__main__":
    drawn = judged().get("picture-0")
    if drawn is None:
        sys.exit("the judge drew no picture: it needs pillow beside numpy")
    Path(sys.argv[1]).write_bytes(drawn)
