"""The files of one weight format as the box has them: flat, read-only, under names of the work side's."""

from __future__ import annotations

import posixpath
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows.describe.local_names import base_name

if TYPE_CHECKING:
    from collections.abc import Mapping


class MisplacedFileError(ValueError):
    """The weights name a file that does not belong to them, or is not there."""


@dataclass(frozen=True)
class WeightsFiles:
    """A folder, and for each local name in it the source as the RDF or a manifest names it."""

    folder: Path
    sources: Mapping[str, str] = field(default_factory=dict)

    def verified(self, weights: Any) -> Path:
        """The file of the RDF's weights entry; ValueError (bioimageio.spec's own) where its sha256 differs."""
        weights.get_reader()  # reads it through, where the description has a hash
        return self.folder / str(weights.source)

    def source_of(self, path: Path) -> str:
        """What that file is called outside the box."""
        return self.sources.get(path.name, path.name)

    def beside(self, path: Path) -> dict[str, Path]:
        """Every file of the format by its name as seen from the folder of `path`'s own source; `path` itself too.

        Files behind addresses have no folder, so that their own names count.
        """
        start = posixpath.dirname(self.source_of(path)) or "."
        found = {base_name(self.source_of(path)): path}
        for local, source in self.sources.items():
            remote = "://" in source or "://" in start
            name = base_name(source) if remote else posixpath.relpath(source.replace("\\", "/"), start)
            found.setdefault(name, self.folder / local)
        return found

    def anywhere(self, path: Path) -> dict[str, Path]:
        """The same, and whatever else lies in the folder under its local name: jobs without `files` have only those."""
        others = {one.name: one for one in self.folder.iterdir() if one.name not in self.sources}
        return {**others, **self.beside(path)}


def inside(name: str) -> str:
    """That name, normalised, where it stays below the folder that it is told from; MisplacedFileError where it does not."""
    clean = posixpath.normpath(name)
    if not name or "\0" in name or "\\" in name or clean.startswith(("/", "..")) or clean == ".":
        raise MisplacedFileError(f"the weights name a file outside their own folder: {name[:100]!r}")
    return clean


def tree(files: Mapping[str, Path]) -> Path:
    """A folder in scratch with copies of the files under those names."""
    root = Path(tempfile.mkdtemp(prefix="weights-", dir=Path.cwd()))
    for name, path in files.items():
        place = root / inside(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    return root
