"""How far weights came, in one word each: the levels of the table and the heatmap, with what stands for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.records.verdict import Outcome, Weights

RULES = "rules"
"""The column of the static rules, beside one for each weight format."""


@dataclass(frozen=True)
class Level:
    """`rank` compares with before (a lower one is worse), `trouble` sorts (higher first); `fill` and `ink` are colours."""

    name: str
    sign: str
    rank: int
    trouble: int
    fill: str
    ink: str
    meaning: str


LEVELS = (
    Level("reproduces", "✓", 4, 0, "#12715f", "#ffffff", "the test outputs; rules pass"),
    Level("passes", "✓", 4, 0, "#12715f", "#ffffff", "the rules have nothing to mend"),
    Level("reproduces only within", "≈", 3, 2, "#a5dcc4", "#11302a", "its own, too wide tolerance"),
    Level("runs", "R", 2, 3, "#f6c445", "#3a2a00", "but gives another output"),
    Level("loads", "L", 1, 4, "#ee9a4d", "#3d1c00", "but does not run"),
    Level("fails", "✕", 0, 5, "#b3261e", "#ffffff", "to load, or a rule"),
    Level("skipped", "–", 0, 1, "#dfe3e8", "#3b434d", "not run, for a reason that is said"),
    Level("errored", "!", 0, 6, "#5b3f94", "#ffffff", "our trouble, nothing is known"),
)
"""From best to worst, then what is no verdict on the weights."""

BY_NAME = {level.name: level for level in LEVELS}
GOOD = frozenset({"reproduces", "passes", "skipped"})


def level_of(weights: Weights) -> tuple[str, str]:
    """The level that the three answers amount to, and the sentence that says why it is no higher."""
    answers = (weights.loads, weights.runs, weights.reproduces)
    for answer in answers:
        if answer.outcome == "errored":
            return "errored", answer.message
    if weights.reproduces.outcome == "passed":
        return "reproduces", weights.reproduces.message
    if weights.runs.outcome == "passed":
        name = "reproduces only within" if _only_within(weights) else "runs"
        return name, weights.reproduces.message
    return _not_run(*answers)


def _not_run(loads: Outcome, runs: Outcome, reproduces: Outcome) -> tuple[str, str]:
    if loads.outcome == "passed":
        return "loads", runs.message
    failed = next((answer for answer in (loads, runs, reproduces) if answer.outcome == "failed"), None)
    return ("fails", failed.message) if failed else ("skipped", loads.message)


def _only_within(weights: Weights) -> bool:
    """Every output that does not reproduce does by the contributor's own tolerance; the judge says so behind its name."""
    failed = [tensor for tensor in weights.tensors if tensor.outcome.outcome == "failed"]
    return bool(failed) and all(
        tensor.outcome.message.startswith(f"output `{tensor.name}`: reproduces only within ") for tensor in failed
    )


def worse(now: str, before: str | None) -> bool:
    """It came further before; what errored is not known to be worse."""
    return before is not None and now != "errored" and BY_NAME[now].rank < BY_NAME[before].rank
