"""The life of a pull request; the values are the labels people see."""

from __future__ import annotations

from enum import Enum


class Stage(Enum):
    """Stages are output: written as labels, never read back as state."""

    CHECKING = "checking"
    NEEDS_CHANGES = "needs changes"
    AWAITING_REVIEW = "awaiting review"
    APPROVED = "approved"
    MERGED = "merged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    BLOCKED = "blocked"

    @property
    def final(self) -> bool:
        """Nothing more happens by itself."""
        return self in {Stage.MERGED, Stage.DECLINED, Stage.WITHDRAWN, Stage.SUPERSEDED}


STAGE_LABELS = frozenset(stage.value for stage in Stage)
