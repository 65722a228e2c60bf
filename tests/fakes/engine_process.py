"""`python -m tests.fakes.engine_process JSON`: an engine in a process of its own; what it does is told to a file, line by line.

A look writes `begin`, waits while there is a file `hold`, asks the fence, and writes `write`: what it read from the file
`world` when it began. Commands come by stdin, one JSON object a line. After a lost lease it ends with exit code 75.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import LostLeaseError
from bot.gateways.clock import SystemClock
from bot.gateways.engine_dbos import DbosEngine
from bot.gateways.engine_dbos_ground import Pace
from bot.gateways.store_sqlite import SqliteStore
from bot.records.answer import Answer
from bot.records.event import hint_of, subject_of

if TYPE_CHECKING:
    from bot.records.event import Hint, Subject


def main(asked: dict[str, Any]) -> int:
    folder = Path(asked["folder"])
    store = SqliteStore(folder / "store.sqlite")

    def say(what: str, **more: Any) -> None:
        with (folder / "said.jsonl").open("a") as file:
            file.write(json.dumps({"what": what, "pid": os.getpid(), **more}) + "\n")

    def look(subject: Subject, hint: Hint) -> Answer:
        world = folder / "world"
        observed = world.read_text() if world.exists() else ""
        say("begin", subject=str(subject), hint=hint.as_json())
        while (folder / "hold").exists():
            time.sleep(0.02)
        try:
            engine.fence()
        except LostLeaseError:
            say("fenced", subject=str(subject))
            raise
        say("write", subject=str(subject), observed=observed)
        return Answer()

    engine = DbosEngine(
        asked["url"],
        look=look,
        store=store,
        clock=SystemClock(),
        schedules={name: timedelta(seconds=seconds) for name, seconds in asked["schedules"].items()},
        pace=Pace(asked["lease"], 0.05),
    )
    engine.start()
    say("started", name=engine.name)
    closing = threading.Event()
    threading.Thread(target=_obey, args=(engine, closing, say), daemon=True).start()
    while not closing.is_set() and not engine.lost.is_set():
        time.sleep(0.02)
    engine.close(asked.get("closing", 5.0))
    store.close()
    return 75 if engine.lost.is_set() else 0


def _obey(engine: DbosEngine, closing: threading.Event, say: Any) -> None:
    for line in sys.stdin:
        command = json.loads(line)
        if "tell" in command:
            engine.tell(subject_of(command["tell"]), hint_of(command.get("hint")), after=command.get("after", 0.0))
            say("told", subject=command["tell"])
        else:
            closing.set()


if __name__ == "__main__":
    code = main(json.loads(sys.argv[1]))
    sys.stderr.flush()
    os._exit(code)
