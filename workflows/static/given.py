"""The files of a package that can be looked into."""

import posixpath
from collections.abc import Callable, Iterator
from pathlib import Path

from workflows.describe.answer import Reference
from workflows.static.context import Context

Wanted = Callable[[Reference], bool]


def given(context: Context, wanted: Wanted) -> Iterator[tuple[Reference, Path]]:
    """The wanted references whose bytes are there and not empty (what else is wrong is told by the check of files)."""
    for reference in context.references:
        if wanted(reference):
            fact = context.files.get(reference.source)
            if fact is not None and fact.path is not None and fact.size != 0:
                yield reference, fact.path


def size_beside(context: Context, source: str, name: str) -> int | None:
    """Bytes of a file beside another one that the RDF names; `None` where it is not in the upload."""
    beside = posixpath.join(posixpath.dirname(source), name)
    fact = context.files.get(beside)
    if fact is not None:
        return fact.size if fact.path is not None else None
    path, own = posixpath.normpath(beside), context.files.get(source)
    if path not in context.listing or own is None or own.path is None:
        return None
    try:
        return (own.path.parent / name).stat().st_size
    except OSError:
        return None
