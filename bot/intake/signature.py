"""Who is at the door: the signature of a delivery, and the token of an upload notice. Pure.

Source: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries, RFC 6750. All secrets are tried, always
and each in constant time, so that neither the answer's time nor its text tells which of them are set or how near a guess was.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")
_BEARER = re.compile(r"bearer +([\x21-\x7e]{1,512}) *", re.IGNORECASE)


def claimed(header: str | None) -> bytes | None:
    """The signature that `X-Hub-Signature-256` claims, None where it is absent or can be none."""
    found = _SIGNATURE.fullmatch(header or "")
    return bytes.fromhex(found[1]) if found else None


def signed(secrets: Iterable[bytes], body: bytes, signature: bytes) -> bool:
    """Whether one of the secrets made this signature of exactly these bytes."""
    return _one_of(hmac.compare_digest(hmac.digest(secret, body, "sha256"), signature) for secret in secrets if secret)


def bearer(tokens: Iterable[bytes], header: str | None) -> bool:
    """Whether an `Authorization` header has one of the tokens; their hashes are compared, so that lengths stay secret."""
    found = _BEARER.fullmatch(header or "")
    given = _hash(found[1].encode()) if found else b""
    return _one_of(hmac.compare_digest(_hash(token), given) for token in tokens if token)


def _one_of(tried: Iterable[bool]) -> bool:
    """`any` would stop at the first that fits, and its time would tell which one that was."""
    return sum(tried) > 0


def _hash(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
