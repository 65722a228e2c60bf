"""Lets whoever asked for a box end it from another thread, also before there is one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bot.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Callable


class Leash:
    """Held by who asked, tied to the box that runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._end: Callable[[], None] | None = None
        self._cut = False

    def tie(self, end: Callable[[], None]) -> None:
        """`end` stops the box; raises `GatewayError` where nobody waits for it any more."""
        with self._lock:
            if self._cut:
                raise abandoned()
            self._end = end

    def untie(self) -> None:
        """The box has ended by itself."""
        with self._lock:
            self._end = None

    def is_cut(self) -> bool:
        """Whether nobody waits for the box any more."""
        with self._lock:
            return self._cut

    def cut(self) -> None:
        """End the box that is tied, or the one that will be; once is enough."""
        with self._lock:
            self._cut, end, self._end = True, self._end, None
        if end is not None:
            end()


def abandoned() -> GatewayError:
    """Nobody hears this but logs."""
    return GatewayError("nobody waits for this box any more", reason="abandoned", transient=True)
