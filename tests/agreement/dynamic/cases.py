"""All models with all variants, one weight format each, written into folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.agreement.dynamic.bases import bases, copied
from tests.agreement.dynamic.specials import specials
from tests.agreement.dynamic.variants import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Case:
    """One weight format of one model in a folder, whose RDF is `rdf.yaml`."""

    model: str
    variant: str
    weight_format: str
    folder: Path

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.model}, {self.variant}, {self.weight_format}"


def cases(folder: Path, torch_python: str | None) -> Iterator[Case]:
    """Written below the folder; formats that take torch only where there is an interpreter with it."""
    for name, base in bases(folder / "bases", torch_python):
        for variant in VARIANTS:
            if base.version not in variant.versions or (name.startswith("unet") and not variant.real):
                continue
            model = copied(base, folder / name / variant.name)
            variant.change(model)
            model.write()
            for weight_format in model.formats if variant.every_format else model.formats[:1]:
                yield Case(name, variant.name, weight_format, model.folder)
    for special in specials():
        for version in special.versions:
            name = f"graph {version}"
            model = special.made(folder / name / special.name, version)
            model.write()
            yield Case(name, special.name, "onnx", model.folder)
