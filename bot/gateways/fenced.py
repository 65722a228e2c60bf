"""A mailbox that asks before it sends whether this process may still speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.ports import Notifier
    from bot.records.notice import Notice


class FencedNotifier:
    """`ports.Notifier`; `fence` raises where another process has taken over this one's work, and then nothing is sent."""

    def __init__(self, notifier: Notifier, fence: Callable[[], None]) -> None:
        self._notifier, self._fence = notifier, fence

    def channels(self) -> tuple[str, ...]:
        """See `ports.Notifier`."""
        return self._notifier.channels()

    def send(self, notice: Notice, channel: str) -> None:
        """See `ports.Notifier`."""
        self._fence()
        self._notifier.send(notice, channel)
