"""What GitHub may tell us, as a closed set of typed events; whatever is not among them is `Ignored` with a reason.

An event only names what it is about. Source of names and actions:
https://docs.github.com/webhooks/webhook-events-and-payloads.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PullEvent:
    """Something happened to a pull request itself; `head` is its commit where the event may be the first to show it."""

    action: str
    number: int
    head: str = ""
    sender: int = 0


@dataclass(frozen=True)
class CommentEvent:
    """A comment on the conversation of a pull request was written, edited or deleted."""

    action: str
    number: int
    comment: int
    sender: int = 0


@dataclass(frozen=True)
class ReviewEvent:
    """A review was submitted, edited or dismissed; `takes_side` is false for one that only comments."""

    action: str
    number: int
    review: int
    takes_side: bool
    sender: int = 0


@dataclass(frozen=True)
class LineEvent:
    """A comment on lines, or the thread it stands in, changed."""

    action: str
    number: int
    sender: int = 0


@dataclass(frozen=True)
class PushEvent:
    """Commits came to the default branch; `paths` is None where the event does not tell them all."""

    paths: frozenset[str] | None


@dataclass(frozen=True)
class RerunEvent:
    """Somebody pressed "Re-run", at the check run of that id or at all; `numbers` is empty for a pull request from a fork."""

    numbers: tuple[int, ...]
    head: str
    run: int = 0


@dataclass(frozen=True)
class ReachEvent:
    """What we may see of the repository changed: everything is looked at."""

    action: str


@dataclass(frozen=True)
class Ignored:
    """A valid delivery that changes nothing for us; `reason` is one of `REASONS`."""

    reason: str


REASONS = (
    "ping",  # GitHub tries the address
    "event",  # a kind of event that we do not use
    "action",  # a kind of event that we use, with something that we do not
    "other-repository",
    "not-a-pull-request",  # a comment on an issue
    "other-branch",
    "no-entry-touched",
    "own-echo",  # our own write, told to us
)

Event = PullEvent | CommentEvent | ReviewEvent | LineEvent | PushEvent | RerunEvent | ReachEvent
