"""A pull request that was deleted, or that GitHub does not show yet: an answer, and no error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.records.answer import Answer

if TYPE_CHECKING:
    from bot.corridor.desk import Desk

GONE = "gone"
"""Reason of an answer about a pull request that was deleted."""
_NOT_FOUND = "not-found"


def gone_pull(desk: Desk, number: int, error: GatewayError, *, told: bool) -> Answer | None:
    """What to answer where the pull request itself is not there; None where the error is about anything else.

    GitHub hides what a token may not see as if it were gone: whether it shows the repository decides. Where an event has just
    told of the pull request it is only late.
    """
    if error.reason != _NOT_FOUND or not _missing(desk, number):
        return None
    if told:
        return Answer(f"GitHub does not show pull request {number} yet.", "unseen")
    desk.store.drop("open", str(number))
    return Answer(f"There is no pull request {number}.", reason=GONE)


def _missing(desk: Desk, number: int) -> bool:
    try:
        desk.github.pull(number)
    except GatewayError as error:
        base = desk.github.default_branch()
        return error.reason == _NOT_FOUND and desk.github.ref(f"heads/{base}") is not None
    return False
