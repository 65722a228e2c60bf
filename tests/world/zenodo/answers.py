"""Answers and refusals in Zenodo's JSON.

InvenioRDM writes every error as `{"status": …, "message": …}`, with `errors: [{field, messages}]` where a field is at
fault and the `tombstone` where a record was removed.
"""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Response

UNAUTHORIZED = (
    "The server could not verify that you are authorized to access the URL requested. You either supplied the wrong "
    "credentials (e.g. a bad password), or your browser doesn't understand how to supply the credentials required."
)


class ZenodoError(Exception):
    """A refusal with its HTTP status; `extra` goes into the body as it is."""

    def __init__(self, status: int, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"status": status, "message": message, **extra}


class MissingError(ZenodoError):
    """There is no such record, draft or page (or it is none of the asker's business)."""

    def __init__(self, message: str = "The persistent identifier does not exist.") -> None:
        super().__init__(404, message)


def invalid(field: str, message: str) -> ZenodoError:
    return ZenodoError(400, "A validation error occurred.", errors=[{"field": field, "messages": [message]}])


def bad_query() -> ZenodoError:
    return ZenodoError(400, "Invalid querystring parameters.")


def answer(body: Any, status: int = 200, **headers: str) -> Response:
    """JSON with headers given as keywords (`ETag="3"`)."""
    return Response(json.dumps(body), status, headers, mimetype="application/json")
