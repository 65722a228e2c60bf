"""`POST /webhook`: a delivery of GitHub is checked, named and taken into memory; the work comes after the answer.

A valid delivery is never dropped as seen: a redelivery has the id of the first, and both stand outside the signature.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from bot.errors import AccessionError
from bot.intake import signature
from bot.intake.shape import ShapeError
from bot.intake.subjects import named, own_echo
from bot.intake.webhook import event_of
from bot.ports import NO_HINT
from bot.records.event import ChoreSubject
from bot.records.webhook import Ignored
from bot.serving import body, refused
from bot.serving.refused import RefusedError

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.intake.subjects import Named
    from bot.ports import Json
    from bot.serving.door import Door
    from bot.serving.limits import Limits

_EVENT = re.compile(r"[a-z_0-9]{1,60}")
_SWEEP: Named = ((ChoreSubject("sweep"), NO_HINT),)


async def answer(door: Door, limits: Limits, request: Request) -> JSONResponse:
    """202 for every valid delivery, with what became of it; the metrics count each."""
    began, name = door.clock(), request.headers.get("x-github-event", "")
    outcome = "malformed"
    try:
        told = taken(door, limits, name, await proved(door, limits, request), body.media_type(request))
        outcome = told["outcome"]
        return JSONResponse(told, status_code=202)
    except RefusedError as error:
        outcome = error.refusal.outcome
        raise
    finally:
        door.metrics.webhook(name, outcome, door.clock() - began)


async def proved(door: Door, limits: Limits, request: Request) -> bytes:
    """The raw body, once its signature is known to be right; nothing is read of a request that claims none."""
    peer = request.client.host if request.client else ""
    claimed = signature.claimed(request.headers.get("x-hub-signature-256"))
    if claimed is None:
        raise _refused(refused.UNSIGNED, limits.unsigned())
    wait = limits.stranger(peer)
    if wait:
        raise RefusedError(refused.LIMITED, wait=wait)
    try:
        raw = await body.read(request, body.WEBHOOK_BYTES)
    except RefusedError:
        limits.failed(peer)
        raise
    if not signature.signed(door.secrets, raw, claimed):
        raise _refused(refused.FORGED, limits.failed(peer))
    limits.proved(peer)
    return raw


def _refused(refusal: refused.Refusal, wait: float) -> RefusedError:
    return RefusedError(refused.LIMITED, wait=wait) if wait else RefusedError(refusal)


def taken(door: Door, limits: Limits, name: str, raw: bytes, kind: str) -> Json:
    """What a valid delivery names, handed on; or why it is ignored."""
    if not _EVENT.fullmatch(name):
        raise RefusedError(refused.NO_EVENT)
    payload = body.webhook_of(raw, kind)
    try:
        event = event_of(name, payload, door.repository)
    except ShapeError as error:
        raise RefusedError(refused.SHAPE, where=error.where) from None
    wait = limits.delivery(_repository(payload, door.repository))
    if isinstance(event, Ignored):
        return _ignored(event.reason)
    if wait:
        hand_on(door, _SWEEP)
        raise RefusedError(refused.LIMITED, wait=wait)
    if own_echo(event, door.viewer()):
        return _ignored("own-echo")
    subjects = named(event)
    if not subjects:
        return _ignored("no-entry-touched")
    hand_on(door, subjects)
    return {"outcome": "accepted", "subjects": [str(subject) for subject, _ in subjects]}


def _repository(payload: Json, ours: str) -> str:
    """Whose purse pays; what belongs to no repository is paid from ours."""
    repository = payload.get("repository")
    name = repository.get("full_name") if isinstance(repository, dict) else None
    return name if isinstance(name, str) else ours


def hand_on(door: Door, subjects: Named) -> None:
    """Into memory, at once; where nothing more is taken the sender may try again."""
    try:
        for subject, hint in subjects:
            door.tell(subject, hint)
    except AccessionError as error:
        wait = getattr(error, "retry_after", None) or 30.0
        raise RefusedError(refused.UNAVAILABLE, wait=wait) from error


def _ignored(reason: str) -> Json:
    return {"outcome": "ignored", "reason": reason}
