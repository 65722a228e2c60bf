"""The door described: what each address takes and answers, for `/openapi.json`. Data."""

from __future__ import annotations

from typing import Any

from bot.intake.webhook import NAMES
from bot.records.webhook import REASONS

_TEXT = {"type": "string"}


def _object(properties: dict[str, Any], *needed: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(needed), "additionalProperties": False}


def _nullable(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


_REFUSED = _object(
    {"outcome": {"const": "refused"}, "reason": _TEXT, "message": _TEXT, "where": _TEXT}, "outcome", "reason", "message"
)
_ACCEPTED = _object(
    {"outcome": {"const": "accepted"}, "subjects": {"type": "array", "items": _TEXT}}, "outcome", "subjects"
)
_IGNORED = _object(
    {"outcome": {"const": "ignored"}, "reason": {"type": "string", "enum": list(REASONS)}}, "outcome", "reason"
)
_SUBMISSION = _object(
    {
        "pull_request": _nullable("integer"),
        **{
            name: _nullable("string")
            for name in ("id", "version", "stage", "waits_for", "next_attempt", "place", "expected")
        },
    },
    "pull_request", "id", "version", "stage", "waits_for", "next_attempt", "place", "expected",
)  # fmt: skip
_PARKED = _object(
    {"tries": _nullable("integer"), **{name: _nullable("string") for name in ("subject", "reason", "message", "since")}},
    "subject", "reason", "message", "tries", "since",
)  # fmt: skip
_STATUS = _object(
    {
        "submissions": {"type": "array", "items": _SUBMISSION},
        "stages": {"type": "object", "additionalProperties": {"type": "integer"}},
        "parked": {"type": "array", "items": _PARKED},
        "listing": _object({"complete": _nullable("boolean"), "at": _nullable("string")}, "complete", "at"),
        "queue": {"type": "object", "additionalProperties": {"type": "number"}},
        "messages": {"type": "array", "items": _TEXT},
        "young": {"type": "boolean", "description": "False while the database does not answer: then this is old."},
    },
    "submissions", "stages", "parked", "listing", "queue", "messages", "young",
)  # fmt: skip

SCHEMAS: dict[str, dict[str, Any]] = {
    "Refused": _REFUSED,
    "Accepted": _ACCEPTED,
    "Ignored": _IGNORED,
    "Status": _STATUS,
    "Alive": _object({"alive": {"const": True}}, "alive"),
    "Ready": _object({"ready": {"type": "boolean"}, "reasons": {"type": "array", "items": _TEXT}}, "ready", "reasons"),
    "Notice": _object(
        {"record": {"type": "string", "minLength": 1, "maxLength": 300, "examples": ["5764893"]}}, "record"
    ),
}
SCHEMES = {
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Hub-Signature-256",
        "description": "`sha256=` and the HMAC-SHA256 of the raw body, in hexadecimal digits, with the webhook's secret.",
    },
    "token": {"type": "http", "scheme": "bearer", "description": "One of the notice tokens."},
}


def _answer(description: str, *names: str) -> dict[str, Any]:
    schemas = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    schema = schemas[0] if len(schemas) == 1 else {"oneOf": schemas}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _retry(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}}


_REFUSALS = {
    400: _answer(
        "The body was cut, is no JSON object, or is not what it claims to be; `where` names the field.", "Refused"
    ),
    401: _answer("Not signed with a secret of ours, or no token of ours.", "Refused"),
    408: _answer("The body did not come in time.", "Refused"),
    413: _answer("The body is larger than what is read here.", "Refused"),
    415: _answer("A content type that is not read here.", "Refused"),
    429: _retry(_answer("Too many requests.", "Refused")),
    500: _answer("Something of ours broke.", "Refused"),
    503: _retry(_answer("Nothing more is taken now.", "Refused")),
}


def _taken(description: str, *names: str) -> dict[str, Any]:
    answers = {202: _answer(description, *names)} | _REFUSALS
    return {str(status): answers[status] for status in sorted(answers)}


def _told(content: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "200": {"description": description, "content": {content: {"schema": schema}}},
        "500": _REFUSALS[500],
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


_EVENT = {
    "name": "X-GitHub-Event",
    "in": "header",
    "required": True,
    "description": f"The event's name; used are {', '.join(NAMES)}, any other is ignored.",
    "schema": {"type": "string", "pattern": "^[a-z_0-9]{1,60}$"},
}
_PAYLOAD = {
    "application/json": {"schema": {"type": "object"}},
    "application/x-www-form-urlencoded": {
        "schema": {"type": "object", "properties": {"payload": _TEXT}, "required": ["payload"]}
    },
}

OPERATIONS: dict[str, dict[str, Any]] = {
    "webhook": {
        "summary": "A delivery of a GitHub webhook",
        "security": [{"signature": []}],
        "parameters": [_EVENT],
        "requestBody": {"required": True, "content": _PAYLOAD},
        "responses": _taken(
            "Taken, or ignored for the named reason; the work comes after the answer.", "Accepted", "Ignored"
        ),
    },
    "uploads": {
        "summary": "A record of the archive was published",
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Notice")}}},
        "responses": _taken("Taken; the record is looked at now, without asking for a keyword.", "Accepted"),
    },
    "health": {
        "summary": "The process is alive",
        "responses": _told("application/json", "It is.", _ref("Alive")),
    },
    "ready": {
        "summary": "Events that come in now will be seen to",
        "responses": _told("application/json", "They will.", _ref("Ready")) | {"503": _answer("Not now.", "Ready")},
    },
    "metrics": {
        "summary": "Figures for Prometheus",
        "responses": _told("text/plain", "In its text format.", _TEXT),
    },
    "status": {
        "summary": "Where everything stands",
        "responses": _told("application/json", "At most 5 seconds old, unless `young` is false.", _ref("Status")),
    },
    "page": {
        "summary": "Where everything stands, as a page",
        "responses": _told("text/html", "Without scripts.", _TEXT),
    },
}
