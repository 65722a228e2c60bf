"""Names that follow from bytes."""

from __future__ import annotations

import hashlib


def digest(text: str) -> str:
    """SHA-256 of a text, to tell whether a sentence changed without keeping it."""
    return hashlib.sha256(text.encode()).hexdigest()


def blob_sha(content: bytes) -> str:
    """The name git gives to these bytes (git-hash-object)."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
