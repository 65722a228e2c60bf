"""What reports name lies beside them; what does not is had from the worker that has it, and given up when all said no."""

import hashlib

import pytest
import sqlalchemy as sa

from bot.errors import GatewayError, PendingError
from bot.gateways import work_answering
from bot.gateways.work_answering import GONE, Left
from bot.gateways.work_hand import Hand
from bot.gateways.work_tables import questions, workers
from tests.fakes.work_left import Left as Workers
from tests.fakes.workshop import TENSORS, FakeWorkshop
from tests.gateways.test_work_repairs import engine
from tests.gateways.work_side import job

NOBODYS = "0" * 64


@pytest.fixture
def left(work_url):
    made = Workers(work_url, "e" * 64)
    yield made
    made.database.close()


def asked(queue, sha256=NOBODYS):
    with pytest.raises(PendingError) as raised:
        queue.blob(sha256)
    return raised.value.job


def takes(rows):
    """The questions that this worker would choose from."""
    seen = []
    rows.release(lambda look, _room: seen.extend(question.id for question in look.waiting) or (), "e" * 64)
    return seen


def given(rows, name, left):
    rows.release(lambda _look, _room: [name], "e" * 64)
    return left.given(name)


def mends(left, step, rows):
    with engine(left) as made:
        getattr(made, step)(rows)


def test_small_tensors_that_differ_lie_beside_the_report(queue, worker):
    """Whoever is asked for them later may be another worker, which shares no folder with this one."""
    with pytest.raises(PendingError):
        queue.check(job("check", "pictured"))
    worker.work()
    worker.workshop = FakeWorkshop()
    (weights,) = queue.check(job("check", "pictured"))["weights"]
    content = queue.blob(weights["artefact"]["sha256"])
    assert content.startswith(TENSORS)
    assert hashlib.sha256(content).hexdigest() == weights["artefact"]["sha256"]


@pytest.mark.parametrize(("outcome", "size"), [("passed", 1000), ("failed", 1_000_001)])
def test_tensors_that_nobody_will_ask_for_are_not_laid_there(queue, worker, outcome, size):
    reply = worker.reply

    def other(request):
        said = reply(request)
        for weights in said["answer"].get("weights", ()):
            weights["reproduces"] = weights["reproduces"] | {"outcome": outcome}
            weights["artefact"] = weights["artefact"] | {"size": size}
        return said

    worker.reply = other
    with pytest.raises(PendingError):
        queue.check(job("check", "pictured"))
    worker.work()
    (weights,) = queue.check(job("check", "pictured"))["weights"]
    assert [request.get("sha256") for request in worker.asked if request["verb"] == "blob"] == [
        weights["pictures"][0]["sha256"]
    ]
    asked(queue, weights["artefact"]["sha256"])


def test_a_blob_that_is_not_here_is_left_to_others(queue, worker):
    name = asked(queue)
    said = work_answering.answer_question(worker.database, name, worker.reply, str, Hand())
    assert said is Left.DECLINED
    assert queue.finished([name]) == frozenset()


def test_whoever_declined_is_not_asked_again_and_others_are(queue, left):
    name = asked(queue)
    with left.worker("one") as one, left.worker("two") as two:
        workflow = given(one, name, left)
        one.decline(name, workflow)
        assert (takes(one), takes(two)) == ([], [name])
        assert one.declined_by_all() == []
        theirs = given(two, name, left)
        one.decline(name, workflow)  # late, and of what it had before
        assert left.given(name) == theirs
        two.decline(name, theirs)
        assert two.declined_by_all() == []
        left.sql(
            "DELETE FROM accession_workers WHERE executor = 'predecessor'"
        )  # the third one died before it was asked
        assert one.declined_by_all() == [name]
        assert takes(two) == []


def test_it_is_given_up_once_all_that_live_declined_and_may_be_asked_for_again(queue, left):
    name = asked(queue)
    left.sql("DELETE FROM accession_workers")
    with left.worker("one") as one, left.worker("two") as two:
        one.decline(name, given(one, name, left))
        mends(left, "_refuse", two)
        assert queue.finished([name]) == frozenset()
        two.decline(name, given(two, name, left))
        mends(left, "_mend", two)
        with pytest.raises(GatewayError) as raised:
            queue.blob(NOBODYS)
        assert (raised.value.reason, raised.value.transient) == (GONE, True)
        assert asked(queue) == name
        assert takes(one) == [name]


def test_a_worker_that_gives_no_sign_is_not_waited_for(queue, left):
    name = asked(queue)
    with left.worker("one") as one:
        one.decline(name, given(one, name, left))
        assert one.declined_by_all() == []
        with left.database.begin() as connection:
            quiet = sa.update(workers).where(workers.c.executor == "predecessor")
            connection.execute(quiet.values(at=workers.c.at - 100))
        assert one.declined_by_all() == [name]


def test_a_blob_is_for_workers_on_any_images(queue, left):
    asked(queue)
    with left.database.begin() as connection:
        assert connection.execute(sa.select(questions.c.environment)).scalar() is None
