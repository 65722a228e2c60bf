"""Mails: written down, sent once, repeated under the same name when in doubt."""

from dataclasses import replace

import pytest

from bot.corridor import outbox
from bot.records.decision import Tell
from bot.records.stage import Stage
from tests.fakes.facts import facts

TELL = Tell(("mail:awaiting review:0123456789ab",), Stage.AWAITING_REVIEW, "Next: one review.")
NAME = "zoo.collection.5.awaiting-review.0123456789ab"


@pytest.fixture
def desk(little):
    return little.start()


def test_a_mail_has_a_name_a_title_of_ids_and_the_address(little, desk):
    outbox.tell(desk, facts(), TELL)
    (letter,) = little.mail.messages
    assert letter["Message-ID"] == f"<{NAME}@accession>"
    assert letter["Subject"] == "[accession] brave-otter 1001: awaiting review"
    assert letter["To"] == "curator@zoo.example"
    assert "Next: one review." in letter.get_content()
    assert facts().pull.url in letter.get_content()


def test_told_twice_is_told_once(little, desk):
    outbox.tell(desk, facts(), TELL)
    outbox.tell(desk, facts(), TELL)
    outbox.deliver(desk, facts())
    assert len(little.mail.messages) == 1


def test_every_key_and_every_pull_request_is_a_mail_of_its_own(little, desk):
    outbox.tell(desk, facts(), replace(TELL, keys=("mail:merged", *TELL.keys)))
    outbox.tell(desk, facts(pull=replace(facts().pull, number=6)), TELL)
    assert len({letter["Message-ID"] for letter in little.mail.messages}) == 3


def test_what_cannot_be_delivered_now_is_delivered_later(little, desk):
    little.mail.reject()
    outbox.tell(desk, facts(), TELL)
    assert little.mail.messages == []
    outbox.deliver(desk, facts())
    outbox.deliver(desk, facts())
    assert len(little.mail.messages) == 1


def test_it_is_still_to_be_sent_after_a_restart(little, desk):
    little.mail.reject()
    outbox.tell(desk, facts(), TELL)
    again = little.start()
    outbox.deliver(again, facts())
    assert [letter["Message-ID"] for letter in little.mail.messages] == [f"<{NAME}@accession>"]


def test_what_is_refused_for_ever_is_not_tried_for_ever(little, desk):
    little.mail.reject(permanent=True)
    outbox.tell(desk, facts(), TELL)
    outbox.deliver(desk, facts())
    assert little.mail.messages == []


def test_a_refused_mail_does_not_stop_the_next(little, desk):
    little.mail.reject(permanent=True)
    outbox.tell(desk, facts(), replace(TELL, keys=("mail:blocked:1", "mail:merged")))
    assert len(little.mail.messages) == 1


def test_an_answer_that_was_lost_is_repeated_under_the_same_name(little, desk):
    little.mail.cut()
    outbox.tell(desk, facts(), TELL)
    outbox.deliver(desk, facts())
    assert len(little.mail.messages) == 2
    assert len({letter["Message-ID"] for letter in little.mail.messages}) == 1


def test_without_a_place_it_is_named_after_the_pull_request(little, desk):
    outbox.tell(desk, facts(place=None), TELL)
    assert little.mail.messages[0]["Subject"] == "[accession] pull-request 5: awaiting review"
