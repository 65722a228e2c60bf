"""Boxes whose meetings with foreign code are written down, so that another job on another machine can judge what they said.

For each run of a recorded verb: a folder named by everything the box was given, in it the frames under their names and
`run.json`, how it ended. `boxes_replayed.py` reads it, and believes nothing of it that it would not believe of a box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import plain_json
from bot.records.box import FIRST
from bot.records.environment import Built

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import IO

    from bot.ports import Boxes, ImageBuilder, Json
    from bot.records.box import BoxLimits, BoxRun, Machine
    from bot.records.environment import Unsolved

RECORDED = frozenset({"produce", "environment"})
"""What runs in a format's own image, away from the judge: the model, and the reading of what it declares."""
RUN = "run.json"


def key_of(job: Json, inputs: Mapping[str, Path]) -> str:
    """The job and every byte that was laid into the box; a cached file's name is its sha256."""
    return plain_json.digest([job, {local: path.name for local, path in inputs.items()}])


def build_key(requirements: Sequence[str]) -> str:
    """The name of the file that says what became of a build."""
    return f"build-{plain_json.digest(list(requirements))}"


class RecordingBoxes:
    """`ports.Boxes` that leaves what was said in `folder`."""

    def __init__(self, real: Boxes, folder: Path) -> None:
        self._real = real
        self._folder = folder

    def images(self) -> Mapping[str, str]:
        """As the real ones."""
        return self._real.images()

    def machine(self) -> Machine:
        """As the real ones."""
        return self._real.machine()

    def prewarm(self, verb: str, limits: BoxLimits, *, image: str = FIRST, formats: Sequence[str] = ()) -> None:
        """As the real ones."""
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
        """As the real ones; what the engine itself failed at leaves no record."""
        if job["verb"] not in RECORDED:
            return self._real.run(job, inputs, limits, take, image=image, whose=whose)
        folder = self._folder / key_of(job, inputs)
        folder.mkdir(parents=True, exist_ok=True)

        def keep(name: str, chunks: Iterator[bytes], size: int) -> None:
            with (folder / name).open("wb") as file:
                take(name, _copied(chunks, file), size)

        run = self._real.run(job, inputs, limits, keep, image=image, whose=whose)
        said = {**vars(run), "end": run.end.value}
        (folder / RUN).write_text(plain_json.dumps(said), encoding="ascii")
        return run


class RecordingBuilder:
    """`ports.ImageBuilder` that leaves what became of each build in `folder`."""

    def __init__(self, real: ImageBuilder, folder: Path) -> None:
        self._real = real
        self._folder = folder

    def build(self, requirements: Sequence[str]) -> Built | Unsolved:
        """As the real one; what it failed at by our fault leaves no record."""
        made = self._real.build(requirements)
        self._folder.mkdir(parents=True, exist_ok=True)
        said = {"built": isinstance(made, Built), **vars(made)}
        (self._folder / build_key(requirements)).write_text(plain_json.dumps(said), encoding="ascii")
        return made


def _copied(chunks: Iterator[bytes], file: IO[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        file.write(chunk)
        yield chunk
