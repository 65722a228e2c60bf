"""An archive that does not hand out an upload's files: asked with growing pauses, each time by another question."""

from dataclasses import replace

import pytest

from bot import pipeline
from bot.corridor import archive_away
from bot.corridor.check_pull import check_pull
from bot.digests import job_id
from bot.errors import GatewayError, PendingError
from bot.records.decision import RunChecks
from bot.records.event import PullSubject
from tests.corridor.test_check_pull import away, kept, proposed
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import REPOSITORY, rdf


@pytest.fixture
def desk(little):
    return little.start()


@pytest.fixture
def seen(little, desk):
    """A proposed pull request that was not checked."""
    return proposed(little, desk, rdf())


def test_an_archive_that_is_away_is_asked_with_growing_pauses_and_afresh_once_it_was_there(little, desk):
    """Each try is a new question, whose answer wakes the pull request; events come in between."""
    little.publish({"rdf.yaml": rdf()})
    list(pipeline.poll(desk))
    real, asked = little.workshop.prepare, []
    away(little, little.zenodo.url)
    prepare = [little.workshop.prepare]

    def slow(job):
        name = job_id(job)
        if name in asked:
            return prepare[-1](job)
        asked.append(name)
        raise PendingError(name)

    little.workshop.prepare = slow

    def waits():
        """What the look after the pause, and the one that the answer wakes, lead to."""
        assert look().status == "pending"
        answer = look()
        assert (answer.failed, answer.reason) == (True, "archive-unreachable")
        little.later(int(answer.retry_after) - 4)
        before = len(asked)
        assert 0 < look().retry_after <= 4.5, "an event in the pause is told how long it lasts"
        assert len(asked) == before, "and asks nobody"
        little.later(5)
        return round(answer.retry_after)

    def look():
        return pipeline.run(desk, FakeEngine(), PullSubject(1))

    assert [waits() for _ in range(7)] == [5, 15, 45, 135, 300, 300, 300]
    prepare.append(real)
    assert look().status == "pending"
    assert look().status == "settled"
    assert little.github.labels(REPOSITORY, 1) == ("awaiting review",)
    assert desk.store.items("archive away") == {}


def test_a_count_of_an_earlier_release_is_read(little):
    desk = replace(little.start(), clock=FakeClock())
    desk.store.put("archive away", "key", {"times": 2, "at": desk.clock.now().isoformat()})
    with pytest.raises(GatewayError, match="The archive is away") as found:
        archive_away.waited(desk, "key")
    assert (found.value.away, found.value.retry_after) == (True, 15)


def test_the_pauses_begin_afresh_for_the_next_outage(little, desk, seen):
    real = little.workshop.prepare
    for _ in range(2):
        away(little, little.zenodo.url)
        for pause in (5, 15):
            with pytest.raises(GatewayError) as found:
                check_pull(desk, seen, RunChecks())
            assert found.value.retry_after == pause
            little.later(pause)
        little.workshop.prepare = real
        check_pull(desk, seen, RunChecks())
        desk.store.drop("checks", seen.check_key)


def test_a_clock_that_goes_back_does_not_leave_an_archive_alone_for_long(little, desk, seen):
    real = little.workshop.prepare
    away(little, little.zenodo.url)
    with pytest.raises(GatewayError):
        check_pull(desk, seen, RunChecks())
    little.workshop.prepare = real
    little.later(-365 * 86_400)
    check_pull(desk, seen, RunChecks())
    assert kept(desk, seen).report.outcome == "passed"
