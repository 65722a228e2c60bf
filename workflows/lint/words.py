"""Contributed text made fit for a terminal, and counted nouns."""

import re
from unicodedata import category, east_asian_width

_QUIET = re.compile(r"[ -~]*\Z")
_HARMFUL = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Characters that move the cursor, turn the writing direction, break the line or show nothing."""


def plain(text: str) -> str:
    """The text on one line, with everything that a terminal would obey instead of show spelled out; tabs become spaces."""
    if _QUIET.match(text):
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\t":
        return " "
    if category(character) not in _HARMFUL:
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"  # noqa: PLR2004 - as Python spells them


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if category(one) in {"Mn", "Me"} else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def count(number: int, noun: str) -> str:
    """`1 file`, `1,000 files`."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"
