"""From a source as written in an RDF to where its bytes are. Pure."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.checking import problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.checking.problems import Problem
    from bot.records.blob import Blob
    from bot.records.job import SourceFile

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class Wanted:
    """A file to be fetched; what is known of it beforehand is verified."""

    name: str
    url: str
    size: int | None = None
    md5: str | None = None
    listed: bool = False
    """The archive listed it as a file of the upload; any other url is an RDF's word."""


def wanted(file: SourceFile) -> Wanted:
    """A file of the upload."""
    return Wanted(file.name, file.url, file.size, file.md5, listed=True)


def locate(source: str, files: Iterable[SourceFile], members: Mapping[str, Blob]) -> Wanted | Blob | Problem:
    """A file of the upload (also by its url), a member of the uploaded zip, a remote file, or what is wrong."""
    for file in files:
        if source == file.url:
            return wanted(file)
    if source.lower().startswith(("http://", "https://")):
        return Wanted(source, source)
    if _SCHEME.match(source) or source.startswith("/"):
        return problems.unsupported(source)
    name = posixpath.normpath(source)
    if name in members:
        return members[name]
    return next((wanted(file) for file in files if file.name in {source, name}), problems.missing(source))
