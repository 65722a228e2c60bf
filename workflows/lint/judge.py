"""One file, read and judged; with the files that it names where they are at hand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workflows.describe.references import sources
from workflows.document import LIMITS, Document, load
from workflows.lint.judged import Judged
from workflows.lint.target import Files, Target, Unusable
from workflows.problem import Problem
from workflows.read_file import is_file, read_file
from workflows.static.context import Context
from workflows.static.static import context_of, in_folder, look


def judge(target: Target, policy: Mapping[str, Any]) -> Judged | Unusable:
    """What is found of a file; a fault of our own is told as such, and never ends the run."""
    raw = read_file(target.path, LIMITS.size)
    if isinstance(raw, Problem):
        return Unusable(target.path, f"{raw.message} {raw.fix}")
    try:
        return _judged(target, load(raw), policy)
    except Exception as error:  # noqa: BLE001 - the other files are still judged
        said = (
            f"The check itself failed ({type(error).__name__}: {str(error)[:200]}). Please report it, with this file."
        )
        return Unusable(target.path, said)


def _judged(target: Target, document: Document, policy: Mapping[str, Any]) -> Judged:
    alone = context_of(document, {}, (), policy, package=False)
    folder = target.path.parent
    if _wants_files(target.files, alone, target.path):
        return Judged(target.path, document, tuple(look(in_folder(alone, folder))))
    lone = target.files == "auto" and any("://" not in source for source in sources(alone.data))
    return Judged(target.path, document, tuple(look(alone)), lone)


def _wants_files(files: Files, context: Context, path: Path) -> bool:
    if files != "auto" or not context.data:
        return files == "always"
    beside = (path.parent / source for source in sources(context.data) if _is_relative(source))
    return any(_is_another_file(one, path) for one in beside)


def _is_relative(source: str) -> bool:
    return "://" not in source and not source.startswith("/") and "\0" not in source


def _is_another_file(one: Path, path: Path) -> bool:
    try:
        return is_file(one) and not one.samefile(path)
    except OSError:
        return False
