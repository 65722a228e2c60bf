"""A store for dry runs: what is written stays in memory, what was there is read through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.ports import Store


class OverlayStore:
    """`ports.Store` over another one, which it never changes."""

    def __init__(self, below: Store) -> None:
        self._below = below
        self._over: dict[tuple[str, str], dict[str, Any] | None] = {}

    def get(self, room: str, key: str) -> dict[str, Any] | None:
        """See `ports.Store`."""
        return self._over[room, key] if (room, key) in self._over else self._below.get(room, key)

    def put(self, room: str, key: str, value: dict[str, Any]) -> None:
        """See `ports.Store`; kept in memory."""
        self._over[room, key] = value

    def drop(self, room: str, key: str) -> None:
        """See `ports.Store`; remembered in memory."""
        self._over[room, key] = None

    def change(
        self, room: str, key: str, change: Callable[[dict[str, Any] | None], dict[str, Any] | None]
    ) -> dict[str, Any] | None:
        """See `ports.Store`; a dry run has no one beside it."""
        after = change(self.get(room, key))
        self._over[room, key] = after
        return after

    def items(self, room: str) -> Mapping[str, dict[str, Any]]:
        """See `ports.Store`."""
        over = {key: value for (where, key), value in self._over.items() if where == room}
        both = {**self._below.items(room), **over}
        return {key: value for key, value in sorted(both.items()) if value is not None}
