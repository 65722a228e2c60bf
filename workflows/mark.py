"""Where the parts of a document stand.

The reader keeps, beside each collection, a flat list of the events that it was made of: the start, then for a sequence its items, for a
mapping its keys and values in turn, then the end; in the place of a collection stands its own list. That costs next to nothing. Marks
are made of it when somebody asks.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ruamel.yaml.events import MappingStartEvent

Places = list[Any]
"""Events and, for collections, lists of the same kind."""
Fields = dict[int, dict[str, int]]
"""Of each mapping that was looked into, by the identity of its places: where each key stands among them."""
_LONGEST_NUMBER = 9  # digits of a place in a sequence


class Mark(NamedTuple):
    """Where an entry begins (its key, if it has one) and the last line of its value, counted from 1."""

    line: int
    column: int
    end_line: int
    children: Mapping[str, "Mark"] = {}


def mark_of(place: Any) -> Mark:
    """The mark of an event or of a list of places, with all marks below it; recursion goes as deep as the document."""
    if not isinstance(place, list):
        return Mark(*_start(place), place.end_mark.line + 1)
    start, *parts, end = place
    children = _children(start, parts)
    if start.flow_style or not children:
        return Mark(*_start(start), end.end_mark.line + 1, children)
    # the end of a block is only noticed where the next thing begins
    last = next(reversed(children.values()))
    return Mark(*_start(start), last.end_line, children)


def mark_at(place: Any, parts: Iterable[str], fields: Fields) -> Mark:
    """The mark that a path through the places leads to, or its last step that exists; without the marks below it.

    `fields` keeps what was looked up, so that thousands of findings in one mapping do not read it thousands of times.
    """
    key = None
    for part in parts:
        below = _below(place, part, fields)
        if below is None:
            break
        key, place = below
    first = key or (place[0] if isinstance(place, list) else place)
    return Mark(*_start(first), _end_line(place))


def _below(place: Any, part: str, fields: Fields) -> tuple[Any, Any] | None:
    """The key (none in a sequence) and the place of an entry."""
    if not isinstance(place, list):
        return None
    if isinstance(place[0], MappingStartEvent):
        known = fields.get(id(place))
        if known is None:
            known = fields[id(place)] = {place[at].value: at for at in range(len(place) - 3, 0, -2)}  # the first counts
        return (place[known[part]], place[known[part] + 1]) if part in known else None
    number = int(part) if part.isdecimal() and len(part) < _LONGEST_NUMBER else -1
    return (None, place[number + 1]) if 0 <= number < len(place) - 2 and str(number) == part else None


def _end_line(place: Any) -> int:
    """The end of a block is only noticed where the next thing begins, so that it ends with the last thing in it."""
    while isinstance(place, list):
        start, end = place[0], place[-1]
        place = end if start.flow_style or len(place) == 2 else place[-2]  # noqa: PLR2004 - nothing but start and end
    line: int = place.end_mark.line
    return line + 1


def _children(start: Any, parts: Places) -> dict[str, Mark]:
    if not isinstance(start, MappingStartEvent):
        return {str(number): mark_of(part) for number, part in enumerate(parts)}
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {key.value: _entry(key, mark_of(value)) for key, value in pairs}


def _entry(key: Any, value: Mark) -> Mark:
    return Mark(*_start(key), value.end_line, value.children)


def _start(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
