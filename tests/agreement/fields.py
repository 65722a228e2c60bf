"""Whether two validators speak of the same field, where one names it through the classes of its own model."""

import re
from collections.abc import Iterable
from typing import Any

from tests.agreement.corpus import Peer


def field_of(location: str, data: Any) -> tuple[str, ...]:
    """A location such as `inputs.0.axes.1.channel.channel_names` as the parts that stand in the file.

    Parts that name a branch of the peer's own model (`channel`, `function-after[…]`) are dropped: they exist nowhere in the
    data. The last part may name a field that is missing.
    """
    parts = _split(location)
    found: list[str] = []
    for number, part in enumerate(parts):
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        elif number < len(parts) - 1 or not re.fullmatch(r"\w+", part):
            continue
        found.append(part)
    return tuple(found)


def same_field(pointers: Iterable[str], peer: Peer, data: Any) -> bool:
    """Whether one of our pointers and one of the peer's errors name a field, or one a part of the other's."""
    ours = [tuple(part.replace("~1", "/").replace("~0", "~") for part in one.split("/")[1:]) for one in pointers]
    return any(_meet(mine, where, said, data) for mine in ours for where, said in peer.errors)


def _meet(mine: tuple[str, ...], where: str, said: str, data: Any) -> bool:
    theirs = field_of(where, data)
    if theirs and mine:
        length = min(len(mine), len(theirs))
        return mine[:length] == theirs[:length]
    words = {part.rstrip("s") for part in mine if not part.isdecimal()}
    return (not theirs and not mine) or any(word in said for word in words) or _told(mine, said, data)


def _told(mine: tuple[str, ...], said: str, data: Any) -> bool:
    """Whether an error without a location names the value that stands there, such as a tensor that does not exist."""
    for part in mine:
        data = data.get(part) if isinstance(data, dict) else None if isinstance(data, str) else _entry(data, part)
    return isinstance(data, str) and data != "" and data in said


def _entry(data: Any, part: str) -> Any:
    return data[int(part)] if isinstance(data, list) and part.isdecimal() and int(part) < len(data) else None


def _split(location: str) -> list[str]:
    """Dots inside of brackets belong to a name."""
    return re.findall(r"(?:[^.\[\]]|\[[^\]]*\])+", location)
