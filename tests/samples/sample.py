"""A sample as a value, and how it becomes a folder."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from ruamel.yaml import YAML

from tests.samples.forms import Array, Json, Model, Port, rdf
from tests.samples.png import grey_png
from tests.samples.texts import README

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """A model, and the files of its weights by name."""

    model: Model
    files: Mapping[str, bytes]


def write(sample: Sample, folder: Path, github_user: str = "ada-sample") -> Path:
    """The folder, made and complete: RDF, README, cover, test tensors, weights."""
    model = replace(sample.model, github_user=github_user)
    ports = (*model.inputs, *model.outputs)
    files = {port.file: npy(port.array) for port in ports} | dict(sample.files)
    files["README.md"] = README.format(name=model.name).encode()
    files["cover.png"] = grey_png(np.hstack([plane(model.inputs[0]), plane(model.outputs[0])]))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    write_rdf(folder, rdf(model, {name: sha256(content) for name, content in files.items()}))
    return folder


def read_rdf(folder: Path) -> Json:
    """The RDF of a sample as it stands in its folder."""
    return dict(YAML(typ="safe").load((folder / "rdf.yaml").read_text(encoding="utf-8")))


def write_rdf(folder: Path, data: Json) -> None:
    """Its keys stay in their order."""
    yaml = YAML()
    yaml.width = 110
    with (folder / "rdf.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(data, file)


def npy(array: Array) -> bytes:
    """As `np.save` writes it."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def plane(port: Port) -> Array:
    """The first image of a tensor for a cover: 64 x 64, values 0 to 1."""
    found = port.array[tuple(slice(None) if letter in "yx" else 0 for letter in port.axes)].astype(np.float64)
    found = np.pad(found, [(0, 64 - size) for size in found.shape])
    return np.asarray(found / max(1.0, float(found.max())))
