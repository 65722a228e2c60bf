"""One sealed box from start to removal."""

from __future__ import annotations

import contextlib
import shutil
import time
from contextlib import contextmanager
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import requests
from docker import errors

from bot.gateways.boxes_attach import AttachLink
from bot.gateways.boxes_container import create_arguments
from bot.gateways.boxes_end import Exit, judge_end, killed_from_outside
from bot.gateways.boxes_errors import engine_errors
from bot.gateways.boxes_frames import BoxBrokeError
from bot.gateways.boxes_inputs import fill
from bot.gateways.boxes_talk import Talk
from bot.records.box import BoxEnd, BoxRun

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docker import APIClient

    from bot.gateways.boxes_container import Seal
    from bot.gateways.boxes_talk import Take
    from bot.ports import Json

LEAVE_SECONDS = 0.1
"""After `done` a box has this long to exit by itself. Then it is killed, which changes nothing about its answer:
taking down an interpreter with torch in it takes longer than most models (measured: 0.3 to 1.5 s)."""


FOREIGN = frozenset({"produce"})
"""Verbs that meet contributed code: how such a box ends counts also after its `done`. Of the others `done` is the end."""
_LEFT_BEHIND = Exit(0, oom=False, killed=True)
"""Nobody looked: its removal ends it."""


class SealedBox:
    """A running container, its socket and its input folder; used once."""

    def __init__(self, client: APIClient, seal: Seal) -> None:
        self._client = client
        self._seal = seal
        self._id = ""
        self._link: AttachLink | None = None
        self._talk: Talk | None = None
        self._broke: BoxBrokeError | None = None
        self._ready = False
        self._left = False

    def start(self) -> None:
        """Create, attach, start: in that order, so that no byte is lost. Removed again where one of them fails."""
        try:
            Path(self._seal.folder).mkdir(mode=0o755)
            with engine_errors("a box could not be started"):
                self._start()
        except BaseException:
            self.remove()
            raise

    def hear_ready(self) -> None:
        """Wait until the libraries are loaded; a box that breaks here is told by `run`."""
        try:
            self._ready = self._talking().hear_ready()
        except BoxBrokeError as broke:
            self._broke = broke

    def alive(self) -> bool:
        """It is ready and waits quietly for its job."""
        return self._ready and self._link is not None and self._link.quiet()

    def run(self, job: Json, inputs: Mapping[str, Path], take: Take) -> BoxRun:
        """Its one job."""
        fill(Path(self._seal.folder), inputs)
        talk, done = self._talking(), None
        try:
            with engine_errors("the talk with a box broke off"):
                done = self._converse(talk, job, take)
        except BoxBrokeError as broke:
            self._broke = broke
        ours = done is not None and self._seal.verb not in FOREIGN
        left = _LEFT_BEHIND if ours else self._exit(talk, said_done=done is not None)
        run = judge_end(left, done, self._broke, self._seal.limits, silent=talk.silent)
        return replace(run, ready=self._ready, seconds=time.monotonic() - talk.started, words=self._words())

    def abandon(self) -> None:
        """Kill it from another thread: whoever hears it hears its end. What cannot be killed now is removed later."""
        with contextlib.suppress(errors.DockerException, requests.RequestException):
            self._client.kill(self._id)

    def remove(self) -> None:
        """Gone afterwards: socket, container, folder; also when it never came to be."""
        if self._link is not None:
            self._link.close()
        if self._id:
            with engine_errors("a box could not be removed"):
                remove_container(self._client, self._id)
        shutil.rmtree(self._seal.folder, ignore_errors=True)

    def _start(self) -> None:
        self._id = self._client.create_container(**create_arguments(self._client, self._seal))["Id"]
        streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        attached = self._client.attach_socket(self._id, params=streams)
        self._link = AttachLink(attached, print_bytes=self._seal.limits.output_bytes)
        self._talk = Talk(self._link, self._seal.verb, self._seal.limits)
        self._client.start(self._id)

    def _converse(self, talk: Talk, job: Json, take: Take) -> Json | None:
        if self._broke is not None or not self._ready:
            return None
        talk.give(job)
        done = talk.hear(take)
        if done is not None and self._seal.verb in FOREIGN:
            self._left = talk.hear_nothing(LEAVE_SECONDS)
        return done

    def _exit(self, talk: Talk, *, said_done: bool) -> Exit:
        """Let it leave while it has time, else kill it; what counts is the engine's word on how it went."""
        stays = said_done and not self._left
        breaks = self._broke is not None and not self._broke.cut
        leaves = not stays and not breaks and self._leaves(talk.left())
        killed = not leaves and (self._kill() or stays)
        with _still_there("the end of a box could not be read"):
            state = self._client.inspect_container(self._id)["State"]
        return Exit(state["ExitCode"], oom=bool(state["OOMKilled"]), killed=killed)

    def _leaves(self, seconds: float) -> bool:
        with _still_there("the end of a box could not be awaited"):
            try:
                self._client.wait(self._id, timeout=ceil(max(seconds, 0.1)))
            except requests.RequestException:
                return not self._client.inspect_container(self._id)["State"]["Running"]
        return True

    def _kill(self) -> bool:
        """False where it had ended before. Hang up first: the engine holds an end back until all output has been taken."""
        if self._link is not None:
            self._link.close()
        with _still_there("a box could not be killed"):
            try:
                self._client.kill(self._id)
            except errors.APIError as error:
                if error.status_code != requests.codes.conflict:
                    raise
                return False
            self._client.wait(self._id, timeout=60)
        return True

    def _talking(self) -> Talk:
        if self._talk is None:
            raise BoxBrokeError(BoxEnd.FAILED, "It was never started.")
        return self._talk

    def _words(self) -> str:
        return self._link.tail.text() if self._link is not None else ""


@contextmanager
def _still_there(doing: str) -> Iterator[None]:
    """A container that was removed beside us was killed from outside; any other trouble is the engine's."""
    with engine_errors(doing):
        try:
            yield
        except errors.NotFound:
            raise killed_from_outside() from None


def remove_container(client: APIClient, container: str) -> None:
    """Force it away; being gone already is fine, and so is somebody else removing it right now."""
    try:
        client.remove_container(container, force=True, v=True)
    except errors.APIError as error:
        if error.status_code not in {requests.codes.not_found, requests.codes.conflict}:
            raise
