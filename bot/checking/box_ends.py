"""Whose a bad end of a box is. Pure.

Hitting a limit is the contributor's in every box: only its content makes it so. Crashing and leaving the protocol are
the contributor's in `produce`, the one box that runs foreign code; in our own readers they are ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.records.box import BoxEnd

if TYPE_CHECKING:
    from bot.records.box import BoxRun

LIMITS = frozenset({BoxEnd.TIME, BoxEnd.MEMORY, BoxEnd.OUTPUT})
_DOING = {
    "describe": "Reading the upload",
    "static": "Checking the files",
    "produce": "Running the model",
    "judge": "Comparing the outputs",
    "compare": "Comparing the weight formats",
    "environment": "Reading the declared dependencies",
}


def sentence(verb: str, run: BoxRun) -> str:
    """What the contributor reads."""
    return f"{_DOING[verb]} in its box ended by: {run.end.value}. {run.limit}".strip()


def is_contributors(verb: str, run: BoxRun) -> bool:
    """Whether somebody who changes the upload can change this end."""
    return run.end in LIMITS or verb == "produce"


def ours(verb: str, run: BoxRun) -> GatewayError:
    """The error for an end that is not the contributor's, with the last line the box said."""
    last = run.words.strip().splitlines()[-1:] or [""]
    return GatewayError(f"{sentence(verb, run)} {last[0][:500]}".strip(), reason="box-failed", transient=True)
