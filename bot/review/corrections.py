"""Suggestions written into the lines of `rdf.yaml`, and what the commit that does so says. Pure; the bytes are never parsed.

A line ends where git and GitHub end it, with LF; YAML ends lines elsewhere too (YAML 1.1 section 4.2), and where a file has
such ends the report's line numbers may mean other lines, so that nothing is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.records.suggestions import Applied

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.records.facts import Place
    from bot.records.suggestions import Offer

_OTHER_ENDS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_APPLIED = re.compile(
    r"Apply suggestions? [0-9, ]+ to [a-z0-9.-]+ [a-z0-9.-]+\n\n"
    r"Lines: ([0-9, -]+)\n(?:Overlapping: ([0-9, ]+)\n)?Command: ([0-9]{1,18})\n?"
)


@dataclass(frozen=True)
class Corrected:
    """The new bytes, which suggestions are in them, and which were not written because an earlier one has their lines."""

    content: bytes
    written: tuple[Offer, ...]
    overlapping: tuple[Offer, ...]


def corrected(content: bytes, chosen: Iterable[Offer]) -> Corrected | None:
    """The file with the chosen suggestions, from the bottom up; None where its lines are not those of the report."""
    lines = lines_of(content)
    if lines is None:
        return None
    written, overlapping = _apart(chosen)
    if any(offer.suggestion.end_line > len(lines) for offer in written):
        return None
    for offer in sorted(written, key=lambda o: -o.suggestion.start_line):
        start, end = offer.suggestion.start_line - 1, offer.suggestion.end_line
        lines[start:end] = _with_ends(offer.suggestion.text, lines[start:end])
    try:
        return Corrected("".join(lines).encode(), written, overlapping)
    except UnicodeEncodeError:  # a lone surrogate in a suggestion
        return None


def lines_of(content: bytes) -> list[str] | None:
    """The lines with their ends; None for what is not UTF-8, or has line ends that git does not know."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if _OTHER_ENDS.search(text) else re.findall(r"[^\n]*\n|[^\n]+", text)


def _apart(chosen: Iterable[Offer]) -> tuple[tuple[Offer, ...], tuple[Offer, ...]]:
    """Those that can be written together, the first of two that overlap; and the others."""
    written: list[Offer] = []
    overlapping: list[Offer] = []
    for offer in sorted(chosen, key=lambda o: o.number):
        one = offer.suggestion
        taken = (other.suggestion for other in written)
        clash = any(one.start_line <= two.end_line and two.start_line <= one.end_line for two in taken)
        (overlapping if clash else written).append(offer)
    return tuple(written), tuple(overlapping)


def _with_ends(text: str, old: Sequence[str]) -> list[str]:
    """The replacement with the line ends of what it replaces; a file without a last line end stays so."""
    if not text:
        return []
    end = "\r\n" if old[0].endswith("\r\n") else "\n"
    new = [line + end for line in text.split("\n")]
    if not old[-1].endswith("\n"):
        new[-1] = new[-1].removesuffix(end)
    return new


def message(place: Place, made: Corrected, command: int) -> str:
    """Ids and numbers only; the trailers let a later look answer the command."""
    numbers = ", ".join(str(offer.number) for offer in made.written)
    noun = "suggestion" if len(made.written) == 1 else "suggestions"
    lines = ", ".join(f"{o.suggestion.start_line}-{o.suggestion.end_line}" for o in made.written)
    rest = ", ".join(str(offer.number) for offer in made.overlapping)
    left_out = f"Overlapping: {rest}\n" if rest else ""
    return f"Apply {noun} {numbers} to {place.id} {place.version}\n\nLines: {lines}\n{left_out}Command: {command}\n"


def applied(text: str) -> Applied | None:
    """What such a message says; None for any other."""
    found = _APPLIED.fullmatch(text)
    if not found:
        return None
    lines = tuple((int(a), int(b)) for a, b in re.findall(r"(\d{1,9})-(\d{1,9})", found[1]))
    return Applied(int(found[3]), lines, tuple(int(number) for number in re.findall(r"\d{1,9}", found[2] or "")))
