"""One look at a subject, as everything below it may know it: whose calls these are, and what it has just read.

A look is bound to its thread by a context variable, so that gateways find it without being handed it. `look_done` is its
one line in the log.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WINDOW = 5.0
"""Seconds for which one look takes an answer of its own for the present; every write and every new observation ends it."""

T = TypeVar("T")

_CURRENT: ContextVar[Look | None] = ContextVar("look", default=None)

log = structlog.get_logger()


class Look:
    """What one look has called and read; used by its own thread alone."""

    def __init__(self, subject: str, *, urgent: bool = False) -> None:
        self.subject = subject
        self.calls: Counter[str] = Counter()
        """Calls by kind: `read`, `unchanged`, `write`, `coalesced`, `cached`."""
        self._urgent = urgent
        self._answers: dict[str, tuple[float, Any]] = {}
        self._standing: dict[str, Any] = {}

    @property
    def urgent(self) -> bool:
        """Somebody waits for it: an event named it, or it has begun to write. The others give way when GitHub's limit is near."""
        return self._urgent or self.calls["write"] > 0

    def known(self, url: str) -> Any:
        """What this look was answered there within `WINDOW`, else None."""
        at, answer = self._answers.get(url, (0.0, None))
        return answer if answer is not None and time.monotonic() - at < WINDOW else None

    def keep(self, url: str, answer: Any) -> None:
        """Remember an answer; never None."""
        self._answers[url] = (time.monotonic(), answer)

    def renew(self) -> None:
        """What was read may not be so any more."""
        self._answers.clear()

    def once(self, name: str, ask: Callable[[], T]) -> T:
        """See `once`."""
        if name not in self._standing:
            self._standing[name] = ask()
        found: T = self._standing[name]
        return found


def current() -> Look | None:
    """The look under way in this thread."""
    return _CURRENT.get()


def once(name: str, ask: Callable[[], T]) -> T:
    """Asked once by a look, also where it writes; whoever is in no look asks each time."""
    look = _CURRENT.get()
    return ask() if look is None else look.once(name, ask)


def renew() -> None:
    """Begin to observe: whatever is asked from now on is asked of GitHub, each address once."""
    look = _CURRENT.get()
    if look is not None:
        look.renew()


@contextmanager
def look(subject: str, *, urgent: bool = False) -> Iterator[Look]:
    """Bind a look, and write its line when it ends; inside a look at the same subject it is that one."""
    outer = _CURRENT.get()
    if outer is not None and outer.subject == subject:
        yield outer
        return
    made, started = Look(subject, urgent=urgent), time.perf_counter()
    token = _CURRENT.set(made)
    try:
        yield made
    finally:
        _CURRENT.reset(token)
        log.info(
            "look_done",
            subject=subject,
            seconds=round(time.perf_counter() - started, 3),
            reads=made.calls["read"],
            unchanged=made.calls["unchanged"],
            writes=made.calls["write"],
            coalesced=made.calls["coalesced"],
            cached=made.calls["cached"],
        )
