"""What a work side that is asked through a queue can say beside `ports.Workshop`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.records.backlog import Backlog


@runtime_checkable
class WaitingRoom(Protocol):
    """A work side that is asked through a queue can also say how its questions stand."""

    def finished(self, ids: Collection[str]) -> frozenset[str]:
        """Those of the questions (`digests.job_id`) that have an answer."""

    def answerable(self, ids: Collection[str]) -> frozenset[str]:
        """Those of the questions that somebody may still answer; not one that is gone, or that was asked for other images."""

    def took(self, ids: Collection[str]) -> Mapping[str, tuple[str, tuple[str, ...], float]]:
        """Verb, weight formats and seconds of those that were answered, as the work side says."""

    def backlog(self) -> Backlog:
        """What waits and what is under way."""
