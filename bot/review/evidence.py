"""When pictures and tensors are put on the evidence branch, and when the report is written again to show them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.records.decision import Action, PostReport, PublishEvidence
from bot.records.evidence import DUE, missing, remembered

if TYPE_CHECKING:
    from bot.records.facts import PullFacts
    from bot.records.stage import Stage


def evidence(facts: PullFacts, stage: Stage, wait: str) -> tuple[Action, ...]:
    """Due once the report stands without them; the report is edited when the branch shows them, or when they are gone."""
    if facts.checked is None or facts.state is None:
        return ()
    due = missing(facts)
    if due:
        return (PublishEvidence(due),)
    return () if facts.state.evidence == remembered(facts) else (PostReport(stage, wait),)


def forgotten(facts: PullFacts) -> bool:
    """The report waits for evidence that only a check can name again: the local database was lost in between."""
    return facts.checked is None and facts.state is not None and facts.state.evidence == DUE
