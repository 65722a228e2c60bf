"""Asks right before the bytes of a request leave whether they still may.

Between the question of a process and its write there may be an hour: it was paused there, or a token had to be renewed
first. Headers and body leave by themselves, and nothing is done by the other side until it has both, so a request that is
stopped before its last part was never made. What is left are the microseconds between the question and the system call.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from requests.adapters import HTTPAdapter

_ask: ContextVar[Callable[[], None] | None] = ContextVar("last_word", default=None)


@contextmanager
def last_word(ask: Callable[[], None]) -> Iterator[None]:
    """What this thread sends in between through an adapter of `listening`; `ask` raises where it must not."""
    before = _ask.set(ask)
    try:
        yield
    finally:
        _ask.reset(before)


def listening(adapter: HTTPAdapter) -> None:
    """Have this adapter's connections ask. Those through a proxy do not: whoever sends asks before as well."""
    adapter.poolmanager.pool_classes_by_scheme = _POOLS


def _asked() -> None:
    ask = _ask.get()
    if ask is not None:
        ask()


class _Plain(HTTPConnection):
    def send(self, data: Any) -> None:
        _asked()
        super().send(data)


class _Sealed(HTTPSConnection):
    def send(self, data: Any) -> None:
        _asked()
        super().send(data)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SealedPool(HTTPSConnectionPool):
    ConnectionCls = _Sealed


_POOLS = {"http": _PlainPool, "https": _SealedPool}
