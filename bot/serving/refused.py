"""Why a request is not taken: a status, a stable word, and a sentence for whoever set up the other side."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Refusal:
    """`outcome` is the word that metrics count."""

    status: int
    outcome: str
    reason: str
    message: str


class RefusedError(Exception):
    """Ends a request; `where` names a field, `wait` is in seconds."""

    def __init__(self, refusal: Refusal, *, where: str = "", wait: float = 0.0) -> None:
        super().__init__(refusal.reason)
        self.refusal, self.where, self.wait = refusal, where, wait

    @property
    def headers(self) -> dict[str, str]:
        """`Retry-After` in whole seconds (RFC 9110, 10.2.3), and how to authenticate (11.6.1)."""
        found = {"Retry-After": str(ceil(self.wait))} if self.wait else {}
        if self.refusal is UNAUTHORIZED:
            found["WWW-Authenticate"] = 'Bearer realm="accession"'
        return found

    @property
    def body(self) -> dict[str, str]:
        """What the answer says; nothing of what was sent is in it."""
        told = {"outcome": "refused", "reason": self.refusal.reason, "message": self.refusal.message}
        return told | ({"where": self.where} if self.where else {})


UNSIGNED = Refusal(
    401, "unsigned", "unsigned", "X-Hub-Signature-256 is missing or none: give the webhook a secret in its settings."
)
FORGED = Refusal(
    401, "forged", "forged", "The signature fits no secret of ours: is ACCESSION_WEBHOOK_SECRET the webhook's?"
)
UNAUTHORIZED = Refusal(401, "forged", "unauthorized", "Give one of ACCESSION_NOTICE_TOKEN as `Authorization: Bearer`.")
NO_NOTICES = Refusal(
    401, "unsigned", "no-notices", "This door takes no upload notices: its ACCESSION_NOTICE_TOKEN is not set."
)
TOO_LARGE = Refusal(
    413, "too-large", "too-large", "The body is larger than what is read here; a sweep sees to the rest."
)
TOO_SLOW = Refusal(408, "too-slow", "too-slow", "The body did not come in time.")
CUT = Refusal(400, "malformed", "cut", "The body ended before it was complete.")
MEDIA_TYPE = Refusal(
    415, "media-type", "media-type", "Send application/json, or a webhook as application/x-www-form-urlencoded."
)
NO_EVENT = Refusal(400, "malformed", "no-event", "X-GitHub-Event is missing or names no event.")
NO_JSON = Refusal(400, "malformed", "no-json", "The body is no JSON object.")
SHAPE = Refusal(400, "malformed", "shape", "The body is not what its event claims to be.")
NO_RECORD = Refusal(
    400, "malformed", "no-record", "`record` names no record: give its number, or its address at the archive."
)
LIMITED = Refusal(429, "limited", "limited", "Too many requests; nothing is lost, for a sweep sees to it.")
UNAVAILABLE = Refusal(503, "unavailable", "unavailable", "Nothing more is taken now; send it again.")
