"""What became of one look at a subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.errors import GatewayError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.errors import AccessionError

Status = Literal["settled", "pending", "unseen", "failed"]
"""`settled`: where it should be. `pending`: the work side was asked, and its answer will name the subject again. `unseen`:
GitHub does not show yet what an event saw. `failed`: something is broken; the text says what."""


@dataclass(frozen=True)
class Answer:
    """`text` is a sentence for people, empty where there is nothing to say; `until` says when to look again."""

    text: str = ""
    status: Status = "settled"
    until: datetime | None = None
    reason: str = ""
    """A stable word, where it failed."""
    transient: bool = True
    """Where it failed: trying again may help."""
    retry_after: float | None = None
    """Where it failed: the seconds that the other side asked for, where it named them."""
    advanced: bool = False
    """Where it is pending: a part of it was brought on nonetheless."""

    def __str__(self) -> str:
        return self.text

    @property
    def failed(self) -> bool:
        """It is not where it should be, and nobody will name it again by themselves."""
        return self.status == "failed"


def failed(error: AccessionError) -> Answer:
    """Trying again may help where a door says so; it may also say when."""
    transient, after = (error.transient, error.retry_after) if isinstance(error, GatewayError) else (False, None)
    return Answer(error.message, "failed", reason=error.reason, transient=transient, retry_after=after)
