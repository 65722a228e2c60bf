"""A notice goes by each channel by itself: a dead one makes nobody hear the same twice, and is given up in the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import structlog

from bot import pipeline
from bot.corridor import outbox
from bot.corridor.standings import standings
from bot.gateways.mail import AppriseNotifier
from bot.records.event import ChoreSubject, PullSubject
from tests.corridor.test_outbox import TELL
from tests.corridor.test_standings import shown
from tests.fakes.engine import FakeEngine
from tests.fakes.facts import facts
from tests.gateways.test_mail import Channel
from tests.journeys.conftest import REPOSITORY, rdf
from tests.world.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.corridor.desk import Desk
    from tests.journeys.conftest import Little

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise's import of pgpy
QUARTER, DAY = 900, 86_400


@pytest.fixture
def hook() -> Channel:
    """A channel that is gone."""
    return Channel(404)


@pytest.fixture
def desk(little: Little, hook: Channel) -> Iterator[Desk]:
    """It tells people by mail and by that channel."""
    with serve(hook) as served:
        urls = (little.mail.apprise_url("curator@zoo.example"), f"json://bot:s3cr3t@127.0.0.1:{served.port}/hook")
        yield replace(little.start(), notifier=AppriseNotifier(urls))


def chore(desk: Desk, name: str) -> list[str]:
    """The subjects that were looked at."""
    engine = FakeEngine()
    engine.tell(ChoreSubject(name))
    looks = engine.drain(desk)
    assert not [answer for _, answer in looks if answer.failed]
    return [str(subject) for subject, _ in looks]


def test_ten_sweeps_with_a_dead_channel_send_one_mail_and_the_channel_hears_it_once_it_is_back(
    little: Little, desk: Desk, hook: Channel
) -> None:
    little.publish({"rdf.yaml": rdf()})
    chore(desk, "poll")
    looks = []
    for _ in range(10):
        little.later(QUARTER)
        looks += chore(desk, "sweep")
    assert len(little.mail.messages) == 1
    assert 5 <= len(hook.got) <= 7, "the pauses grow"
    assert looks.count("pull 1") <= 7, "nobody looks in between"
    assert standings(desk)["channels"] == [{"channel": "json 1", "owed": 1, "given_up": 0}]
    assert "Channel json 1 of ACCESSION_NOTIFY: 1 notices it did not take yet" in shown(standings(desk))
    hook.status, before = 200, len(hook.got)
    little.later(3 * 3600)
    for _ in range(3):
        chore(desk, "sweep")
        little.later(QUARTER)
    assert len(hook.got) == before + 1
    assert len(little.mail.messages) == 1
    assert standings(desk)["channels"] == []


def test_a_dead_channel_is_given_up_after_five_days_and_said(little: Little, desk: Desk, hook: Channel) -> None:
    outbox.tell(desk, facts(), TELL)
    days = 0
    with structlog.testing.capture_logs() as lines:
        while outbox.undelivered(desk, facts().pull.number):
            little.later(DAY // 24)
            days += 1 / 24
            outbox.deliver(desk, facts())
    assert 4 < days < 6
    (last,) = [line for line in lines if line["event"] == "notice_failed" and line["end"]]
    assert (last["log_level"], last["channel"], last["end"]) == ("error", "json 1", "given up")
    assert "s3cr3t" not in str(lines)
    assert len(hook.got) == last["tries"] == 13
    assert len(little.mail.messages) == 1
    little.later(30 * DAY)
    outbox.deliver(desk, facts())
    assert len(hook.got) == 13
    assert standings(desk)["channels"] == [{"channel": "json 1", "owed": 0, "given_up": 1}]


def test_a_pull_request_that_ended_is_kept_until_nothing_is_owed(little: Little, desk: Desk, hook: Channel) -> None:
    little.publish({"rdf.yaml": rdf()})
    chore(desk, "poll")
    little.approve(1)
    chore(desk, "sweep")
    assert little.github.pull(REPOSITORY, 1).merged
    assert list(desk.store.items("open")) == ["1"]
    hook.status = 200
    little.later(6 * 3600)
    chore(desk, "sweep")
    assert desk.store.items("open") == {}
    assert [got["title"] for got in hook.got[-2:]] == [str(letter["Subject"]) for letter in little.mail.messages]


def test_the_days_mail_is_sent_once_and_the_chore_is_in_no_trouble(little: Little, desk: Desk, hook: Channel) -> None:
    waiting_for_days(little, desk)
    little.mail.clear()
    before, waits = len(hook.got), []
    for _ in range(6):
        answer = pipeline.run(desk, FakeEngine(), ChoreSubject("reminders"))
        assert answer.until is not None
        waits.append(round((answer.until - desk.clock.now()).total_seconds()))
        little.later(60)
    assert len([m for m in little.mail.messages if ".digest." in str(m["Message-ID"])]) == 1
    assert len(hook.got) - before == 3
    assert waits == [0, 60, 300, 240, 180, 120]
    little.later(DAY)
    chore(desk, "reminders")
    assert len([m for m in little.mail.messages if ".digest." in str(m["Message-ID"])]) == 1, "nobody is due"


def waits(desk: Desk) -> datetime | None:
    """The chore of the day; when it wants to come again."""
    answer = pipeline.run(desk, FakeEngine(), ChoreSubject("reminders"))
    assert not answer.failed
    return answer.until


def waiting_for_days(little: Little, desk: Desk) -> None:
    """An upload that waits for its reviewers, who were not yet reminded."""
    little.publish({"rdf.yaml": rdf()})
    chore(desk, "poll")
    little.later(3 * DAY)
    chore(desk, "sweep")


def days(desk: Desk) -> dict[str, bool]:
    """The days whose mail was written down, and whether anything of it is owed."""
    return {day: not row["sent"] for day, row in sorted(desk.store.items("digest").items())}


def test_a_mail_that_a_channel_did_not_take_on_its_day_is_owed_on_the_next(
    little: Little, desk: Desk, hook: Channel
) -> None:
    waiting_for_days(little, desk)
    little.mail.clear()
    assert waits(desk) is not None
    hook.status, before = 200, len(hook.got)
    little.later(DAY)
    assert waits(desk) is None, "it took it, and no other is due"
    assert [got["title"] for got in hook.got[before:]] == ["[accession] 1 submission waiting for you"]
    assert list(days(desk).values()) == [False]
    assert len([m for m in little.mail.messages if ".digest." in str(m["Message-ID"])]) == 1


def test_a_newer_mail_takes_the_place_of_one_that_a_channel_did_not_take(
    little: Little, desk: Desk, hook: Channel
) -> None:
    waiting_for_days(little, desk)
    assert waits(desk) is not None
    little.later(DAY)
    little.publish({"rdf.yaml": rdf("passed", "Another")})
    chore(desk, "poll")
    little.later(3 * DAY)
    chore(desk, "sweep")
    assert waits(desk) is not None
    assert list(days(desk).values()) == [False, True]
    before = len(hook.got)
    hook.status = 200
    little.later(DAY)
    assert waits(desk) is None
    assert len(hook.got) == before + 1, "of all that it missed it hears the newest"
    assert not any(days(desk).values())


def test_mails_of_several_days_that_a_former_release_left_are_owed_no_more(little: Little, desk: Desk) -> None:
    row = {"title": "Waiting", "text": "This.", "to": [], "sent": False}
    tried = {"json 1": {"tries": 1, "at": desk.clock.now().isoformat(), "end": ""}}
    for day in ("2024-05-01", "2024-05-02", "2024-05-03"):
        desk.store.put("digest", day, {**row, "at": f"{day}T08:00:00+00:00", "name": day, "channels": tried})
    waits(desk)
    assert days(desk) == {"2024-05-01": False, "2024-05-02": False, "2024-05-03": True}
    assert standings(desk)["channels"] == [{"channel": "json 1", "owed": 1, "given_up": 0}]


def test_a_clock_that_goes_back_makes_nobody_wait(little: Little, desk: Desk, hook: Channel) -> None:
    outbox.tell(desk, facts(), TELL)
    outbox.deliver(desk, facts())
    hook.status = 200
    little.later(-400 * DAY)
    outbox.deliver(desk, facts())
    assert not outbox.undelivered(desk, facts().pull.number)


def test_a_channel_that_is_added_or_taken_away_is_heard_or_forgotten(little: Little, desk: Desk) -> None:
    outbox.tell(desk, facts(), TELL)
    without = replace(desk, notifier=AppriseNotifier((little.mail.apprise_url("curator@zoo.example"),)))
    outbox.deliver(without, facts())
    assert not outbox.undelivered(without, facts().pull.number)
    assert len(little.mail.messages) == 1


@pytest.mark.parametrize("mails", [0, 1])
def test_where_the_store_does_not_last_one_channel_that_took_it_is_enough(
    little: Little, desk: Desk, hook: Channel, mails: int
) -> None:
    desk = replace(desk, lasting=False)
    if not mails:
        little.mail.reject(100)
    for _ in range(3):
        outbox.tell(desk, facts(), TELL)
    assert len(hook.got) == 3, "a job has no time for pauses"
    assert outbox.undelivered(desk, facts().pull.number) == (not mails)
    assert len(little.mail.messages) == mails


def test_a_look_tells_the_channel_before_the_sweep_does(little: Little, desk: Desk, hook: Channel) -> None:
    little.publish({"rdf.yaml": rdf()})
    chore(desk, "poll")
    hook.status = 200
    little.later(60)
    pipeline.run(desk, FakeEngine(), PullSubject(1))
    assert standings(desk)["channels"] == []
