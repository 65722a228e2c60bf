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


@contextmanager
def listening(folders: Sequence[Path] = ()) -> Iterator[Warned]:
    """Hear warnings in a `with` block; they are printed to stderr as before."""
    warned = Warned(folders)
    stop = _listen_to_loguru(warned)
    before = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        warned.hear(f"{category.__name__}: {message}")
        before(message, category, *place, **more)

    warnings.showwarning = show
    try:
        yield warned
    finally:
        warnings.showwarning = before
        stop()


def _listen_to_loguru(warned: Warned) -> Any:
    """The libraries of BioImage.IO log with loguru, switched off by default; without loguru there is nothing to hear."""
    try:
        from loguru import logger
    except ImportError:
        return lambda: None
    logger.enable("bioimageio")
    with suppress(ValueError):
        logger.remove(0)  # prints every step to stderr, where the model's own words are
    sink = logger.add(lambda message: _logged(warned, message.record["message"]), level="WARNING", format="{message}")

    def stop() -> None:
        logger.disable("bioimageio")
        logger.remove(sink)

    return stop


def _logged(warned: Warned, text: str) -> None:
    if not _NOISE.search(text):
        sys.stderr.write(f"{text}\n")
        warned.hear(text)
