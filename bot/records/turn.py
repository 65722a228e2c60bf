"""Whose question it is, and why it is asked: what the order of questions to the work side follows from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

TurnKind = Literal["new", "again", "retest"]
"""`new`: an upload or a correction nobody has looked at. `again`: somebody asked for it by a command. `retest`: nobody waits."""
TURN_KINDS: tuple[TurnKind, ...] = get_args(TurnKind)
_CONTRIBUTOR = 128


@dataclass(frozen=True)
class Turn:
    """The job's optional `turn`; no part of what names the question, so that the answer is the same whoever asks."""

    contributor: str = ""
    """`zenodo-1234` or `github-ada`: one account of one place, at most 128 characters. Empty: nobody is known."""
    kind: TurnKind = "new"
    weights: tuple[str, ...] = ()
    """Weight formats, once described: what the time of a check depends on most."""

    def as_json(self) -> dict[str, Any]:
        """As `schemas/job.schema.json` has it."""
        return {"contributor": self.contributor[:_CONTRIBUTOR], "kind": self.kind, "weights": sorted(self.weights)[:16]}


def turn_of(data: object) -> Turn:
    """From a job's `turn`; what is missing or of another type is as if nothing were said."""
    found = data if isinstance(data, dict) else {}
    contributor, kind, weights = found.get("contributor"), found.get("kind"), found.get("weights")
    return Turn(
        contributor[:_CONTRIBUTOR] if isinstance(contributor, str) else "",
        next((known for known in TURN_KINDS if known == kind), "new"),
        tuple(str(name) for name in weights) if isinstance(weights, list) else (),
    )
