"""The name of one start of `accession work`, and which of the others are dead.

A name says where its process lives, so that one below the same kernel takes over at once what a process left that certainly
ended. Nothing need wait for a fence here, as it must in `engine_dbos_lease`: an answer that comes too late changes nothing.
Of every other process it is a sign that does not change for a lease; whom nobody knows counts as one without signs.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bot import plain_json
from bot.gateways.engine_dbos_lease import Quiet
from bot.gateways.process_place import gone, place

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = 1024
"""Characters of a name that are looked at."""


def new_name() -> str:
    """Nobody else's, and no other start's."""
    return f"{secrets.token_hex(8)} {plain_json.dumps(place())}"


class Others:
    """What one worker has seen of the others, by its own clock: its own pause is nobody's death."""

    def __init__(self, lease: float) -> None:
        self._lease = lease
        self._quiet = Quiet(lease / 4)
        self._here = place()

    def dead(self, signs: Mapping[str, object]) -> set[str]:
        """Those of the names; `signs` are the last ones that they gave."""
        quiet = self._quiet.look(signs)
        return {name for name in quiet if quiet[name] >= self._lease or gone(_place(name), self._here)}


def _place(name: str) -> object:
    """What the name says; a name of another make says nothing."""
    try:
        return plain_json.loads(name.partition(" ")[2], limit=_NAME)
    except plain_json.NotPlainError:
        return None
