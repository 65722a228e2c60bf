"""A model in a folder that is still being written: its RDF as data, and one verb for each thing a variant changes."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from pathlib import Path

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass
class Draft:
    """The files lie in the folder; the RDF is written last, by `write`."""

    folder: Path
    rdf: dict[str, Any]

    @property
    def version(self) -> str:
        """`0.4` or `0.5`."""
        return ".".join(str(self.rdf["format_version"]).split(".")[:2])

    @property
    def formats(self) -> list[str]:
        """Of its weights."""
        return list(self.rdf["weights"])

    def expected(self, index: int = 0) -> Array:
        """A test output."""
        return np.load(self.folder / self._test("outputs", index)["source"])

    def given(self) -> Array:
        """The first test input."""
        return np.load(self.folder / self._test("inputs", 0)["source"])

    def expect(self, array: Array, index: int = 0) -> None:
        """Another test output."""
        self._save("outputs", index, array)

    def give(self, array: Array) -> None:
        """Another first test input."""
        self._save("inputs", 0, array)

    def weigh(self, weights_format: str, content: bytes) -> None:
        """Other weights, with their right hash."""
        entry = self.rdf["weights"][weights_format]
        (self.folder / entry["source"]).write_bytes(content)
        entry["sha256"] = hashlib.sha256(content).hexdigest()

    def weights(self, weights_format: str) -> bytes:
        """As they are."""
        return (self.folder / self.rdf["weights"][weights_format]["source"]).read_bytes()

    def configure(self, **fields: Any) -> None:
        """Under `config.bioimageio`."""
        self.rdf.setdefault("config", {}).setdefault("bioimageio", {}).update(fields)

    def write(self) -> None:
        """The RDF, under the name that counts."""
        stream = io.StringIO()
        YAML(typ="safe", pure=True).dump(self.rdf, stream)
        (self.folder / "rdf.yaml").write_text(stream.getvalue(), encoding="utf-8")

    def _test(self, side: str, index: int) -> dict[str, Any]:
        if self.version == "0.4":
            return {"source": self.rdf[f"test_{side}"][index]}
        found: dict[str, Any] = self.rdf[side][index]["test_tensor"]
        return found

    def _save(self, side: str, index: int, array: Array) -> None:
        test = self._test(side, index)
        path = self.folder / test["source"]
        np.save(path, array, allow_pickle=False)
        if "sha256" in test:
            test["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()


def read(text: str) -> dict[str, Any]:
    """An RDF as data."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return found
