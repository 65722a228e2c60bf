"""What DBOS logs goes where everything is logged; the same line at most once a minute, however often it polls in vain."""

from __future__ import annotations

import logging
import time

import structlog

MINUTE = 60.0

log = structlog.get_logger()


class Seldom:
    """Says yes to the first of its kind, and again after a minute."""

    def __init__(self, seconds: float = MINUTE) -> None:
        self._seconds = seconds
        self._last: dict[str, float] = {}

    def now(self, kind: str) -> bool:
        """Whether it is to be said."""
        now = time.monotonic()
        if now - self._last.get(kind, -self._seconds) < self._seconds:
            return False
        self._last[kind] = now
        return True


class Bridge(logging.Handler):
    """From the library's logger to structlog, its warnings and errors, by the place that logs them; without tracebacks."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._seldom = Seldom()

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`."""
        if self._seldom.now(f"{record.filename}:{record.lineno}"):
            said = " ".join(record.getMessage().split())[:300]
            error = record.exc_info[1] if record.exc_info else None
            more = {"error": f"{type(error).__name__}: {error}"[:300]} if error else {}
            log.warning("engine_library", place=record.filename, said=said, **more)


def quiet_library() -> None:
    """Instead of the library's own way to the console; it adds none where there is a handler."""
    library = logging.getLogger("dbos")
    library.propagate = False
    for handler in list(library.handlers):
        library.removeHandler(handler)
    library.addHandler(Bridge())
