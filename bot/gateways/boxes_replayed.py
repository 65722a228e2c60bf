"""Boxes that have run already: what a producing job left (`boxes_recorded.py`), heard once more beside a judge of our own.

The record is an artifact of a job that met foreign code, so it is read as a box is heard: frames under the names that the
verb may hand out, each within its limit, all of them within the box's; the end as one of the known ends. Only a record of
exactly these inputs is found. What is otherwise is our trouble, not the contributor's: somebody else wrote it.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from bot import plain_json
from bot.errors import GatewayError
from bot.gateways import plain_files
from bot.gateways.boxes_recorded import RECORDED, RUN, build_key, key_of
from bot.gateways.boxes_verbs import largest
from bot.records.box import FIRST, BoxEnd, BoxRun
from bot.records.environment import Built, Unsolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.ports import Boxes, Json
    from bot.records.box import BoxLimits, Machine

_RUN_BYTES = 128 * 1024
_BUILD_BYTES = 64 * 1024
_WORDS = 8000
_SENTENCE = 500
_CHUNK = 1024**2
_ENDS = {end.value: end for end in BoxEnd}


class ReplayedBoxes:
    """`ports.Boxes`: recorded verbs out of the folders below `root`, all others in the real boxes."""

    def __init__(self, real: Boxes, root: Path, images: Mapping[str, str]) -> None:
        """`images` names the kinds whose image is not on this machine: only a record speaks of them."""
        self._real = real
        self._root = root
        self._images = dict(images)

    def images(self) -> Mapping[str, str]:
        """The real ones, and the names of those that only the producing job had."""
        return self._images | dict(self._real.images())

    def machine(self) -> Machine:
        """As the real ones."""
        return self._real.machine()

    def prewarm(self, verb: str, limits: BoxLimits, *, image: str = FIRST, formats: Sequence[str] = ()) -> None:
        """Nothing waits for what has run."""
        if verb not in RECORDED:
            self._real.prewarm(verb, limits, image=image, formats=formats)

    def run(
        self,
        job: Json,
        inputs: Mapping[str, Path],
        limits: BoxLimits,
        take: Callable[[str, Iterator[bytes], int], None],
        *,
        image: str = FIRST,
        whose: str = "",
    ) -> BoxRun:
        """As `ports.Boxes`; raises `GatewayError` where nothing was recorded of this, or something strange."""
        verb = job["verb"]
        if verb not in RECORDED:
            return self._real.run(job, inputs, limits, take, image=image, whose=whose)
        folder = _find(self._root, key_of(job, inputs))
        if folder is None:
            raise _unsaid(f"its {verb} box")
        run = _run(plain_files.read(self._root, folder, key_of(job, inputs), RUN, limit=_RUN_BYTES))
        self._hand_out((folder, key_of(job, inputs)), verb, limits, take)
        return run

    def _hand_out(
        self,
        place: tuple[str, str],
        verb: str,
        limits: BoxLimits,
        take: Callable[[str, Iterator[bytes], int], None],
    ) -> None:
        left = limits.output_bytes
        for name in plain_files.names(self._root, *place):
            if name == RUN:
                continue
            with plain_files.opened(self._root, *place, name, limit=min(left, _largest(verb, name, left))) as file:
                if file is not None:
                    size = file.seek(0, 2)
                    file.seek(0)
                    left -= size
                    take(name, _chunks(file, size), size)


class ReplayedBuilder:
    """`ports.ImageBuilder`: what became of a build in the producing job. Nothing is built here."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def build(self, requirements: Sequence[str]) -> Built | Unsolved:
        """The image is a name that only the record knows."""
        name = build_key(requirements)
        folder = _find(self._root, name)
        said = _json(plain_files.read(self._root, folder, name, limit=_BUILD_BYTES)) if folder else None
        if said is None:
            raise _unsaid("the build of its image")
        first, second = ("image", "lock") if said.get("built") is True else ("message", "words")
        texts = [said.get(first), said.get(second)]
        if not all(isinstance(text, str) for text in texts):
            raise plain_files.strange("a build that is none")
        made = (str(texts[0])[:_SENTENCE], str(texts[1])[:_WORDS])
        return Built(*made) if first == "image" else Unsolved(*made)


def _find(root: Path, name: str) -> str | None:
    """The folder of the producing job that has it; all of them worked for the same submission."""
    return next((folder for folder in plain_files.names(root) if name in plain_files.names(root, folder)), None)


def _largest(verb: str, name: str, left: int) -> int:
    try:
        limit = largest(verb, name)
    except KeyError:
        raise plain_files.strange(f"a frame {name[:64]!r} that nobody asked for") from None
    return left if limit is None else limit


def _chunks(file: IO[bytes], size: int) -> Iterator[bytes]:
    """As many bytes as were announced, whoever writes to the file meanwhile."""
    while size > 0 and (chunk := file.read(min(_CHUNK, size))):
        size -= len(chunk)
        yield chunk


def _run(content: bytes | None) -> BoxRun:
    said = _json(content)
    end, seconds, words, limit = (said.get(name) for name in ("end", "seconds", "words", "limit"))
    code, peak, ready = said.get("exit_code"), said.get("peak_memory_bytes"), said.get("ready")
    whole = all(number is None or type(number) is int for number in (code, peak))
    texts = isinstance(words, str) and isinstance(limit, str) and isinstance(end, str) and end in _ENDS
    if not (whole and texts and type(seconds) in {int, float} and float(seconds or 0) >= 0 and type(ready) is bool):
        raise plain_files.strange("the end of a box that is none")
    return BoxRun(_ENDS[str(end)], code, float(seconds or 0), str(words)[-_WORDS:], peak, str(limit)[:_SENTENCE], ready)


def _json(content: bytes | None) -> dict[str, Any]:
    try:
        said = plain_json.loads(content or b"", limit=_RUN_BYTES)
    except plain_json.NotPlainError as error:
        raise plain_files.strange(str(error)) from None
    if not isinstance(said, dict):
        raise plain_files.strange("an object was expected")
    return said


def _unsaid(what: str) -> GatewayError:
    message = f"The producing job left nothing of {what}: it failed or was stopped."
    return GatewayError(message, reason="not-produced", transient=True)
