"""Runs one box and keeps what it hands out as blobs; its JSON is read here, strictly, and nothing else of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot import plain_json
from bot.errors import GatewayError
from bot.records.box import FIRST, BoxEnd

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.checking.bench import Bench
    from bot.ports import Json
    from bot.records.blob import Blob
    from bot.records.box import BoxLimits, BoxRun

NOT_READY = "box-not-ready"
"""`reason` where a box ended by itself before it was ready for its job."""
LATE = "box-late"
"""The same where it would have taken too long, which may be the machine's fault."""
JSON_BYTES = 4 * 1024**2


@dataclass(frozen=True)
class Heard:
    """The frames of one box by name, and how it ended."""

    frames: Mapping[str, Blob]
    run: BoxRun


def run_box(bench: Bench, job: Json, inputs: Mapping[str, str], limits: BoxLimits, *, image: str = FIRST) -> Heard:
    """`inputs` are sha256 by local name. Raises `GatewayError` for the engine, the cache, or a box that never was ready."""
    frames: dict[str, Blob] = {}

    def take(name: str, chunks: Iterator[bytes], size: int) -> None:
        frames[name] = bench.cache.add(chunks, limit=size)

    paths = {}
    for local, sha256 in inputs.items():
        path = bench.cache.path(sha256)
        if path is None:
            raise GatewayError("an input was evicted from the cache", reason="blob-gone", transient=True)
        paths[local] = path
    run = bench.boxes.run(job, paths, limits, take, image=image, whose=bench.whose)
    if not run.ready:
        said = run.words.strip().splitlines()[-1:] or [""]
        message = f"The {job['verb']} box was not ready for its job. {run.limit} {said[0][:500]}".strip()
        reason = LATE if run.end is BoxEnd.TIME else NOT_READY
        raise GatewayError(message, reason=reason, transient=True)
    return Heard(frames, run)


def frame_json(bench: Bench, heard: Heard, name: str) -> Any:
    """A frame as strict JSON; `GatewayError` where it is missing or none."""
    try:
        return plain_json.loads(bench.cache.read(heard.frames[name].sha256, limit=JSON_BYTES), limit=JSON_BYTES)
    except KeyError:
        raise unlike(f"has no frame {name}") from None
    except plain_json.NotPlainError as error:
        raise unlike(f"has a frame {name} that is {error}") from None


def unlike(what: str) -> GatewayError:
    """A box of ours that said something it should not: ours to look into."""
    return GatewayError(f"The box's answer {what}.", reason="box-answer", transient=False)
