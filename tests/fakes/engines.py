"""Engines to be tried: one in this process, or several in processes of their own, which can be killed and paused."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bot.gateways.clock import SystemClock
from bot.gateways.engine_dbos import DbosEngine
from bot.gateways.engine_dbos_database import EngineDatabase
from bot.gateways.engine_dbos_ground import Pace
from bot.gateways.store_sqlite import SqliteStore
from bot.records.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.records.event import Hint, Subject

ROOT = Path(__file__).parents[2]
PATIENT = 60.0
"""Seconds until a test gives up; nothing is expected to take long."""


def until(condition: Callable[[], Any], what: str = "") -> Any:
    """Wait for it; what it gave."""
    end = time.monotonic() + PATIENT
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"it never came to be: {what or condition}")


class Looks:
    """A pipeline that remembers its looks, and answers what a test says; `hold(subject)` makes looks at it last."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Hint]] = []
        self.answers: dict[str, Any] = {}
        """By subject: an answer, an exception to raise, or a function of the hint."""
        self.at_once: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        """The most looks at a subject at the same time; `all` counts those at any."""
        self._held: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def __call__(self, subject: Subject, hint: Hint) -> Answer:
        name = str(subject)
        with self._lock:
            self.seen.append((name, hint))
            for key in (name, "all"):
                self.at_once[key] += 1
                self.most[key] = max(self.most[key], self.at_once[key])
        try:
            if name in self._held:
                self._held[name].wait(PATIENT)
            answer = self.answers.get(name, Answer())
            if isinstance(answer, Exception):
                raise answer
            return answer(hint) if callable(answer) else answer
        finally:
            with self._lock:
                self.at_once.subtract([name, "all"])

    def of(self, subject: Subject) -> list[Hint]:
        return [hint for name, hint in self.seen if name == str(subject)]

    def hold(self, subject: Subject) -> threading.Event:
        """Looks at it last until the event is set."""
        self._held[str(subject)] = threading.Event()
        return self._held[str(subject)]

    def release(self) -> None:
        for event in self._held.values():
            event.set()


def _rows(database: EngineDatabase, statement: str, *values: Any) -> list[Any]:
    if database.schema:
        statement = re.sub(r"\b(workflow_(?:status|input|output))\b", rf"{database.schema}.\1", statement).replace(
            "?", "%s"
        )
    with database.begin() as c:
        found = c.exec_driver_sql(statement, values or None)
        return [tuple(row) for row in found] if found.returns_rows else []


class Bench:
    """At most one engine at a time; all over one database and one store."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.store = SqliteStore(folder / "store.sqlite")
        self.looks = Looks()
        self.engine: DbosEngine | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.looks.release()
        self.stop()
        self.store.close()

    def start(self, *, lease: float = 2.0, patience: float = 1.0, **more: Any) -> DbosEngine:
        more = {"schedules": {}, "clock": SystemClock(), "look": self.looks, "store": self.store, **more}
        self.engine = DbosEngine(self.url, **{"pace": Pace(lease, 0.05, patience), **more})
        self.engine.start()
        return self.engine

    def stop(self, seconds: float = 10.0) -> None:
        if self.engine is not None:
            self.engine.close(seconds)
            self.engine = None

    def idle(self) -> None:
        """Nothing waits and nothing is looked at, though something may be planned for later."""
        engine = self.engine
        assert engine is not None
        until(lambda: not (engine.state().waiting or engine.state().running), "idle")

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """From the engine's database; DBOS's tables need no schema, and `?` stands for a value in both kinds."""
        assert self.engine is not None
        return _rows(self.engine._database, statement, *values)


class Member:
    """One process of a crowd."""

    def __init__(self, process: subprocess.Popen[str], name: str) -> None:
        self.process, self.name, self.pid = process, name, process.pid

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENT)

    def pause(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def wake(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def ended(self) -> int:
        return self.process.wait(PATIENT)


class Crowd:
    """Processes that share a database, a store and a folder, in which they write down what they do (`engine_process`)."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.members: list[Member] = []
        self.store = SqliteStore(folder / "store.sqlite")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for member in self.members:
            if member.process.poll() is None:
                member.wake()
                member.process.kill()
            member.process.wait(PATIENT)
            assert member.process.stdin is not None
            member.process.stdin.close()
        self.store.close()

    def start(self, *, lease: float = 2.0, wait: bool = True, **more: Any) -> Member:
        """`schedules` are seconds by chore."""
        asked = {"url": self.url, "folder": str(self.folder), "lease": lease, "schedules": {}, **more}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.engine_process", json.dumps(asked)],
            cwd=ROOT, stdin=subprocess.PIPE, text=True,
        )  # fmt: skip
        member = Member(process, f"process-{process.pid}")
        self.members.append(member)
        if wait:
            until(lambda: self.said("started", member), f"{member.name} started")
        return member

    def tell(self, member: Member, subject: Subject, **more: Any) -> None:
        """Have that process tell its engine."""
        assert member.process.stdin is not None
        member.process.stdin.write(json.dumps({"tell": str(subject), **more}) + "\n")
        member.process.stdin.flush()

    def stop(self, member: Member) -> int:
        """Have it close in an orderly way; its exit code."""
        assert member.process.stdin is not None
        member.process.stdin.write(json.dumps({"close": True}) + "\n")
        member.process.stdin.flush()
        return member.ended()

    def hold(self) -> None:
        """Looks last until `let_go`."""
        (self.folder / "hold").touch()

    def let_go(self) -> None:
        (self.folder / "hold").unlink()

    def rows(self, statement: str) -> list[Any]:
        """From the engine's database."""
        database = EngineDatabase(self.url, lanes=1)
        try:
            return _rows(database, statement)
        finally:
            database.close()

    def said(self, what: str, member: Member | None = None) -> list[dict[str, Any]]:
        """What the processes wrote down, in order; of one kind, and of one process."""
        path = self.folder / "said.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        found = [json.loads(line) for line in lines]
        return [row for row in found if row["what"] == what and (member is None or row["pid"] == member.pid)]
