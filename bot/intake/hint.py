"""What an event saw beside what a look shows: GitHub's reads lag behind its events. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.records.event import Hint
    from bot.records.facts import PullFacts


def shown(hint: Hint, facts: PullFacts) -> bool:
    """Whether the look is at least as new as the event.

    Ids only grow, so that a newer comment or review will do where the one itself was deleted. A commit that was replaced by
    force never shows again, nor does a check run on one; then the few further looks are in vain and do no harm.
    """
    head = not hint.head or hint.head == facts.pull.head_sha or hint.head in facts.commits
    review = max((review.id for review in facts.reviews), default=0)
    run = not hint.run or facts.rerun >= hint.run or any(mark.id > hint.run for mark in facts.marks)
    return head and run and hint.comment <= facts.newest_comment and hint.review <= review
