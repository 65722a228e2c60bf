"""`accession work`: answers questions from the work database until it is told to stop; any number of processes and machines.

It reads the work side's settings alone: there is no GitHub token in any of them.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

import structlog

from bot import logs
from bot.errors import AccessionError, ConfigError
from bot.queueing.fair import choose
from bot.records.box import BoxLimits
from bot.work import AT_ONCE, Server
from bot.work_bench import open_bench, open_work_engine
from bot.work_settings import LEASE, WorkSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.checking.bench import Bench

log = structlog.get_logger(__name__)
STOP_SECONDS = 20.0
"""For finishing what is under way when asked to stop; the rest is given back to the others."""


def lanes(bench: Bench) -> int:
    """Questions side by side: as many as boxes of the usual limits fit on the machine, and never more than `AT_ONCE`."""
    return min(AT_ONCE, bench.boxes.machine().at_once(BoxLimits()))


def consume(bench: Bench, url: str, stop: threading.Event, *, lease: float = LEASE) -> int:
    """Answer until `stop`; how many questions were given back unfinished."""
    server = Server(bench)
    engine = open_work_engine(
        url, reply=server.reply, environment=bench.environment, choose=choose, lanes=lanes(bench), lease=lease
    )
    engine.start()
    while not stop.wait(1.0):
        pass
    log.info("worker_stops", seconds=STOP_SECONDS)
    return engine.stop(STOP_SECONDS)


def main(environ: Mapping[str, str], stop: threading.Event) -> int:
    """The exit code."""
    settings = WorkSettings.from_env(environ)
    logs.configure(settings.secrets)
    with open_bench(settings) as bench:
        back = consume(bench, settings.work_database, stop, lease=settings.lease)
    log.info("worker_stopped", given_back=back)
    return 0


def serve_process(environ: Mapping[str, str]) -> NoReturn:
    """The process's own entry: SIGTERM and SIGINT ask it to stop, a second one ends it. What still runs then is given up."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(1) if stop.is_set() else stop.set())
    code = 1
    try:
        code = main(environ, stop)
    except ConfigError as error:
        print(f"accession: {error.message}", file=sys.stderr)  # noqa: T201 - as the command line says it
        code = 2
    except AccessionError as error:
        print(f"accession: {error.message}", file=sys.stderr)  # noqa: T201
    except Exception:
        log.exception("the work side ends")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
