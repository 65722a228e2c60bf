"""What a row of the engine's queue says, as JSON."""

from __future__ import annotations

import json
from typing import Any

from dbos._serialization import DBOSPortableJSON

from bot.records.event import Hint, Subject, hint_of, subject_of

JSON_SERIALIZER = DBOSPortableJSON


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
