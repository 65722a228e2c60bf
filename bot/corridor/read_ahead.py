"""Files that are wanted one after the other, with pauses in between: many are read in one request, each is handed out once."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bot.publishing.read_entries import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.github_port import GitHub
    from bot.records.github import TreeFile


class ReadAhead:
    """`files` in the order in which they will be wanted; a hundred are held at most. One that is wanted again is read again."""

    def __init__(self, github: GitHub, files: Iterable[TreeFile]) -> None:
        self._github = github
        self._coming = iter(files)
        self._read: dict[str, bytes] = {}

    def __call__(self, file: TreeFile) -> bytes:
        """Its bytes."""
        if file.sha not in self._read:
            ahead = islice(self._coming, max(0, AT_ONCE - 1 - len(self._read)))
            self._read |= self._github.blobs([file, *ahead])
        return self._read.pop(file.sha)
