"""Looks that fail: tried again with growing pauses, parked when it helps nothing, and never in the way of the others."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import WAITED_FOR, ContributorError, GatewayError
from bot.gateways import engine_dbos_again
from bot.gateways.engine_dbos_again import ENDLESS, LATEST, SOONEST, TRIES, UNSEEN, Next, Round, Trouble, what_next
from bot.records.answer import Answer
from bot.records.event import Hint, PullSubject
from tests.fakes.engines import until

ONE, TWO = PullSubject(1), PullSubject(2)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BROKEN = Answer("It broke.", "failed", reason="broken")
REFUSED = Answer("The policy cannot be read.", "failed", reason="config", transient=False)
DOWN = Answer("GitHub is down.", "failed", reason="github-down")


@pytest.fixture
def quick(monkeypatch):
    """Pauses that a test can wait for. DBOS looks once a second for rows whose time has come."""
    monkeypatch.setattr(engine_dbos_again, "BACK_OFF", (0.01, 1.0, 0.01))
    monkeypatch.setattr(engine_dbos_again, "UNSEEN", (0.01, 0.01))
    monkeypatch.setattr(engine_dbos_again, "SOONEST", 0.01)


one_kind = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


# --- decisions ---------------------------------------------------------------------------------------------------------


def test_what_is_settled_or_pending_needs_nothing_more():
    for answer in (Answer(), Answer("It is being checked.", "pending")):
        assert what_next(answer, Round(NOW, trouble=Trouble(tries=3))) == Next()


@pytest.mark.parametrize(
    ("until_", "pause"),
    [
        (NOW + timedelta(hours=2), 7200.0),
        (NOW - timedelta(days=400), SOONEST),
        (NOW, SOONEST),
        (NOW + timedelta(days=400), LATEST),
    ],
)
def test_a_time_to_look_again_is_kept_within_bounds(until_, pause):
    assert what_next(Answer(until=until_), Round(NOW)) == Next(pause)


def test_what_is_not_shown_yet_is_asked_for_four_times():
    pauses, unseen = [], 0
    while (following := what_next(Answer("Not yet.", "unseen"), Round(NOW, unseen=unseen))).after is not None:
        pauses.append(following.after)
        unseen = following.unseen
    assert pauses == [2, 5, 15, 60]
    assert len(UNSEEN) == 4


def test_pauses_grow_and_the_fifth_failure_parks():
    trouble, pauses = None, []
    for tries in range(1, TRIES):
        following = what_next(BROKEN, Round(NOW, own=True, trouble=trouble))
        trouble = following.trouble
        pauses.append(following.after)
        assert (trouble.tries, trouble.parked) == (tries, False)
    assert pauses == [5, 15, 45, 135]
    last = what_next(BROKEN, Round(NOW + timedelta(hours=1), own=True, trouble=trouble))
    assert last.after is None
    assert last.trouble == Trouble(5, 0, NOW.isoformat(), "broken", "It broke.", parked=True)


def test_chance_spreads_the_pauses():
    pauses = [what_next(BROKEN, Round(NOW, dice=dice)).after for dice in (0.0, 1.0)]
    assert pauses == [3.75, 6.25]


def test_what_was_asked_for_is_waited_for():
    asked = Answer("Wait.", "failed", reason="busy", retry_after=400.0)
    assert what_next(asked, Round(NOW)).after == 400
    forever = Answer("Wait.", "failed", reason="busy", retry_after=1e12)
    assert what_next(forever, Round(NOW)).after == LATEST


def test_what_trying_does_not_help_is_parked_at_once():
    following = what_next(REFUSED, Round(NOW))
    assert following == Next(trouble=Trouble(1, 0, NOW.isoformat(), "config", REFUSED.text, parked=True))


def test_an_event_in_the_pause_is_a_look_that_counts_nothing_and_leaves_the_plan():
    trouble = Trouble(2, 0, NOW.isoformat(), "broken", "It broke.")
    following = what_next(BROKEN, Round(NOW, own=False, trouble=trouble))
    assert following.keep
    assert following.trouble == trouble


def test_an_outage_is_waited_for_and_not_counted():
    trouble, pauses = Trouble(4, 0, NOW.isoformat(), "broken", "It broke."), []
    for _ in range(20):
        following = what_next(DOWN, Round(NOW, own=True, trouble=trouble, unseen=3))
        trouble = following.trouble
        pauses.append(following.after)
        assert following.unseen == 3
    assert pauses[:5] == [5, 15, 45, 135, 300]
    assert set(pauses[5:]) == {300}
    assert (trouble.tries, trouble.parked) == (4, False)


def test_what_never_ends_is_shown_to_people_and_forgotten_when_it_does():
    """GitHub may answer 500 for one pull request alone, for ever."""
    trouble, passed = None, 0.0
    while trouble is None or not trouble.parked:
        following = what_next(DOWN, Round(NOW, own=True, trouble=trouble))
        trouble, passed = following.trouble, passed + (following.after or 0.0)
    assert (trouble.reason, trouble.tries, following.after) == ("github-down", ENDLESS, None)
    assert timedelta(hours=2) < timedelta(seconds=passed) < timedelta(hours=3)
    assert what_next(DOWN, Round(NOW, trouble=trouble)) == Next(trouble=trouble)
    assert what_next(Answer(), Round(NOW, trouble=trouble)) == Next()


@pytest.mark.parametrize("reason", sorted(WAITED_FOR))
def test_nothing_that_is_the_same_for_every_subject_counts_as_a_try(reason):
    following = what_next(Answer("It is away.", "failed", reason=reason), Round(NOW, own=True))
    assert (following.after, following.trouble.tries) == (5, 0)


def test_events_during_an_outage_do_not_lengthen_it():
    trouble = what_next(DOWN, Round(NOW)).trouble
    following = what_next(DOWN, Round(NOW, trouble=trouble))
    assert following.keep
    assert following.trouble.outages == 1


def test_an_outage_goes_on_while_the_work_side_is_asked_about_it_again():
    """The archive hands out no files: each try is a new question, and its answer comes as an event."""
    pending, trouble, pauses = Answer("It is being checked.", "pending"), None, []
    for _ in range(7):
        trouble = what_next(pending, Round(NOW, own=True, trouble=trouble)).trouble
        following = what_next(DOWN, Round(NOW, trouble=trouble))
        trouble = following.trouble
        pauses.append(following.after)
        assert not following.keep
        assert what_next(DOWN, Round(NOW, trouble=trouble)) == Next(following.after, 0, trouble, keep=True)
    assert pauses == [5, 15, 45, 135, 300, 300, 300]
    assert what_next(Answer(), Round(NOW, trouble=trouble)) == Next()


def test_what_is_asked_about_once_more_is_parked_no_longer_until_the_answer_is_the_same():
    parked = Trouble(ENDLESS, ENDLESS, NOW.isoformat(), DOWN.reason, DOWN.text, parked=True)
    asked = what_next(Answer("It is being checked.", "pending"), Round(NOW, trouble=parked)).trouble
    assert (asked.parked, asked.outages) == (False, ENDLESS)
    assert what_next(DOWN, Round(NOW, trouble=asked)).trouble.parked


def test_a_parked_subject_gets_one_more_look_for_an_event_and_stays_parked():
    parked = Trouble(5, 0, NOW.isoformat(), "broken", "It broke.", parked=True)
    following = what_next(BROKEN, Round(NOW, trouble=parked))
    assert following == Next(trouble=Trouble(6, 0, NOW.isoformat(), "broken", "It broke.", parked=True))


def test_trouble_is_read_back_from_the_store():
    trouble = Trouble(3, 2, NOW.isoformat(), "broken", "It broke.", parked=True)
    assert Trouble.read({"subject": "pull 1", "of a later version": 1, **trouble.row()}, parked=True) == trouble


# --- with the queue ------------------------------------------------------------------------------------------------------


def test_a_subject_that_always_fails_is_parked_with_its_reason_and_the_others_go_on(bench, quick):
    engine = bench.start(lanes=2)
    bench.looks.answers["pull 1"] = BROKEN
    engine.tell(ONE, Hint(head="abc"))
    for number in range(2, 12):
        engine.tell(PullSubject(number))
    until(lambda: len(bench.looks.seen) >= 11)
    [parked] = until(lambda: engine.state().parked)
    assert (parked.subject, parked.reason, parked.message, parked.tries) == ("pull 1", "broken", "It broke.", 5)
    assert datetime.fromisoformat(parked.since).tzinfo
    assert bench.looks.of(ONE) == [Hint(head="abc")] * 5
    assert bench.store.items("troubled") == {}
    bench.idle()
    assert engine.state().delayed == {}
    assert len(bench.looks.seen) == 15


@one_kind
def test_an_event_gives_a_parked_subject_one_more_look_and_success_frees_it(bench, quick):
    engine = bench.start()
    bench.looks.answers["pull 1"] = REFUSED
    engine.tell(ONE)
    until(lambda: bench.store.get("parked", "pull 1"))
    engine.tell(ONE)
    until(lambda: bench.store.get("parked", "pull 1")["tries"] == 2)
    bench.idle()
    assert len(bench.looks.seen) == 2
    assert engine.state().delayed == {}
    bench.looks.answers.clear()
    engine.tell(ONE)
    until(lambda: not engine.state().parked)
    bench.idle()
    assert len(bench.looks.seen) == 3


@one_kind
def test_the_counter_survives_a_restart(bench, quick):
    bench.looks.answers["pull 1"] = BROKEN
    bench.start()
    bench.engine.tell(ONE)
    until(lambda: (bench.store.get("troubled", "pull 1") or {}).get("tries") == 2)
    bench.stop()
    bench.start()
    until(lambda: bench.store.get("parked", "pull 1"))
    assert bench.store.get("parked", "pull 1")["tries"] == 5
    assert len(bench.looks.seen) == 5


@one_kind
def test_an_exception_that_nobody_expected_is_logged_and_ends_nothing(bench, quick):
    engine = bench.start()
    bench.looks.answers["pull 1"] = ZeroDivisionError("of a figure in the code")
    with capture_logs() as logs:
        engine.tell(ONE)
        until(lambda: bench.store.get("parked", "pull 1"))
    assert bench.store.get("parked", "pull 1")["reason"] == "internal"
    assert "figure" not in bench.store.get("parked", "pull 1")["message"]
    failures = [line for line in logs if line["event"] == "look_failed"]
    assert len(failures) == 5
    assert all(line["exc_info"] for line in failures)
    engine.tell(TWO)
    until(lambda: bench.looks.of(TWO))


@one_kind
@pytest.mark.parametrize(
    ("error", "reason", "looks"),
    [
        (GatewayError("Zenodo refuses.", reason="zenodo", transient=False), "zenodo", 1),
        (GatewayError("Zenodo is slow.", reason="zenodo", transient=True, retry_after=0.1), "zenodo", 5),
        (ContributorError("A bad upload.", reason="bad-upload"), "bad-upload", 1),
    ],
)
def test_an_error_of_the_three_families_that_a_look_lets_through_is_its_answer(bench, quick, error, reason, looks):
    engine = bench.start()
    bench.looks.answers["pull 1"] = error
    engine.tell(ONE)
    until(lambda: bench.store.get("parked", "pull 1"))
    assert bench.store.get("parked", "pull 1")["reason"] == reason
    assert len(bench.looks.seen) == looks


@one_kind
def test_an_outage_does_not_park_and_its_end_is_found(bench, quick):
    engine = bench.start()
    bench.looks.answers["pull 1"] = DOWN
    engine.tell(ONE)
    until(lambda: len(bench.looks.seen) == TRIES + 2)
    assert engine.state().parked == ()
    bench.looks.answers.clear()
    until(lambda: bench.store.get("troubled", "pull 1") is None)
    bench.idle()
    assert engine.state().delayed == {}


@one_kind
def test_an_outage_that_each_answer_tells_of_anew_is_shown_to_people_in_the_end(bench, quick, monkeypatch):
    monkeypatch.setattr(engine_dbos_again, "ENDLESS", 4)
    engine = bench.start()

    def look(_hint):
        if len(bench.looks.seen) % 2:
            engine.tell(ONE)  # the answer is there: `corridor/wake.py`
            return Answer("It is being checked.", "pending")
        return DOWN

    bench.looks.answers["pull 1"] = look
    engine.tell(ONE)
    until(lambda: bench.store.get("parked", "pull 1"))
    assert bench.store.get("parked", "pull 1")["tries"] == 4
    assert len(bench.looks.seen) == 8
    assert bench.store.items("troubled") == {}


@one_kind
def test_what_a_hint_speaks_of_is_looked_for_again_with_the_hint_and_then_left_to_the_sweep(bench, quick):
    engine = bench.start()
    bench.looks.answers["pull 1"] = Answer("Not yet.", "unseen")
    engine.tell(ONE, Hint(comment=7))
    until(lambda: len(bench.looks.seen) == 3)
    bench.idle()
    assert bench.looks.of(ONE) == [Hint(comment=7)] * 3
    assert engine.state().delayed == {}
    assert bench.store.items("parked") == bench.store.items("troubled") == {}


@one_kind
def test_a_new_event_replaces_what_was_planned(bench):
    """Each look at an open pull request says until when it waits: the plans of all of them would pile up otherwise."""
    engine = bench.start()
    bench.looks.answers["pull 1"] = lambda _hint: Answer(until=datetime.now(UTC) + timedelta(hours=3))
    for count in range(1, 5):
        engine.tell(ONE)
        until(lambda count=count: len(bench.looks.seen) == count)
        bench.idle()
        assert engine.state().delayed == {"pull": 1}
    bench.looks.answers.clear()
    engine.tell(ONE)
    until(lambda: len(bench.looks.seen) == 5)
    bench.idle()
    assert engine.state().delayed == {}


@one_kind
def test_a_time_to_look_again_is_kept(bench, quick):
    engine = bench.start()
    bench.looks.answers["pull 1"] = lambda _hint: (
        Answer(until=datetime.now(UTC) + timedelta(seconds=1)) if len(bench.looks.seen) == 1 else Answer()
    )
    engine.tell(ONE)
    until(lambda: len(bench.looks.seen) == 2)


def test_a_look_that_takes_its_process_down_again_and_again_is_not_begun_for_ever(bench):
    engine = bench.start()
    held = bench.looks.hold(ONE)
    engine.tell(ONE)
    until(lambda: bench.looks.seen)
    bench.rows("UPDATE workflow_status SET recovery_attempts = ?", engine_dbos_again.DEATHS)
    bench.stop(0.1)
    held.set()
    engine = bench.start()
    [parked] = until(lambda: engine.state().parked)
    assert (parked.reason, len(bench.looks.seen)) == ("process-ended", 1)
    assert f"{engine_dbos_again.DEATHS} times" in parked.message
    engine.tell(ONE)
    until(lambda: not engine.state().parked)


@one_kind
def test_what_was_parked_long_ago_is_forgotten(bench):
    engine = bench.start()
    for room in ("parked", "troubled"):
        for subject, days in (("pull 1", 31), ("pull 2", 29)):
            since = datetime.now(UTC) - timedelta(days=days)
            bench.store.put(
                room, subject, {"subject": subject, **Trouble(5, 0, since.isoformat(), "broken", "It broke.").row()}
            )
    engine.clean_up()
    assert [parked.subject for parked in engine.state().parked] == ["pull 2"]
    assert list(bench.store.items("troubled")) == ["pull 2"]
