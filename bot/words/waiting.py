"""What is said of a question that has no answer yet: place and time, both coarse, so that they cost no edits. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.words.text import count

if TYPE_CHECKING:
    from bot.records.backlog import Place

_COUNTS = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500)
_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30, 45)
_DAY = 24


def waiting(place: Place | None, seconds: float | None) -> str:
    """Where it stands and when it is usually done; no word of time where nobody knows."""
    if place is None:
        return "It is being checked."
    if not place.workers:
        return "It waits to be checked: no worker is running at the moment."
    time = "" if seconds is None else f"; it is usually done {within(seconds)}"
    if place.under_way:
        return f"It is being checked{time}."
    if not place.before:
        return f"It waits to be checked and is next{time}."
    return f"It waits to be checked, with {about(place.before)} before it{time}."


def first_report(seconds: float | None, url: str) -> str:
    """In the pull request's first text, which is never edited: when the report comes, and where the place is shown."""
    when = "" if seconds is None else f" The first report usually comes {within(seconds)}."
    where = f" Its place in the queue is shown on [the status page]({url})." if url else ""
    return when + where


def about(number: int) -> str:
    """A coarse count."""
    if number > _COUNTS[-1]:
        return f"more than {_COUNTS[-1]}"
    near = min(_COUNTS, key=lambda one: abs(one - number))
    return f"{near}" if number == near and near <= _COUNTS[2] else f"about {near}"


def within(seconds: float) -> str:
    """A coarse time, never shorter than what it stands for by more than a quarter of a minute."""
    minutes = seconds / 60
    if minutes < 1:
        return "within a minute"
    near = next((one for one in _MINUTES if minutes <= one + 0.25), None)
    if near is not None:
        return f"within about {count(near, 'minute')}"
    hours = max(1, round(minutes / 60 + 0.25))
    if hours > _DAY:
        return "in more than a day"
    return "within about an hour" if hours == 1 else f"within about {count(hours, 'hour')}"
