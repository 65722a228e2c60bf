"""Places and times of questions, from what past ones took."""

import pytest

from bot.queueing.expected import SAMPLES, durations, kinds_of, learned_row, place, seconds, seconds_for, usual
from bot.records.backlog import Backlog, Place, Question
from bot.records.turn import Turn, turn_of


def question(name, verb="check", weights=(), *, under_way=0.0, at=0.0):
    return Question(name, verb, name, "new", weights, at, 0, under_way)


MINUTE = {"check": [60.0, 60.0, 60.0]}


def test_a_place_counts_those_that_go_first():
    backlog = Backlog((question("a"), question("b", at=1)), (question("x"),), lanes=1)
    assert place(backlog, "a") == Place(0)
    assert place(backlog, "b") == Place(1)
    assert place(backlog, "x") == Place(under_way=True)
    assert place(backlog, "gone") is None


def test_without_workers_a_place_says_so_and_no_time_is_known():
    backlog = Backlog((question("a"),))
    assert place(backlog, "a") == Place(0, workers=False)
    assert seconds(backlog, "a", MINUTE) is None


def test_behind_what_one_look_lists_the_place_is_at_least_that():
    assert place(Backlog((question("a"),), more=1000, lanes=1), "later") == Place(1)


def test_what_is_before_it_takes_its_time_in_the_lanes_there_are():
    waiting = tuple(question(name, at=number) for number, name in enumerate("abcd"))
    backlog = Backlog(waiting, (question("x", under_way=40.0),), lanes=1)
    assert [seconds(backlog, name, MINUTE) for name in "xabcd"] == [20, 80, 140, 200, 260]
    two = Backlog(waiting, (question("x", under_way=40.0),), lanes=2)
    assert [seconds(two, name, MINUTE) for name in "xabcd"] == [20, 60, 80, 120, 140]


def test_what_takes_longer_than_usual_is_expected_any_moment():
    assert seconds(Backlog((), (question("x", under_way=500.0),), lanes=1), "x", MINUTE) == 1


def test_nothing_is_said_before_anything_was_learned():
    backlog = Backlog((question("a"),), (question("x"),), lanes=1)
    assert seconds(backlog, "a", {}) is None
    assert seconds(backlog, "x", {}) is None
    assert seconds(backlog, "other", MINUTE) is None


def test_a_question_that_would_be_asked_now():
    backlog = Backlog(tuple(question(name) for name in "abc"), lanes=1)
    assert seconds_for(backlog, "check", Turn("z"), MINUTE) == 240
    assert seconds_for(backlog, "check", Turn("z"), {}) is None
    assert seconds_for(Backlog(), "check", Turn("z"), MINUTE) == 60
    assert seconds_for(Backlog((question("a"),)), "check", Turn("z"), MINUTE) is None


def test_formats_that_were_seen_often_enough_have_their_own_time():
    taken = {"check": [10.0] * 9, "check keras+onnx": [90.0] * 3, "check onnx": [5.0]}
    assert usual(taken, question("a", weights=("onnx", "keras"))) == 90
    assert usual(taken, question("a", weights=("onnx",))) == 10
    assert usual(taken, question("a", verb="prepare")) is None
    assert usual({"check onnx": [5.0]}, question("a", weights=("onnx",))) == 5


def test_the_usual_time_is_what_four_of_five_need():
    assert usual({"check": [float(n) for n in range(1, 12)]}, question("a")) == pytest.approx(9)


def test_samples_are_the_last_ones_and_possible_ones():
    row = None
    for number in range(SAMPLES + 5):
        row = learned_row(row, float(number))
    assert row["seconds"][0] == 5
    assert len(row["seconds"]) == SAMPLES
    assert learned_row(None, 1e300)["seconds"] == [4 * 3600.0]
    assert learned_row(None, -5.0)["seconds"] == [0.0]
    assert durations({"check": row})["check"][-1] == SAMPLES + 4


def test_kinds_go_from_the_particular_to_the_general():
    assert kinds_of("check", ("onnx", "keras")) == ("check keras+onnx", "check")
    assert kinds_of("prepare", ()) == ("prepare",)


@pytest.mark.parametrize("data", [None, [], {"contributor": 3, "kind": "first", "weights": "onnx"}])
def test_a_turn_that_is_none_is_nobodys(data):
    assert turn_of(data) == Turn()


def test_a_turn_is_read_as_it_was_written():
    turn = Turn("zenodo-1", "retest", ("onnx",))
    assert turn_of(turn.as_json()) == turn
    assert len(Turn("x" * 500).as_json()["contributor"]) == 128
