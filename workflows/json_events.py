"""A JSON text as YAML events.

YAML 1.2 means to hold JSON, but no YAML parser reads all of it: tabs between values, one character escaped as two (UTF-16), a key of
over 1,024 characters, a colon on the line below its key.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple, NoReturn

from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from workflows.events import check_characters

BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_OPENING = re.compile(r"[ \t\r\n]*[\[{]")
_TOKEN = re.compile(r'[\[\]{}"]|[^\s\[\]{}",:]+')


class Spot(NamedTuple):
    """A place in the text, counted from 0 as YAML's marks are."""

    line: int
    column: int


_EVENTS: dict[str, Callable[[Spot, Spot], Any]] = {
    "[": partial(SequenceStartEvent, None, None, None, flow_style=True),
    "]": SequenceEndEvent,
    "{": partial(MappingStartEvent, None, None, None, flow_style=True),
    "}": MappingEndEvent,
}


def is_json(text: str) -> bool:
    """Whether the text is a JSON array or object; takes a few tens of milliseconds and megabytes for 1 MB."""
    if not _OPENING.match(text):
        return False
    try:
        json.loads(text, parse_constant=_no_constant, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def json_events(text: str) -> Iterator[Any]:
    """The events of a text that `is_json`; scalars mean what they mean in YAML."""
    begins = [0, *(found.end() for found in BREAK.finditer(text))]

    def spot(offset: int) -> Spot:
        line = bisect_right(begins, offset) - 1
        return Spot(line, offset - begins[line])

    first, last = Spot(0, 0), spot(len(text))
    yield StreamStartEvent(first, first)
    yield DocumentStartEvent(first, first)
    decode, end = json.JSONDecoder().raw_decode, 0
    while found := _TOKEN.search(text, end):
        value, start, end = found[0], found.start(), found.end()
        quoted = value == '"'
        if quoted:
            value, end = decode(text, start)
        event = _event(value, spot(start), spot(end), quoted=quoted)
        check_characters(event)
        yield event
    yield DocumentEndEvent(last, last)
    yield StreamEndEvent(last, last)


def _event(value: str, start: Spot, end: Spot, *, quoted: bool) -> Any:
    if quoted or value not in _EVENTS:
        return ScalarEvent(None, None, (not quoted, quoted), value, start, end, style='"' if quoted else "")
    return _EVENTS[value](start, end)


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is no JSON"
    raise ValueError(message)
