"""Stage labels: one of ours at a time, everybody else's untouched. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.records.stage import STAGE_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.records.stage import Stage


def with_stage(labels: Iterable[str], stage: Stage) -> tuple[str, ...]:
    """All labels the pull request should carry, sorted."""
    return tuple(sorted({label for label in labels if label not in STAGE_LABELS} | {stage.value}))
