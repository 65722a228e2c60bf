"""Names that follow from bytes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot import plain_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def digest(text: str) -> str:
    """SHA-256 of a text, to tell whether a sentence changed without keeping it."""
    return hashlib.sha256(text.encode()).hexdigest()


def blob_sha(content: bytes) -> str:
    """The name git gives to these bytes (git-hash-object)."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def job_id(job: Mapping[str, Any], environment: str = "") -> str:
    """Names a question to the work side: the same job is the same question, and another `attempt` another one.

    Whose turn it is asked in is no part of it. `environment` is: where answers are kept, other images are asked anew.
    """
    asked = {name: value for name, value in job.items() if name != "turn"} | (
        {"on": environment} if environment else {}
    )
    return f"{job['verb']}-{plain_json.digest(asked)[:40]}"
