"""What was warned of while somebody's model was loaded and run: Python's warnings and loguru's, once each, short."""

from __future__ import annotations

import re
import sys
import warnings
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_TEXTS = 20
LONGEST_TEXT = 300  # characters
_NOISE = re.compile(r"Normalized axis id")
"""What bioimageio.core says of itself, and no contributor can change."""
_LIBRARIES = re.compile(r"\S*/(?:site|dist)-packages/")


@dataclass
class Warned:
    """Texts in the order in which they were first heard; paths below `folders` are told by what follows them."""

    folders: Sequence[Path] = ()
    _heard: dict[str, None] = field(default_factory=dict)
    _told: int = 0

    def hear(self, text: str) -> None:
        """Remember a text."""
        self._heard.setdefault(shortened(text, self.folders))

    def tell(self) -> list[str]:
        """What was heard since it was last told."""
        texts = [*self._heard][self._told :]
        self._told = len(self._heard)
        return texts[:MOST_TEXTS]


def shortened(text: str, folders: Sequence[Path]) -> str:
    """One line without the paths of the image and of the job's folders."""
    text = _LIBRARIES.sub("", text)
    for folder in (*folders, Path(sys.prefix)):
        if len(folder.parts) > 1:
            text = text.replace(f"{folder}/", "")
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


_LISTENERS: list[Warned] = []
_SINKS: list[int] = []


@contextmanager
def listening(folders: Sequence[Path] = ()) -> Iterator[Warned]:
    """Hear warnings in a `with` block; they are printed to stderr as before."""
    warned = Warned(folders)
    listen_to_loguru()
    before = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        warned.hear(f"{category.__name__}: {message}")
        before(message, category, *place, **more)

    warnings.showwarning = show
    _LISTENERS.append(warned)
    try:
        yield warned
    finally:
        _LISTENERS.remove(warned)
        warnings.showwarning = before


def listen_to_loguru() -> None:
    """Once in a process, before its job where there is time: loguru takes some for it.

    The libraries of BioImage.IO log with it, switched off by default. Without loguru there is nothing to hear.
    """
    if _SINKS:
        return
    try:
        from loguru import logger
    except ImportError:
        return
    logger.enable("bioimageio")
    with suppress(ValueError):
        logger.remove(0)  # prints every step to stderr, where the model's own words are
    _SINKS.append(logger.add(lambda message: _logged(message.record["message"]), level="WARNING", format="{message}"))


def _logged(text: str) -> None:
    if not _NOISE.search(text):
        sys.stderr.write(f"{text}\n")
        for warned in _LISTENERS:
            warned.hear(text)
