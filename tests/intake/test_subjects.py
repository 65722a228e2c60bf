"""What an event names, what it saw, and which events are only our own writes told back."""

import pytest

from bot.intake.subjects import named, own_echo
from bot.records.event import ChoreSubject, CollectionSubject, Hint, PullSubject
from bot.records.webhook import CommentEvent, LineEvent, PullEvent, PushEvent, ReachEvent, RerunEvent, ReviewEvent

PULL, NOTHING = PullSubject(12), Hint()
COLLECTION, SWEEP = (CollectionSubject(), NOTHING), (ChoreSubject("sweep"), NOTHING)
US = 7


@pytest.mark.parametrize(
    ("event", "subjects"),
    [
        (PullEvent("opened", 12, "a" * 40), ((PULL, Hint(head="a" * 40)),)),
        (PullEvent("closed", 12), ((PULL, NOTHING),)),
        (CommentEvent("created", 12, 9), ((PULL, Hint(comment=9)),)),
        (CommentEvent("deleted", 12, 9), ((PULL, NOTHING),)),
        (ReviewEvent("submitted", 12, 8, takes_side=True), ((PULL, Hint(review=8)),)),
        (ReviewEvent("dismissed", 12, 8, takes_side=True), ((PULL, NOTHING),)),
        (LineEvent("created", 12), ((PULL, NOTHING),)),
        (RerunEvent((12, 13), "a" * 40), ((PULL, NOTHING), (PullSubject(13), NOTHING))),
        (RerunEvent((12, 13), "a" * 40, 7), ((PULL, Hint(run=7)), (PullSubject(13), Hint(run=7)))),
        (RerunEvent((), "a" * 40, 7), ((ChoreSubject("sweep"), Hint(head="a" * 40)),)),
        (ReachEvent("created"), (SWEEP,)),
        (PushEvent(frozenset({"collection/entries/a/1/rdf.yaml"})), (COLLECTION,)),
        (PushEvent(frozenset({"collection/accession.yaml"})), (COLLECTION, SWEEP)),
        (PushEvent(None), (COLLECTION, SWEEP)),
        (PushEvent(frozenset({"collection/collection.json", "README.md"})), ()),
    ],
)
def test_what_is_named(event, subjects):
    assert named(event) == subjects


@pytest.mark.parametrize(
    "event",
    [
        PullEvent("labeled", 12, sender=US),
        CommentEvent("created", 12, 9, US),
        CommentEvent("edited", 12, 9, US),
        ReviewEvent("submitted", 12, 8, takes_side=False, sender=US),
        LineEvent("created", 12, US),
        LineEvent("resolved", 12, US),
    ],
)
def test_our_own_words_are_an_echo(event):
    assert own_echo(event, US)
    assert not own_echo(event, US + 1)
    assert not own_echo(event, 0)


@pytest.mark.parametrize(
    "event",
    [
        PullEvent("opened", 12, "a" * 40, US),
        PullEvent("synchronize", 12, "a" * 40, US),
        PullEvent("closed", 12, sender=US),
        CommentEvent("deleted", 12, 9, US),
        ReviewEvent("submitted", 12, 8, takes_side=True, sender=US),
        ReviewEvent("dismissed", 12, 8, takes_side=True, sender=US),
        LineEvent("deleted", 12, US),
        PushEvent(None),
        RerunEvent((12,), "a" * 40),
        ReachEvent("created"),
    ],
)
def test_what_may_be_all_that_is_told_is_never_an_echo(event):
    assert not own_echo(event, US)


def test_an_unknown_sender_is_not_an_unknown_bot():
    assert not own_echo(CommentEvent("created", 12, 9, sender=0), 0)
