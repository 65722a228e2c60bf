"""TensorFlow.js weights, run in Node: layers models and graph models, a `model.json` with its shards, or a zip of them."""

from __future__ import annotations

import tempfile
import zipfile
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from loguru import logger

from workflows.describe.shards import NotAManifest, read_manifest
from workflows.dynamic.adapters import node
from workflows.dynamic.adapters.adapter import Adapter
from workflows.dynamic.adapters.arranged import arranged, by_name_or_place
from workflows.dynamic.adapters.tfjs_tensors import for_tfjs
from workflows.dynamic.adapters.unpacked import folder_with, unpacked
from workflows.dynamic.adapters.weights_files import MisplacedFileError, inside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflows.dynamic.adapters.adapter import Given
    from workflows.dynamic.npy import Array

MANIFEST = "model.json"
prepare = node.prepare
"""What may be done before the job: Node waits with its backend loaded."""


class TensorFlowJsAdapter(Adapter):
    """A model in a Node process of its own."""

    weights_format = "tensorflow_js"
    versions: Mapping[str, str]

    def load_weights(self) -> Any:
        """The process, and what the model says of its inputs and outputs."""
        manifest, there = self.files_there()
        shards = shards_of(manifest, there)
        process = node.taken()
        if process.hello["backend"] != "wasm":
            logger.warning("run by the {} backend of TensorFlow.js: wasm does not load", process.hello["backend"])
        self.versions = {"Node": str(process.hello["node"])}
        said = process.ask({"do": "load", "model": str(manifest), "shards": shards})
        return process, {"inputs": self.placed(said, "inputs"), "outputs": self.placed(said, "outputs")}

    def files_there(self) -> tuple[Path, dict[str, Path]]:
        """The `model.json`, and every file that may be a shard of it, by its name beside it."""
        path = self.files.verified(self.weights)
        if not zipfile.is_zipfile(path):
            return path, self.files.anywhere(path)
        folder = folder_with(unpacked(path), MANIFEST)
        files = (file for file in folder.rglob("*") if file.is_file())
        return folder / MANIFEST, {file.relative_to(folder).as_posix(): file for file in files}

    def placed(self, said: Mapping[str, Any], what: str) -> list[Mapping[str, Any]]:
        """The model's tensors in the RDF's order: layers models list theirs, a graph model's signature has names."""
        declared = self.input_names if what == "inputs" else self.output_names
        found = {str(one["name"]): one for one in said[what]}
        names = by_name_or_place(declared, [*found]) if said["ordered"] else arranged(declared, [*found], what)
        return [found[name] for name in names]

    def call(self, model: Any, inputs: Given) -> list[Array]:
        """Through raw files in scratch, which are gone afterwards."""
        process, tensors = model
        with tempfile.TemporaryDirectory(prefix="tensors-", dir=Path.cwd()) as folder:
            pairs = zip(tensors["inputs"], inputs, strict=False)
            given = [(one, array) for one, array in pairs if array is not None]
            request = {
                "do": "run",
                "inputs": [_written(Path(folder, f"input-{i}"), *pair) for i, pair in enumerate(given)],
                "outputs": [one["tensor"] for one in tensors["outputs"]],
                "folder": folder,
            }
            said = process.ask(request)
            for warning in said["warnings"]:
                logger.warning("{}", warning)
            return [_read(one) for one in said["outputs"]]


def shards_of(manifest: Path, there: Mapping[str, Path]) -> dict[str, str]:
    """Where each shard that `model.json` names lies; MisplacedFileError for one that is outside or missing."""
    try:
        names: Sequence[str] = read_manifest(manifest.read_bytes()).paths
    except NotAManifest as error:
        raise MisplacedFileError(f"{MANIFEST} {error}") from error
    missing = [name for name in names if inside(name) not in there]
    if missing:
        raise MisplacedFileError(f"{MANIFEST} names the shard {missing[0][:100]!r}, which is not among its files")
    return {name: str(there[inside(name)]) for name in names}


def _written(place: Path, tensor: Mapping[str, Any], array: Array) -> dict[str, Any]:
    values = for_tfjs(array, tensor.get("dtype") or "")
    place.write_bytes(values.tobytes())
    return {"name": tensor["tensor"], "file": str(place), "shape": list(values.shape), "dtype": str(values.dtype)}


def _read(said: Mapping[str, Any]) -> Array:
    dtype = np.dtype(str(said["dtype"]))
    shape = [int(length) for length in said["shape"]]
    return np.fromfile(said["file"], dtype, prod(shape)).reshape(shape)
