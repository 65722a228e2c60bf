"""Between the web door and the engine: takes events into memory at once, and hands them on behind the answer.

A database that is locked, slow or away must not keep a delivery waiting (GitHub gives up after 10 s, and writes of a busy
SQLite file were seen to take 0.6 s). What is in memory is lost with the process; the next sweep looks at it all the same.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot.errors import AccessionError, GatewayError
from bot.ports import NO_HINT
from bot.records.event import ChoreSubject, CollectionSubject, Hint, PullSubject, Subject, merged
from bot.serving.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable

ROOM = 10_000
"""Subjects held at most: some 2 MB, and more than a collection has open."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
"""Seconds between tries while the database is away."""
_TRIES = 5
"""A subject that the engine refuses by mistake of ours is given up after so many."""

_SWEEP = ChoreSubject("sweep")

log = structlog.get_logger()


@dataclass
class Buffer:
    """`hand_on` is `Engine.tell`. `start` makes the thread, `close` drains and ends it; both may be called again."""

    hand_on: Callable[[Subject, Hint], None]
    metrics: Metrics = field(default_factory=Metrics)
    room: int = ROOM
    longest_pause: float = LONGEST_PAUSE
    _held: dict[Subject, Hint] = field(default_factory=dict)
    """Oldest first."""
    _tries: dict[Subject, int] = field(default_factory=dict)
    _handing: int = 0
    _deadline: float | None = None
    """Set once it is closing: when to stop trying, by the monotonic clock."""
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to hand on."""
        with self._changed:
            if self._thread is None:
                self._deadline = None
                self._thread = threading.Thread(target=self._work, name="webhook-buffer", daemon=True)
                self._thread.start()

    def tell(self, subject: Subject, hint: Hint = NO_HINT) -> None:
        """Take an event; the same subject is kept once, with both hints. Raises `GatewayError` where nothing more is taken."""
        with self._changed:
            if self._deadline is not None:
                raise _refused("closing", "The service is stopping.")
            if subject in self._held:
                self._held[subject] = merged(self._held[subject], hint)
            else:
                self._take(subject, hint)
            self.metrics.buffered(len(self._held))
            self._changed.notify_all()

    def _take(self, subject: Subject, hint: Hint) -> None:
        """Full: the oldest that a sweep sees to makes room, or the new one is left to the sweep itself."""
        if len(self._held) < self.room or subject == _SWEEP:
            self._held[subject] = hint
            return
        oldest = next((held for held in self._held if _sweepable(held)), None)
        if oldest is None and not _sweepable(subject):
            raise _refused("full", "Too much is waiting to be written down.")
        if oldest is not None:
            del self._held[oldest]
            self._held[subject] = hint
        self._held.setdefault(_SWEEP, NO_HINT)
        self.metrics.lost()

    @property
    def depth(self) -> int:
        """Subjects that are not handed on yet."""
        with self._changed:
            return len(self._held) + self._handing

    def close(self, seconds: float = 5.0) -> int:
        """Take nothing more, hand on what is held for at most so long; the number of subjects left, which a sweep will find."""
        with self._changed:
            self._deadline = time.monotonic() + seconds
            thread, self._thread = self._thread, None
            self._changed.notify_all()
        if thread is not None:
            thread.join(seconds + 1)
        left = self.depth
        if left:
            log.warning("buffer_not_drained", subjects=left)
        return left

    def _work(self) -> None:
        pause = 0.0
        while (item := self._next(pause)) is not None:
            done = self._handed(*item)
            pause = 0.0 if done else min(max(FIRST_PAUSE, pause * 2), self.longest_pause)

    def _next(self, pause: float) -> tuple[Subject, Hint] | None:
        """The oldest, after a pause with jitter; None once it is closed and empty, or out of time."""
        until = time.monotonic() + pause * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret
        with self._changed:
            while not self._due(until):
                if self._deadline is not None and (not self._held or time.monotonic() >= self._deadline):
                    return None
                self._changed.wait(self._patience(until))
            subject = next(iter(self._held))
            self._handing = 1
            return subject, self._held.pop(subject)

    def _due(self, until: float) -> bool:
        late = self._deadline is not None and time.monotonic() >= self._deadline
        return bool(self._held) and time.monotonic() >= until and not late

    def _patience(self, until: float) -> float | None:
        ends = [until] if self._held else []
        ends += [self._deadline] if self._deadline is not None else []
        return max(0.0, min(ends) - time.monotonic()) if ends else None

    def _handed(self, subject: Subject, hint: Hint) -> bool:
        try:
            self.hand_on(subject, hint)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other events go on
            again = self._again(subject, error)
        else:
            again = False
            self._tries.pop(subject, None)
        with self._changed:
            self._handing = 0
            if again:
                newer = self._held.pop(subject, NO_HINT)
                self._held[subject] = merged(hint, newer)
            self.metrics.buffered(len(self._held))
        return not again

    def _again(self, subject: Subject, error: Exception) -> bool:
        """A door that is shut opens again; a mistake of ours does not mend itself, and is left to the sweep and the log."""
        if isinstance(error, AccessionError):
            log.warning("event_not_handed_on", told=str(subject), reason=error.reason, message=error.message)
            return True
        tries = self._tries.pop(subject, 0) + 1
        log.error("event_refused", told=str(subject), tries=tries, error=type(error).__name__, exc_info=error)
        if tries < _TRIES:
            self._tries[subject] = tries
        return tries < _TRIES


def _sweepable(subject: Subject) -> bool:
    return isinstance(subject, PullSubject | CollectionSubject)


def _refused(reason: str, message: str) -> GatewayError:
    return GatewayError(message, reason=reason, transient=True, retry_after=30.0)
