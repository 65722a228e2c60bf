"""What a plain YAML scalar means: the YAML 1.2 core schema as BioImage.IO's own reader applies it.

Dates stay text (ISO 8601 where they can be read as a date), so that everything parsed is JSON's plain data plus ±inf and NaN.
"""

import re
from datetime import datetime
from functools import lru_cache

Scalar = str | int | float | bool | None

_LONGEST_NUMBER = 400  # digits; Python itself refuses beyond 4,300
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9_]+)\Z")
_FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9_]+(?:[eE][-+][0-9]+)?)\Z"
)
_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]*))?[ \t]*(Z|[-+][0-9]{1,2}(?::?[0-9]{2})?)?)?\Z"
)
_NUMERIC_START = frozenset("0123456789+-._")
MEANT = _NUMERIC_START | {word[:1] for word in _WORDS}
"""First characters (none for the empty text) of all plain scalars that mean something else than their own text."""


class Moment(str):
    """A date that stands bare in the file: text here, but a date to every reader that knows YAML's older types."""

    __slots__ = ()


def resolve(text: str) -> Scalar:
    """The value of an untagged, unquoted scalar (YAML 1.2.2, chapter 10.3)."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START or len(text) > _LONGEST_NUMBER:
        return text
    return _number(text)


@lru_cache(maxsize=4096)
def _number(text: str) -> Scalar:
    """A number, a date, or text that only begins like one; the same few stand in most files."""
    if _INTEGER.match(text):
        return _integer(text)
    if _FLOAT.match(text):
        return float(text.replace("_", ""))
    found = _TIMESTAMP.match(text)
    return Moment(_timestamp(text, found)) if found else text


def _integer(text: str) -> int | str:
    digits = text.replace("_", "")
    body = digits.lstrip("+-")
    if not body:
        return text
    base = {"0b": 2, "0o": 8, "0x": 16}.get(body[:2], 10)
    value = int(body if base == 10 else body[2:], base)  # noqa: PLR2004 - ten is the decimal base
    return -value if digits.startswith("-") else value


def _timestamp(text: str, found: re.Match[str]) -> str:
    """The same moment in the form that `datetime.fromisoformat` reads; the text itself where it already is.

    YAML allows `2020-8-2 17:27:54.0 +0100`, which stricter readers refuse once it is quoted.
    """
    try:
        datetime.fromisoformat(text)
    except ValueError:
        year, month, day, hour, minute, second, fraction, zone = found.groups()
        date = f"{year}-{month:0>2}-{day:0>2}"
        if hour is None:
            return date
        return f"{date}T{hour:0>2}:{minute}:{second}{'.' + fraction[:6] if fraction else ''}{_zone(zone)}"
    return text


def _zone(zone: str | None) -> str:
    if zone is None or zone == "Z":
        return zone or ""
    hours, minutes = zone[1:].replace(":", "")[:-2], zone[-2:]
    if len(zone) <= 3:  # noqa: PLR2004 - a sign and hours only
        hours, minutes = zone[1:], "00"
    return f"{zone[0]}{hours:0>2}:{minutes}"
