"""Which bytes may be run without a container engine: the project's own sample, and what our own boxes made of it.

A box without an engine is no box: it has this process's files and network. So nothing is taken on somebody's word;
every input is hashed, and one unknown file is enough to refuse.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from bot.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

REFUSAL = "No container engine answers, and this upload is not the project's own sample."
_SHA256 = re.compile(r"[0-9a-f]{64}")


def read_trusted(path: Path | None) -> frozenset[str]:
    """The sha256 that stand in a file, one at the beginning of each line (`sha256sum` writes such a file)."""
    if path is None or not path.is_file():
        return frozenset()
    words = (line.split()[:1] for line in path.read_text(encoding="utf-8").splitlines())
    return frozenset(word[0] for word in words if word and _SHA256.fullmatch(word[0]))


class Trust:
    """The given hashes, and those of everything derived from them; the derived ones outlive the process."""

    def __init__(self, given: frozenset[str], derived: Path) -> None:
        self._given = given
        self._file = derived
        self._derived = set(read_trusted(derived))

    def demand(self, inputs: Mapping[str, Path]) -> None:
        """Refuse unless each input is trusted."""
        known = self._given | self._derived
        if not known or not all(_digest(path) in known for path in inputs.values()):
            raise GatewayError(REFUSAL, reason="untrusted-without-engine", transient=False)

    def derive(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Pass on what a trusted job hands out, and trust it once it is complete."""
        digest = hashlib.sha256()
        for chunk in chunks:
            digest.update(chunk)
            yield chunk
        sha256 = digest.hexdigest()
        if sha256 not in self._derived:
            self._derived.add(sha256)
            with self._file.open("a", encoding="ascii") as file:
                file.write(f"{sha256}\n")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
