"""From what was named on the command line to the files that are judged, one after the other, nothing held."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from workflows.describe.answer import Refusal
from workflows.describe.choose import NAMES, choose_rdf, is_rdf_name
from workflows.lint.target import Files, Target, Unusable
from workflows.read_file import is_file, is_folder

_SKIPPED = frozenset({"__pycache__", "node_modules"})
_CATALOG = b'"catalog_type"'
_LOOKED_INTO = 1_000_000  # bytes of a .json file; a larger one is judged by nobody
_LIKELY = (".yaml", ".yml", ".json")


def find(paths: Iterable[Path], files: Files) -> Iterator[Target | Unusable]:
    """A file is itself; a folder is a package where an RDF lies at its top, and otherwise all RDFs below it."""
    for path in paths:
        if is_folder(path):
            yield from _folder(path, files)
        else:
            yield Target(path, files)


def _folder(folder: Path, files: Files) -> Iterator[Target | Unusable]:
    try:
        names = sorted(path.name for path in folder.iterdir() if is_file(path))
    except OSError as error:
        yield Unusable(folder, f"The folder cannot be read: {error.strerror}.")
        return
    chosen = choose_rdf(names)
    if not isinstance(chosen, Refusal):
        yield Target(folder / chosen, "always" if files == "auto" else files)
        return
    for wanted in (_is_named_as_one, _may_be_one):
        found = False
        for path in _below(folder):
            if wanted(path):
                found = True
                yield Target(path, files)
        if found:
            return
    yield Unusable(
        folder, f"There is no RDF in it or below: looked for {NAMES}, scivision catalogs, and any YAML or JSON."
    )


def _below(folder: Path) -> Iterator[Path]:
    """All files in the order of their names; links to folders are not followed, so that no way leads in circles."""
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not _is_skipped(here, name))
        for name in sorted(names):
            if is_file(here / name):
                yield here / name


def _is_skipped(place: Path, name: str) -> bool:
    """Hidden folders, other programs' packages, virtual environments."""
    return name.startswith(".") or name in _SKIPPED or is_file(place / name / "pyvenv.cfg")


def _is_named_as_one(path: Path) -> bool:
    return is_rdf_name(path.name) or (path.suffix == ".json" and _is_catalog(path))


def _may_be_one(path: Path) -> bool:
    return path.suffix in _LIKELY and not path.name.startswith(".")


def _is_catalog(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _CATALOG in file.read(_LOOKED_INTO)
    except OSError:
        return False
