"""The hand behind the curtain, over HTTP: for tests and demos whose Zenodo runs as a process of its own.

Nothing under `/_world` exists on Zenodo; none of it is counted, limited or logged.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from .answers import MissingError, ZenodoError, answer

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from .asking import Asking

PREFIX = "/_world"
SWITCHES = ("index_lag", "enforce_limits", "honour_updated_sort", "honour_updated_range", "strict")


def settings(ask: Asking) -> Response:
    return answer({name: getattr(ask.world, name) for name in SWITCHES})


def set_settings(ask: Asking) -> Response:
    given = ask.request.get_json(force=True)
    unknown = set(given) - set(SWITCHES)
    if unknown:
        raise ZenodoError(400, f"Unknown switch {', '.join(sorted(unknown))}: one of {', '.join(SWITCHES)}")
    for name, value in given.items():
        setattr(ask.world, name, value)
    return settings(ask)


def requests(ask: Asking) -> Response:
    return answer([asdict(seen) for seen in ask.world.requests])


def do(ask: Asking, number: int, verb: str) -> Response:
    """POST …/records/{id}/edit, restrict, withdraw, drop_file or corrupt_file, with the arguments as JSON."""
    if verb not in {"edit", "restrict", "withdraw", "drop_file", "corrupt_file"}:
        raise MissingError(f"Nothing in this world does {verb!r} to a record.")
    given = ask.request.get_json(force=True) if ask.request.get_data() else {}
    try:
        getattr(ask.world, verb)(number, **given)
    except (TypeError, KeyError) as error:
        raise ZenodoError(400, str(error)) from error
    return answer({"id": number, "done": verb})
