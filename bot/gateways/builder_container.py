"""The builder's container: a network, and no secret, no mount and no capability.

It speaks the boxes' protocol. pip's settings travel in the job, so that they are in no image that is made of the container;
the root is writable, because what `install` leaves there becomes the image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot import plain_json
from bot.errors import GatewayError
from bot.gateways.boxes_attach import AttachLink
from bot.gateways.boxes_errors import engine_errors
from bot.gateways.boxes_frames import BoxBrokeError
from bot.gateways.boxes_sealed import remove_container
from bot.gateways.boxes_talk import Talk
from bot.records.box import BoxEnd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from docker import APIClient

    from bot.ports import Json
    from bot.records.box import BoxLimits

LABEL = "accession.builder"
FRAMES = {"resolve": "lock", "install": "installed"}
_FILE_BYTES = 8 * 1024**3
_FRAME_BYTES = 512 * 1024
_LEAVE_SECONDS = 60


@dataclass(frozen=True)
class Builder:
    """One builder to be: its image by digest, its limits, and the folder's name that it is removed by when left behind."""

    image: str
    limits: BoxLimits
    owner: str


class BuilderContainer:
    """Created, started, heard; gone when the `with` ends."""

    def __init__(self, client: APIClient, builder: Builder, verb: str) -> None:
        self._client = client
        self._builder = builder
        self._verb = verb
        self._link: AttachLink | None = None
        self.id = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._link is not None:
            self._link.close()
        if self.id:
            with engine_errors("a builder could not be removed"):
                remove_container(self._client, self.id)

    def run(self, job: Json) -> Json:
        """The verb's one frame as JSON of the schema's `lock`; `GatewayError` for whatever kept it from answering."""
        frames: dict[str, bytes] = {}

        def take(name: str, chunks: Iterator[bytes], size: int) -> None:
            frames[name] = b"".join(chunks)[:size]

        with engine_errors("a builder could not be run"):
            talk = self._start()
            try:
                done = self._converse(talk, job, take)
            except BoxBrokeError as broke:
                raise self._failed(f"{broke.end.value}. {broke}", transient=broke.end is not BoxEnd.PROTOCOL) from None
            if done is None:
                raise self._failed("ended before it was done", transient=True)
            self._client.wait(self.id, timeout=_LEAVE_SECONDS)
        return self._read(frames)

    def _start(self) -> Talk:
        self.id = self._client.create_container(**arguments(self._client, self._builder, self._verb))["Id"]
        attached = self._client.attach_socket(self.id, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
        self._link = AttachLink(attached, print_bytes=self._builder.limits.output_bytes)
        self._client.start(self.id)
        return Talk(self._link, self._verb, self._builder.limits)

    @staticmethod
    def _converse(talk: Talk, job: Json, take: Any) -> Json | None:
        if not talk.hear_ready():
            return None
        talk.give(job)
        return talk.hear(take)

    def _read(self, frames: dict[str, bytes]) -> Json:
        try:
            said = plain_json.loads(frames[FRAMES[self._verb]], limit=_FRAME_BYTES)
            answer: Json = plain_json.validate_part(said, "environment", "lock")
        except (KeyError, plain_json.NotPlainError) as error:
            raise self._failed(f"gave an answer that is none ({error})", transient=False) from None
        return answer

    def _failed(self, what: str, *, transient: bool) -> GatewayError:
        words = self._link.tail.text().strip().splitlines()[-1:] if self._link is not None else []
        said = f" {words[0][:300]}" if words else ""
        return GatewayError(f"The builder's {self._verb}: {what}.{said}", reason="builder", transient=transient)


def arguments(client: APIClient, builder: Builder, verb: str) -> dict[str, Any]:
    """Arguments of `APIClient.create_container`."""
    return {
        "image": builder.image,
        "command": [verb],
        "hostname": "builder",
        "labels": {LABEL: builder.owner},
        "stdin_open": True,
        "tty": False,
        "healthcheck": {"test": ["NONE"]},
        "host_config": client.create_host_config(**_host_config(builder.limits)),
    }


def _host_config(limits: BoxLimits) -> dict[str, Any]:
    """No seccomp profile of ours, whose only sockets are local ones: no code of any package runs in a builder."""
    return {
        "network_mode": "bridge",
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        "log_config": {"type": "none", "config": {}},
        "mem_limit": limits.memory_bytes,
        "memswap_limit": limits.memory_bytes,
        "pids_limit": limits.pids,
        "nano_cpus": limits.cpus * 10**9,
        "oom_score_adj": 500,
        "ulimits": [_ulimit("core", 0), _ulimit("fsize", _FILE_BYTES)],
    }


def remove_left(client: APIClient, owner: str) -> int:
    """Builders that a killed process left behind; to be called by whoever holds the only right to build."""
    with engine_errors("leftover builders could not be removed"):
        left = client.containers(all=True, filters={"label": f"{LABEL}={owner}"})
        for container in left:
            remove_container(client, container["Id"])
    return len(left)


def _ulimit(name: str, value: int) -> dict[str, Any]:
    return {"Name": name, "Soft": value, "Hard": value}
