"""Which subjects an event names, and what it saw of them; and which events are only our own writes told back. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ports import NO_HINT
from bot.records.event import ChoreSubject, CollectionSubject, Hint, PullSubject, Subject
from bot.records.webhook import CommentEvent, LineEvent, PullEvent, PushEvent, ReachEvent, RerunEvent, ReviewEvent

if TYPE_CHECKING:
    from bot.records.webhook import Event

_ENTRIES, _POLICY = "collection/entries/", "collection/accession.yaml"
_SWEEP: tuple[tuple[Subject, Hint], ...] = ((ChoreSubject("sweep"), NO_HINT),)

Named = tuple[tuple[Subject, Hint], ...]


def named(event: Event) -> Named:
    """What is to be looked at, with what was seen; empty where a push touches no entry and no policy."""
    match event:
        case PullEvent() | CommentEvent() | ReviewEvent() | LineEvent():
            return ((PullSubject(event.number), _seen(event)),)
        case PushEvent(paths):
            return _pushed(paths)
        case RerunEvent(numbers, run=run) if numbers:
            return tuple((PullSubject(number), Hint(run=run)) for number in numbers)
        case RerunEvent(head=head):
            return ((ChoreSubject("sweep"), Hint(head=head)),)
        case ReachEvent():
            return _SWEEP


def _seen(event: PullEvent | CommentEvent | ReviewEvent | LineEvent) -> Hint:
    """What a later look must show: something that is new, never something that went away or may be replaced."""
    match event:
        case PullEvent(head=head):
            return Hint(head=head)
        case CommentEvent("created", comment=comment):
            return Hint(comment=comment)
        case ReviewEvent("submitted", review=review):
            return Hint(review=review)
        case _:
            return NO_HINT


def _pushed(paths: frozenset[str] | None) -> Named:
    """New policy may change every open pull request; a push that does not tell its paths may have touched anything."""
    collection: Named = ((CollectionSubject(), NO_HINT),)
    if paths is None or _POLICY in paths:
        return collection + _SWEEP
    return collection if any(path.startswith(_ENTRIES) for path in paths) else ()


def own_echo(event: Event, viewer: int) -> bool:
    """Whether this is the bot's own write and nothing else; `viewer` is its numeric id, 0 where that is not known yet.

    The look that wrote it goes on by itself. What closes, moves or deletes something, or takes a side, is never an echo: after
    a crash it may be all that is told.
    """
    match event:
        case PullEvent(action, sender=sender):
            echo = action in {"labeled", "unlabeled"}
        case CommentEvent(action, sender=sender):
            echo = action in {"created", "edited"}
        case ReviewEvent(action, takes_side=side, sender=sender):
            echo = action == "submitted" and not side
        case LineEvent(action, sender=sender):
            echo = action in {"created", "resolved", "unresolved"}
        case _:
            return False
    return echo and viewer != 0 and sender == viewer
