"""Reading a request's body: no more than is allowed, no longer than is patient, and then as JSON."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect

from bot import plain_json
from bot.serving import refused
from bot.serving.refused import RefusedError

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.ports import Json

WEBHOOK_BYTES = 2 * 1024 * 1024
"""GitHub sends up to 25 MB. The largest that we use, a comment with its pull request, has two texts of 65,536 characters
(4 bytes each at most) and some 30 KB beside them; only a push of thousands of files is larger, and a sweep sees to that."""
NOTICE_BYTES = 4 * 1024
SECONDS = 10.0
"""GitHub hangs up after 10 s itself."""
_FORM_FIELDS = 5


async def read(request: Request, most: int) -> bytes:
    """The raw body; stops reading at the limit, whatever `Content-Length` says."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > most:
        raise RefusedError(refused.TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise RefusedError(refused.TOO_LARGE)
    except TimeoutError:
        raise RefusedError(refused.TOO_SLOW) from None
    except ClientDisconnect:
        raise RefusedError(refused.CUT) from None
    return bytes(body)


def media_type(request: Request) -> str:
    """Without its parameters, in lower case."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def json_of(body: bytes, most: int) -> Json:
    """A JSON object, strictly."""
    try:
        found = plain_json.loads(body, limit=most)
    except plain_json.NotPlainError:
        raise RefusedError(refused.NO_JSON) from None
    if not isinstance(found, dict):
        raise RefusedError(refused.NO_JSON)
    return found


def webhook_of(body: bytes, kind: str) -> Json:
    """The payload of a delivery, in either of GitHub's two content types."""
    if kind == "application/json":
        return json_of(body, WEBHOOK_BYTES)
    if kind != "application/x-www-form-urlencoded":
        raise RefusedError(refused.MEDIA_TYPE)
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=_FORM_FIELDS, errors="strict")
    except ValueError:
        raise RefusedError(refused.NO_JSON) from None
    if len(fields.get("payload", ())) != 1:
        raise RefusedError(refused.NO_JSON)
    return json_of(fields["payload"][0].encode(errors="replace"), WEBHOOK_BYTES)
