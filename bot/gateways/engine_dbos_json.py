"""Nothing is ever unpickled: DBOS reads and writes JSON, and its own serializer is made unable to do anything else.

A row of DBOS's tables names its serializer. A row marked `py_pickle` is unpickled by the library whatever serializer is
configured, before any code of ours sees it: who can write into the database could run code beside the keys. So the
library's pickle serializer is replaced, for all of its paths (arguments, results, errors, listings, schedules), and each
start proves that it is.
"""

from __future__ import annotations

import json
from typing import Any

from dbos._serialization import DBOSDefaultSerializer, DBOSPortableJSON, DefaultSerializer

from bot.errors import ConfigError
from bot.records.event import Hint, Subject, hint_of, subject_of

JSON_SERIALIZER = DBOSPortableJSON

_HARMLESS = "gAVLAS4="
"""The number 1, pickled."""


class PickleRefusedError(ValueError):
    """A row asked for it."""


def refuse_pickle() -> None:
    """Once for a process, before DBOS is used; raises ConfigError where the library has changed so that it does not hold."""
    for name, method in (("deserialize", _refused), ("serialize", _as_text)):
        setattr(DefaultSerializer, name, method)
    try:
        DBOSDefaultSerializer.deserialize(_HARMLESS)
    except PickleRefusedError:
        return
    raise ConfigError("This version of DBOS would unpickle what stands in its database; install the pinned one.")


def _refused(_self: object, _data: str) -> Any:
    raise PickleRefusedError("This row is pickled. Nothing here unpickles.")


def _as_text(_self: object, data: Any) -> str:
    """Where the library ends a row marked `py_pickle` it writes an error in the row's own format: plain text, as JSON."""
    return json.dumps(str(data))


def payload_of(subject: Subject, hint: Hint, unseen: int = 0) -> dict[str, Any]:
    """What a row of the queue says; `unseen` counts the looks that did not show what the hint speaks of."""
    return {"subject": str(subject), "hint": hint.as_json(), "unseen": unseen}


def read_payload(data: object) -> tuple[Subject, Hint, int]:
    """From `payload_of`; raises ValueError for what names no subject."""
    found = data if isinstance(data, dict) else {}
    unseen = found.get("unseen")
    subject = subject_of(str(found.get("subject", "")))
    return subject, hint_of(found.get("hint")), unseen if type(unseen) is int and unseen > 0 else 0


def payload_in(inputs: str) -> object:
    """The payload in a stored row; None where there is none."""
    try:
        data = json.loads(inputs)
        return data["positionalArgs"][0]
    except (ValueError, KeyError, IndexError, TypeError):
        return None


def merged(older: Hint, newer: Hint) -> Hint:
    """The newest of each field."""
    return Hint(
        head=newer.head or older.head,
        comment=newer.comment or older.comment,
        review=newer.review or older.review,
        asked=newer.asked or older.asked,
    )
