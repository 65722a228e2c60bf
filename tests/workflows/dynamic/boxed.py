"""Producing boxes of the images that are on this machine, with the present code mounted over theirs."""

from __future__ import annotations

import io
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from workflows import frames

ROOT = Path(__file__).parents[3]
NETWORKS = Path(__file__).with_name("networks.py")
PYTHON = "/opt/job/bin/python"
SECONDS = 600


def there(image: str) -> str:
    """The image's name; skips where it is not built, fails where an engine is required."""
    if subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode:
        (pytest.fail if os.environ.get("ACCESSION_REQUIRE_DOCKER") == "1" else pytest.skip)(
            f"there is no image {image}"
        )
    return image


def made(image: str, folder: Path, *kinds: str) -> Path:
    """Models of those kinds, each in a folder of its own, made inside the image."""
    mounts = ["-v", f"{folder}:/out", "-v", f"{NETWORKS}:/networks.py:ro", "--user", f"{os.getuid()}:{os.getgid()}"]
    command = ["docker", "run", "--rm", "--network", "none", *mounts, "--entrypoint", PYTHON, image]
    done = subprocess.run([*command, "/networks.py", "/out", *kinds], capture_output=True, check=False, timeout=SECONDS)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return folder


@dataclass(frozen=True)
class Said:
    """What a box handed out: JSON frames, arrays by frame name, and what it printed."""

    order: list[str]
    json: dict[str, dict]
    arrays: dict[str, np.ndarray]
    words: str

    def answers(self) -> tuple[str, str]:
        return tuple(self.json["produced"][question]["outcome"] for question in ("loads", "runs"))

    def message(self, question: str) -> str:
        return self.json["produced"][question]["message"]


def produced(image: str, inputs: Path, weight_format: str, **job) -> Said:
    """One box, sealed as far as it matters here, and what came out of it."""
    inputs.chmod(0o755)  # the box has a user of its own
    payload = json.dumps({"rdf": "rdf.yaml", "format": weight_format, **job}).encode()
    mounts = [f"{inputs}:/in:ro", *(f"{ROOT / name}:/opt/accession/{name}:ro" for name in ("workflows", "schemas"))]
    options = [part for mount in mounts for part in ("-v", mount)]
    sealed = ["--network", "none", "--read-only", "--tmpfs", "/tmp", "-e", f"ACCESSION_PRELOAD={weight_format}"]
    done = subprocess.run(
        ["docker", "run", "-i", "--rm", *sealed, *options, image, "produce"],
        input=frames.head("job", len(payload)) + payload, capture_output=True, check=False, timeout=SECONDS,
    )  # fmt: skip
    stream = io.BytesIO(done.stdout)
    found = list(iter(lambda: frames.read(stream, 1 << 30), None))
    told = {name: json.loads(payload) for name, payload in found if name in {"produced", "extras", "done"}}
    assert "done" in told, done.stderr.decode()[-3000:]
    numbered = {name: np.load(io.BytesIO(payload)) for name, payload in found if name not in {*told, "ready"}}
    return Said([name for name, _ in found], told, numbered, done.stderr.decode())
