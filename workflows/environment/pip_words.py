"""What pip's end means: its pins contradict each other, or the registry was not there. Pure.

Pip ends with 1 for both. A registry that does not answer is told by a package "from versions: none", as one is that does not exist; only pip's
log says why the page of that package could not be fetched (404 is an answer).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workflows.environment.pip_run import PipEnd

_UNREACHABLE = re.compile(
    r"WARNING: Retrying \(|Could not fetch URL \S+ (?!4(?!29)\d\d Client Error)|ConnectionError|ConnectTimeout|ReadTimeout|Read timed out|ProxyError"
    r"|Temporary failure in name resolution|SSLError|IncompleteRead|HTTP error (?:429|5\d\d)|(?:429|5\d\d) (?:Server|Client) Error"
    r"|No space left on device"
)
_ERROR = re.compile(r"^ERROR: (.+)$", re.MULTILINE)
_VERSIONS = re.compile(r"\(from versions: ([^,)]+)(?:, [^)]*, ([^,)]+))?\)")
PINS = "pin fewer or other versions in the file of dependencies, so that pip finds wheels for all of them together"


def answer(end: PipEnd, seconds: float, doing: str, lock: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """The frame's JSON: `done`, `unsolved` (the contributor's) or `unreachable` (ours), with pip's words."""
    outcome, message = _judged(end, seconds, doing)
    return {
        "outcome": outcome,
        "message": message[:2000],
        "words": end.words,
        "lock": (lock or []) if not message else [],
    }


def _judged(end: PipEnd, seconds: float, doing: str) -> tuple[str, str]:
    last = "; ".join(_ERROR.findall(end.words)[-2:]).rstrip(".")[:4000]
    if (end.code or end.late) and _UNREACHABLE.search(f"{end.words}\n{end.log}"):
        return "unreachable", f"{doing}: the package registry did not answer. {last}".strip()
    if end.large:
        return "unsolved", f"{doing} was stopped: the packages are larger than an image may be; {PINS}."
    if end.late:
        return "unsolved", f"{doing} was stopped after {seconds:g} s; {PINS}."
    if end.code < 0:
        return "unreachable", f"{doing}: pip was ended by signal {-end.code}."
    if end.code:
        return "unsolved", f"{doing} failed: {_VERSIONS.sub(_range, last) or 'pip gave no reason'}. What to do: {PINS}."
    return "done", ""


def _range(found: re.Match[str]) -> str:
    """Instead of every version there is: the first and the last."""
    if found[1] == "none":
        return "(there is no such package, or no wheel of it for this Python)"
    return f"(there are wheels for this Python of {found[1]}{f' to {found[2]}' if found[2] else ''})"
