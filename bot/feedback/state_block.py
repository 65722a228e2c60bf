"""The signed state block: what the bot remembers on a pull request, in its own comment.

Anyone with write access can edit the bot's comments and anyone can paste a marker, so the block is signed with HMAC-SHA256 (RFC
2104) over repository, pull request and content, and covers a digest of the visible text. Unsigned or altered means absent.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import asdict, replace
from typing import Any

from bot.digests import digest
from bot.records.state import State

REPORT_MARKER = "<!-- accession:report -->"
_BLOCK = re.compile(r"\n\n<!-- accession:report -->\n<!-- accession:state ([0-9a-f]{64}) (\{[^<>]*\}) -->\s*\Z")
_TUPLES = {"excluded", "mentioned", "told"}


def seal(text: str, state: State, key: bytes, where: str) -> str:
    """The comment's body: visible text, marker, signed block. `where` is `owner/name#number`."""
    content = json.dumps(asdict(replace(state, body=digest(text))), sort_keys=True, separators=(",", ":"))
    safe = content.replace("--", "-\\u002d").replace("<", "\\u003c").replace(">", "\\u003e")
    return f"{text}\n\n{REPORT_MARKER}\n<!-- accession:state {_sign(safe, key, where)} {safe} -->"


def unseal(body: str, key: bytes, where: str) -> tuple[State, bool] | None:
    """The state, and whether the visible text is still the one it was posted with; None when the signature is not ours."""
    found = _BLOCK.search(body.replace("\r\n", "\n"))
    if not found or not hmac.compare_digest(found[1], _sign(found[2], key, where)):
        return None
    data: dict[str, Any] = json.loads(found[2])
    lists = {name: tuple(data[name]) for name in _TUPLES}
    state = State(**{**data, **lists})
    return state, digest(body.replace("\r\n", "\n")[: found.start()]) == state.body


def remember(body: str, state: State, key: bytes, where: str) -> str:
    """The same visible text with another state; for a body that `unseal` found whole."""
    found = _BLOCK.search(body.replace("\r\n", "\n"))
    return seal(body.replace("\r\n", "\n")[: found.start()] if found else body, state, key, where)


def _sign(content: str, key: bytes, where: str) -> str:
    return hmac.new(key, f"accession/state/1\n{where}\n{content}".encode(), hashlib.sha256).hexdigest()
