"""Which suggestions should stand on lines of the pull request, and which threads of ours should be open. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.digests import digest
from bot.records.decision import Action, DropBlocks, SettleThreads, Suggest
from bot.records.suggestions import offers
from bot.words.text import exact

if TYPE_CHECKING:
    from bot.records.facts import PullFacts
    from bot.records.suggestions import Offer


def suggest(facts: PullFacts) -> tuple[Action, ...]:
    """Suggestions that stand nowhere yet, on whatever commit; and doubles away."""
    seen: dict[str, int] = {}
    doubles = tuple(b.comment for b in facts.blocks if seen.setdefault(b.key, b.comment) != b.comment)
    actions: tuple[Action, ...] = (DropBlocks(doubles),) if doubles else ()
    if facts.checked is None or facts.blocks_refused:
        return actions
    due = tuple(o.key for o in offers(facts.checked.report) if o.key not in seen and _fits(o, facts))
    return (*actions, Suggest(due)) if due else actions


def settle(facts: PullFacts, *, approved: bool = False) -> tuple[Action, ...]:
    """Threads of what is still suggested are open, the others resolved.

    Once the approvals count, all are resolved: advice that was not taken must not stand in the way of the merge where the
    repository wants conversations resolved.
    """
    if not facts.blocks or (facts.checked is None and not approved):
        return ()
    wanted = () if approved or facts.checked is None else offers(facts.checked.report)
    open_keys = frozenset(offer.key for offer in wanted)
    name = digest(f"{sorted(open_keys)} {sorted((block.comment, block.key) for block in facts.blocks)}")
    return () if name == facts.threads_settled else (SettleThreads(open_keys, name),)


def _fits(offer: Offer, facts: PullFacts) -> bool:
    """GitHub takes comments on lines within one part of the diff, and the text must arrive as it is."""
    start, end = offer.suggestion.start_line, offer.suggestion.end_line
    return exact(offer.suggestion.text) and any(first <= start and end <= last for first, last in facts.shown)
