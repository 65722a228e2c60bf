"""Models that are right, to make variants of: our own network in each format and version, and a real one."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.agreement.corpus import REALDATA, ROOT
from tests.agreement.dynamic.describe import VERSIONS, Part, draft
from tests.agreement.dynamic.draft import Draft, read
from tests.samples import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNET = REALDATA / "models" / "unet2d_nuclei_broad"
UNET_RDFS = {"unet 0.4": "local_v0_4_9.bioimageio.yaml", "unet 0.5": "local_bioimageio.yaml"}
SEED = 4
_TORCH = """
import json, pathlib, sys
from tests.samples import make
folder = pathlib.Path(sys.argv[1])
make.make_torchscript(folder / "script", int(sys.argv[2]))
make.make_state_dict(folder / "state", int(sys.argv[2]))
"""


def own(folder: Path, version: str, source: Path) -> Draft:
    """The sample's network as ONNX; as TorchScript and state dict too where the samples of those are."""
    made = source / "good"
    weights: dict[str, tuple[str, bytes, dict[str, Any]]] = {
        "onnx": ("weights.onnx", (made / "weights.onnx").read_bytes(), {"opset_version": 17})
    }
    if (source / "script").is_dir():
        weights |= _of_torch(source, version)
    raw, probability = (np.load(made / f"test_{side}.npy") for side in ("input", "output"))
    found = draft(folder, version, [Part("raw", raw)], [Part("probability", probability)], weights)
    if (source / "state").is_dir():
        shutil.copyfile(source / "state" / "architecture.py", folder / "architecture.py")
    return found


def samples(folder: Path, torch_python: str | None) -> Path:
    """Of one network: `good`, and with torch `script` and `state`."""
    make.make_good(folder / "good", SEED)
    if torch_python:
        command = [torch_python, "-c", _TORCH, str(folder), str(SEED)]
        subprocess.run(command, check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True)
    return folder


def _of_torch(source: Path, version: str) -> dict[str, tuple[str, bytes, dict[str, Any]]]:
    sha256 = hashlib.sha256((source / "state" / "architecture.py").read_bytes()).hexdigest()
    architecture: dict[str, Any] = {"architecture": "architecture.py:BlurSharpen", "architecture_sha256": sha256}
    if version != "0.4":
        architecture = {
            "architecture": {"source": "architecture.py", "sha256": sha256, "callable": "BlurSharpen"},
            "pytorch_version": "2.5.1",
        }
    script = {"pytorch_version": "2.5.1"}
    return {
        "torchscript": ("weights.pt", (source / "script" / "weights.pt").read_bytes(), script),
        "pytorch_state_dict": ("state.pt", (source / "state" / "state.pt").read_bytes(), architecture),
    }


def unet(folder: Path, name: str) -> Draft:
    """The real model, in a folder that may be written to."""
    folder.mkdir(parents=True)
    for path in UNET.iterdir():
        if path.suffix != ".yaml" or path.name == "environment.yaml":
            shutil.copyfile(path, folder / path.name)
    return Draft(folder, read((UNET / UNET_RDFS[name]).read_text("utf-8")))


def copied(base: Draft, folder: Path) -> Draft:
    """The same in another folder, to be changed."""
    shutil.copytree(base.folder, folder)
    return Draft(folder, json.loads(json.dumps(base.rdf, default=str)))


def bases(folder: Path, torch_python: str | None) -> Iterator[tuple[str, Draft]]:
    """By name; the real ones where they are beside the repository and torch is there."""
    source = samples(folder / "samples", torch_python)
    for version in VERSIONS:
        yield f"own {version}", own(folder / f"own {version}", version, source)
    for name in UNET_RDFS if UNET.is_dir() else ():
        found = unet(folder / name, name)
        if not torch_python:
            del found.rdf["weights"]["torchscript"]
            found.rdf["weights"]["onnx"].pop("parent", None)
        yield name, found
