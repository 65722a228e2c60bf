"""What the work side may answer, whichever way it is asked: one place decides what passes to the key-holding side."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import TYPE_CHECKING

from bot import plain_json
from bot.errors import GatewayError

if TYPE_CHECKING:
    from bot.ports import Json

BLOB_BYTES = 1_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


def strange(what: str) -> GatewayError:
    """The work side answered, and not what it may."""
    return GatewayError(f"The work side {what}.", reason="work-answer", transient=False)


def reply_of(reply: Json) -> Json:
    """The answer in a reply `{"answer"}`; raises the `GatewayError` that `{"error"}` tells, cut to what people can read."""
    answer, error = reply.get("answer"), reply.get("error")
    if isinstance(answer, dict):
        return answer
    if isinstance(error, dict) and isinstance(error.get("message"), str) and isinstance(error.get("reason"), str):
        transient = error.get("transient") is True
        raise GatewayError(error["message"][:2000], reason=error["reason"][:64], transient=transient)
    raise strange("sent neither an answer nor an error")


def checked(answer: Json, schema: str) -> Json:
    """The answer, where it fits its schema and 256 KB."""
    try:
        if len(plain_json.dumps(answer)) > plain_json.MAX_ANSWER_BYTES:
            raise plain_json.NotPlainError("is too large")  # noqa: TRY301 - told like the others
        return plain_json.validate(answer, schema)
    except (plain_json.NotPlainError, ValueError) as error:
        said = error if isinstance(error, plain_json.NotPlainError) else "is no plain JSON"
        raise strange(f"sent an answer that {said}") from None


def asked_by_hash(sha256: str) -> str:
    """The hash, where it is one."""
    if not _SHA256.fullmatch(sha256):
        raise strange("a blob is asked for by its sha256")
    return sha256


def decoded(answer: Json) -> bytes:
    """The bytes of `{"base64"}`."""
    try:
        return base64.b64decode(answer.get("base64") or "", validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise strange("sent a blob that is no base64") from None


def matching(content: bytes, sha256: str) -> bytes:
    """The bytes, hashed again on this side."""
    if len(content) > BLOB_BYTES or hashlib.sha256(content).hexdigest() != sha256:
        raise strange("sent another blob than it was asked for")
    return content


def environment_of(digest: object) -> str:
    """The digest of the job images and rules, where it is one."""
    if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        raise strange("sent no digest of its environment")
    return digest
