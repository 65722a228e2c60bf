"""Killing the bot at a write: before it is sent, after it was executed, or with its answer lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import UnknownOutcomeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.corridor.desk import Desk

MODES = ("before", "after", "answer lost")


class KilledError(BaseException):
    """The process is gone: nothing may catch this."""


class Killer:
    """Counts writes to GitHub and to the mailbox over all lives of the bot, and strikes once at number `at`."""

    def __init__(self, at: int, mode: str) -> None:
        self.at, self.mode = at, mode
        self.count = 0
        self.log: list[str] = []

    def arm(self, desk: Desk) -> Desk:
        transport = desk.github._t  # type: ignore[attr-defined]
        transport.write = self._guard(transport.write)
        desk.notifier.send = self._guard(desk.notifier.send)  # type: ignore[method-assign]
        return desk

    def _guard(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            struck = self.count == self.at
            self.log.append(" ".join(str(arg) for arg in args[:2])[:100])
            if struck and self.mode == "before":
                raise KilledError
            answer = write(*args, **kwargs)
            if struck and self.mode == "after":
                raise KilledError
            if struck:
                raise UnknownOutcomeError("The answer was lost.")
            return answer

        return guarded
