"""What passes between `work` and the launcher as JSON: forms of `schemas/launcher.schema.json`, and the launcher's ceilings. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from bot import plain_json
from bot.errors import GatewayError
from bot.records.box import BoxEnd, BoxLimits, BoxRun, Machine
from bot.records.environment import Built, Unsolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.ports import Json

_GIB = 1024**3
BODY_BYTES = 256 * 1024
"""The largest JSON but a job."""
JOB_BYTES = 8 * 1024**2
"""The largest job, as of the work side's own requests (`work.py`)."""
_JOB_VALUES = 400_000
"""A described zip of 10,000 files has a tenth of these; each costs the launcher some 100 bytes."""


@dataclass(frozen=True)
class Ceilings:
    """What the launcher allows, whoever asks for however much. Bytes, seconds, counts."""

    box: BoxLimits = field(
        default_factory=lambda: BoxLimits(
            seconds=3600,
            memory_bytes=64 * _GIB,
            pids=1024,
            cpus=64,
            output_bytes=8 * _GIB,
            scratch_bytes=4 * _GIB,
        )
    )
    inputs: int = 4096
    input_bytes: int = 16 * _GIB
    runs: int = 16
    """Boxes that run at the same time, where the machine has room for so many; more wait."""
    builds: int = 8
    """Builds that wait for each other; more are refused for now."""
    connections: int = 128
    prewarms: int = 64
    """Taken in ten seconds; a hint too many is dropped."""
    request_seconds: float = 10.0
    """A connection that has not said by then what it wants is closed."""
    input_seconds: float = 60.0
    """From one input to the next."""
    spare_seconds: float = 300.0
    """Beyond a box's own time, for libraries to load and results to be taken."""

    def on(self, machine: Machine) -> Ceilings:
        """No box gets more than the machine has."""
        box = replace(
            self.box,
            memory_bytes=min(self.box.memory_bytes, machine.memory_bytes),
            cpus=min(self.box.cpus, machine.cpus),
        )
        return replace(self, box=box)

    def limits(self, said: Json) -> BoxLimits:
        """What was asked for, or the ceiling where that is lower."""
        asked = {one.name: int(said[one.name]) for one in fields(BoxLimits)}
        return BoxLimits(**{name: min(value, getattr(self.box, name)) for name, value in asked.items()})


def read(payload: bytes, part: str, *, limit: int = BODY_BYTES) -> Json:
    """A message's JSON, held to that part of the schema; `GatewayError` names what is wrong with it."""
    try:
        said: Json = plain_json.validate_part(plain_json.loads(payload, limit=limit), "launcher", part)
    except plain_json.NotPlainError as error:
        raise _bad(f"The message {part} {error}.") from None
    return said


def read_job(payload: bytes, verb: str) -> Json:
    """A box's job; counted before it is parsed, because `[[],[],…` takes twenty times its length."""
    if sum(map(payload.count, (b",", b"[", b"{"))) > _JOB_VALUES:
        raise _bad("A job of too many values.")
    job = read(payload, "job", limit=JOB_BYTES)
    if job["verb"] != verb:
        raise _bad("The job has another verb than its run.")
    return job


def job_bytes(job: Json) -> bytes:
    """A job on its way; `GatewayError` where the launcher would not take it."""
    payload = plain_json.dumps(job).encode()
    if len(payload) > JOB_BYTES:
        raise _bad(f"A job of {len(payload)} bytes; the launcher takes {JOB_BYTES} bytes.")
    return payload


def limits_json(limits: BoxLimits) -> Json:
    """As `Ceilings.limits` reads them."""
    return asdict(limits)


def run_json(run: BoxRun) -> Json:
    """A box's end."""
    return asdict(run) | {"end": run.end.value, "limit": run.limit[:2048]}


def run_from(said: Json) -> BoxRun:
    """The end of a box, as the launcher tells it."""
    return BoxRun(**said | {"end": BoxEnd(said["end"])})


def built_json(built: Built | Unsolved) -> Json:
    """A builder's answer."""
    if isinstance(built, Built):
        return {"image": built.image, "lock": built.lock, "message": "", "words": ""}
    return {"image": None, "lock": "", "message": built.message[:4096], "words": built.words[-16384:]}


def built_from(said: Json) -> Built | Unsolved:
    """A builder's answer, as the launcher tells it."""
    if said["image"] is not None:
        return Built(said["image"], said["lock"])
    return Unsolved(said["message"], said["words"])


def machine_from(said: Mapping[str, Any]) -> Machine:
    """The launcher's machine."""
    return Machine(int(said["cpus"]), int(said["memory_bytes"]))


def error_json(error: GatewayError) -> Json:
    """A failure, in the same words on the other side."""
    return {"message": error.message[:2000], "reason": error.reason[:64], "transient": error.transient}


def error_from(said: Json) -> GatewayError:
    """The failure, to be raised."""
    return GatewayError(said["message"], reason=said["reason"], transient=said["transient"])


def _bad(message: str) -> GatewayError:
    return GatewayError(message, reason="bad-request", transient=False)
