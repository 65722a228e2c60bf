"""Calls fail at once while the other side is away, one in a while asks, and nobody is blamed."""

from __future__ import annotations

import threading

import pytest

from bot.errors import AWAY, GatewayError, UnknownOutcomeError
from bot.gateways.circuit import AFTER, Circuit, archive_circuit, github_circuit
from tests.fakes.clock import FakeClock
from tests.gateways.github_doors import ZOO, doors

R = f"/repos/{ZOO}"


@pytest.fixture
def clock():
    return FakeClock()


def opened(clock, **more):
    circuit = Circuit("GitHub", "github-down", clock, after=3, jitter=lambda: 0.5, **more)
    for _ in range(3):
        circuit.check()
        circuit.failed()
    return circuit


def refused(circuit):
    with pytest.raises(GatewayError) as found:
        circuit.check()
    return found.value


def test_it_opens_after_failures_in_a_row_only(clock):
    circuit = Circuit("GitHub", "github-down", clock, after=3)
    for _ in range(5):
        circuit.failed()
        circuit.failed()
        circuit.succeeded()
    circuit.check()
    assert not circuit.state().open
    assert circuit.state().sentence == ""


def test_while_open_calls_fail_at_once_and_say_when_to_come_back(clock):
    circuit = opened(clock)
    error = refused(circuit)
    assert (error.message, error.reason, error.transient, error.away) == (
        "GitHub is down, waiting.",
        "github-down",
        True,
        True,
    )
    assert error.retry_after == 10.0
    state = circuit.state()
    assert (state.open, state.failures, state.since, state.probe_in) == (True, 3, clock.now(), 10.0)
    assert state.sentence == "GitHub is down, waiting."


def test_one_call_in_a_while_asks_and_the_pauses_grow_to_a_minute(clock):
    circuit = opened(clock)
    pauses = []
    for _ in range(6):
        pauses.append(refused(circuit).retry_after)
        clock.pass_by(pauses[-1])
        circuit.check()
        refused(circuit)
        circuit.failed()
    assert pauses == [10.0, 20.0, 40.0, 60.0, 60.0, 60.0]


def test_an_answer_closes_it(clock):
    circuit = opened(clock)
    clock.pass_by(10)
    circuit.check()
    circuit.succeeded()
    circuit.check()
    assert not circuit.state().open
    assert refused(opened(clock)).retry_after == 10.0


def test_a_probe_that_never_comes_back_is_followed_by_another(clock):
    circuit = opened(clock)
    clock.pass_by(10)
    circuit.check()
    assert refused(circuit).retry_after == 10.0
    clock.pass_by(10)
    circuit.check()


@pytest.mark.parametrize("seconds", [-400 * 86_400, 400 * 86_400])
def test_a_clock_that_jumps_changes_nothing(clock, seconds):
    circuit = opened(clock)
    clock.jump(seconds)
    assert refused(circuit).retry_after == 10.0


def test_of_many_threads_one_asks(clock):
    circuit = opened(clock)
    clock.pass_by(10)
    through = []

    def call():
        try:
            circuit.check()
        except GatewayError:
            return
        through.append(1)

    threads = [threading.Thread(target=call) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert through == [1]


def test_trouble_of_one_thing_opens_nothing_where_another_is_answered(clock):
    circuit, asked = Circuit("The archive", "archive-down", clock, after=3), []

    def answers():
        asked.append(circuit.state().failures)
        return True

    for _ in range(7):
        circuit.failed(answers)
    assert not circuit.state().open
    assert asked == [2, 2], "nobody is asked before it would open"


def test_trouble_of_one_thing_opens_it_where_no_other_is_answered_either(clock):
    circuit = Circuit("The archive", "archive-down", clock, after=3, jitter=lambda: 0.5)
    for _ in range(3):
        circuit.failed(lambda: False)
    assert refused(circuit).reason == "archive-down"
    clock.pass_by(10)
    circuit.check()
    circuit.failed(lambda: False)
    assert refused(circuit).retry_after == 20.0
    clock.pass_by(20)
    circuit.check()
    circuit.failed(lambda: True)
    assert not circuit.state().open, "the probe met the one thing, and the other side is there"


def test_each_door_has_its_reason_and_none_is_a_try(clock):
    for circuit in (github_circuit(clock), archive_circuit(clock)):
        for _ in range(AFTER):
            circuit.failed()
        assert refused(circuit).reason in AWAY


def test_a_github_that_is_down_is_asked_no_more_until_a_probe(tmp_path):
    with doors(tmp_path) as hub:
        hub.faults.add("error-before", times=None, status=503)
        reasons = []
        for _ in range(4):
            with pytest.raises(GatewayError) as found:
                hub.transport.get(R)
            reasons.append(found.value.reason)
        assert reasons == ["github-unreachable", "github-unreachable", "github-down", "github-down"]
        assert len(hub.faults.log) == AFTER
        with pytest.raises(GatewayError) as written:
            hub.api.create_comment(1, "Hello")
        assert written.value.reason == "github-down"
        assert not isinstance(written.value, UnknownOutcomeError), "it was not sent"
        assert len(hub.faults.log) == AFTER
        hub.faults.clear()
        hub.clock.pass_by(60)
        assert hub.transport.get(R)["full_name"] == ZOO
        assert not hub.transport.circuit.state().open


def test_refusals_and_limits_are_answers(tmp_path):
    with doors(tmp_path) as hub:
        for number in range(AFTER + 1):
            assert hub.transport.get(f"{R}/pulls/{100 + number}") is None
        assert hub.transport.circuit.state().failures == 0
