"""`POST /uploads`: somebody with a token tells that a record was published, so that it is seen in seconds and not by a poll.

The record is asked for by its number, which works while the archive's search lags behind; where it does not show at all yet
it is looked for again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from bot.intake import signature
from bot.intake.notice import record_of
from bot.intake.shape import ShapeError
from bot.records.event import Hint, RecordSubject
from bot.serving import body, refused
from bot.serving.refused import RefusedError
from bot.serving.webhooks import hand_on

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.serving.door import Door
    from bot.serving.limits import Limits


async def answer(door: Door, limits: Limits, request: Request) -> JSONResponse:
    """202 with the subject; the metrics count each."""
    outcome = "malformed"
    try:
        subject = await _taken(door, limits, request)
        outcome = "accepted"
        return JSONResponse({"outcome": outcome, "subjects": [str(subject)]}, status_code=202)
    except RefusedError as error:
        outcome = error.refusal.outcome
        raise
    finally:
        door.metrics.notice(outcome)


async def _taken(door: Door, limits: Limits, request: Request) -> RecordSubject:
    _allowed(door, limits, request)
    wait = limits.notice()
    if wait:
        raise RefusedError(refused.LIMITED, wait=wait)
    if body.media_type(request) != "application/json":
        raise RefusedError(refused.MEDIA_TYPE)
    payload = body.json_of(await body.read(request, body.NOTICE_BYTES), body.NOTICE_BYTES)
    try:
        subject = RecordSubject(record_of(payload, door.archive_url))
    except ShapeError:
        raise RefusedError(refused.NO_RECORD, where="record") from None
    hand_on(door, ((subject, Hint(asked=True)),))
    return subject


def _allowed(door: Door, limits: Limits, request: Request) -> None:
    """Before anything is read. A wrong token costs as much as a forged delivery."""
    peer = request.client.host if request.client else ""
    given = request.headers.get("authorization")
    if not door.notice_tokens:
        raise RefusedError(refused.NO_NOTICES)
    wait = limits.stranger(peer) if given else limits.unsigned()
    if wait:
        raise RefusedError(refused.LIMITED, wait=wait)
    if not signature.bearer(door.notice_tokens, given):
        if given:
            limits.failed(peer)
        raise RefusedError(refused.UNAUTHORIZED)
    limits.proved(peer)
