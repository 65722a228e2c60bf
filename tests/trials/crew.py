"""The processes of the service: started, killed, paused, woken, and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Self

SERVE = (sys.executable, "-m", "bot", "serve")
WORK = (sys.executable, "-m", "tests.trials.worker")
SERVING, WORKING = b"Listening at", b"worker_ready"
"""What they say once they are at work."""


@dataclass
class Member:
    """One place in the crew; whoever fills it is a new process each time."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    log: Path
    word: bytes
    """What it writes into its log once it is at work."""
    process: subprocess.Popen[bytes] | None = None
    lives: int = 0
    paused: bool = False
    output: IO[bytes] | None = field(default=None, repr=False)
    since: int = 0
    """Where in the log its present process began to write."""

    def ready(self) -> bool:
        """The process that fills it now is at work."""
        there = self.process is not None and self.process.poll() is None and not self.paused
        return there and self.word in self.log.read_bytes()[self.since :]


class Crew:
    """A context manager; `tend` restarts whoever left by themselves (a service that lost its lease asks for that)."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = list(members)
        self._lock = threading.RLock()
        self._over = False

    def __enter__(self) -> Self:
        for member in self.members:
            self._start(member)
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._over = True
            for member in self.members:
                self._end(member)

    def kill(self, member: Member) -> bool:
        """Kill -9; False where nobody was there to kill."""
        with self._lock:
            if member.process is None or member.process.poll() is not None or member.paused:
                return False
            member.process.kill()
            member.process.wait()
            return True

    def start(self, member: Member) -> None:
        with self._lock:
            if not self._over and (member.process is None or member.process.poll() is not None):
                self._start(member)

    def pause(self, member: Member) -> bool:
        """SIGSTOP; False where nobody was there to pause."""
        with self._lock:
            if member.process is None or member.process.poll() is not None or member.paused:
                return False
            os.kill(member.process.pid, signal.SIGSTOP)
            member.paused = True
            return True

    def wake(self, member: Member) -> None:
        with self._lock:
            if member.process is not None and member.paused:
                member.paused = False
                os.kill(member.process.pid, signal.SIGCONT)

    def tend(self) -> None:
        """Start again whoever is gone, and was not killed just now."""
        for member in self.members:
            self.start(member)

    def _start(self, member: Member) -> None:
        member.lives += 1
        member.paused = False
        if member.output is None:
            member.output = member.log.open("ab")
        member.since = member.log.stat().st_size
        member.process = subprocess.Popen(
            list(member.command),
            env=dict(member.environ),
            stdin=subprocess.DEVNULL,
            stdout=member.output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )

    def _end(self, member: Member) -> None:
        if member.process is not None and member.process.poll() is None:
            if member.paused:
                os.kill(member.process.pid, signal.SIGCONT)
            member.process.terminate()
            try:
                member.process.wait(20)
            except subprocess.TimeoutExpired:
                member.process.kill()
                member.process.wait()
        if member.output is not None:
            member.output.close()
