"""A question is for the images it was asked for: given out, taken over and answered by workers on these alone; nothing waits for ever."""

import pytest
import sqlalchemy as sa
from dbos import DBOS

from bot.errors import PendingError
from bot.gateways import work_answering
from bot.gateways.work_answering import Left as LeftTo
from bot.gateways.work_engine import WorkEngine
from bot.gateways.work_engine_signs import Signs, queue_of
from bot.gateways.work_hand import Hand
from bot.gateways.work_queue import WorkQueue
from bot.gateways.work_tables import WorkDatabase, workers
from tests.fakes.work_left import Left
from tests.fakes.work_nodes import alive, answer, ask, until

OLD, NEW = "a" * 64, "b" * 64
BEFORE = """CREATE TABLE accession_questions (id TEXT NOT NULL PRIMARY KEY, verb TEXT NOT NULL, request {} NOT NULL,
    contributor TEXT NOT NULL, kind TEXT NOT NULL, weights TEXT NOT NULL, asked DOUBLE PRECISION NOT NULL,
    wanted DOUBLE PRECISION NOT NULL, came BIGINT NOT NULL, released BIGINT, started DOUBLE PRECISION, workflow TEXT)"""
"""As it was made before questions named an environment."""
WRITTEN_BEFORE = """INSERT INTO accession_questions (id, verb, request, contributor, kind, weights, asked, wanted, came)
    VALUES ('check-before', 'check', {}, 'ada', 'new', '', 1, 1, 0)"""


@pytest.fixture
def old(work_url):
    made = Left(work_url, OLD)
    yield made
    made.database.close()


@pytest.fixture
def new(work_url, old):
    """Began later: what checks run on now."""
    made = Left(work_url, NEW)
    yield made
    made.database.close()


def all_of(look, _room):
    return [question.id for question in look.waiting]


def taken(left, executor):
    """The questions that this worker gives itself."""
    with left.worker(executor) as rows:
        rows.release(all_of, left.environment)
        return left.queued(executor)


def test_a_worker_takes_what_was_asked_for_its_images_and_leaves_the_rest(work_url, queue, old):
    first = ask(queue, "asked before")
    new = Left(work_url, NEW)
    second = ask(queue, "asked after")
    with pytest.raises(PendingError) as raised:
        queue.blob("0" * 64)
    assert taken(old, "old") == {first, raised.value.job}
    assert taken(new, "new") == {second}
    new.database.close()


def test_what_is_for_other_images_is_in_nobodys_way(queue, old, request):
    """Neither in the backlog that people are told of, nor in the look that workers choose from."""
    for number in range(5):
        ask(queue, f"asked before {number}")
    request.getfixturevalue("new")
    assert (queue.backlog().waiting, queue.backlog().lanes) == ((), 4)
    mine = ask(queue, "mine")
    assert [question.id for question in queue.backlog().waiting] == [mine]


def test_asked_for_images_that_are_gone_it_is_asked_anew_by_its_asker_and_kept_for_their_return(queue, old, work_url):
    before = ask(queue, "mine")
    assert queue.answerable([before, "nothing"]) == {before}
    new = Left(work_url, NEW)
    assert queue.answerable([before]) == frozenset()
    after = ask(queue, "mine")
    assert after != before
    assert queue.answerable([before, after]) == {after}
    Signs(old.database, "rolled back", 4).beat(OLD, 1)
    assert ask(queue, "mine") == before
    assert queue.answerable([before, after]) == {before}
    assert taken(old, "rolled back") == {before}
    new.database.close()


def test_what_nobody_asks_for_any_more_goes_after_a_day_and_leaves_nothing(nodes, queue, old):
    given, waits = ask(queue, "given out"), ask(queue, "waits")
    with old.worker("gone") as rows:
        rows.release(lambda _look, _room: [given], OLD)
    nodes.start()
    until(lambda: queue.environment() != OLD)
    old.sql("UPDATE accession_questions SET wanted = wanted - 90000")
    assert old.flows() == {given: "ENQUEUED"}
    assert queue.clean_up() == 2
    until(lambda: old.flows() == {given: "SUCCESS"})
    assert nodes.ran("on sha256") == 0
    assert queue.answerable([given, waits]) == frozenset()


def test_what_a_dead_worker_had_goes_to_workers_on_its_images_alone(queue, old, new):
    Signs(old.database, "newest", 4).beat(OLD, 1)
    name = ask(queue, "under way")
    assert taken(old, "dead") == {name}
    old.change(name, "status = 'PENDING', executor_id = 'dead', recovery_attempts = 1")
    with new.worker("new") as theirs, old.worker("old") as ours:
        ((workflow, _),) = theirs.running().items()
        assert theirs.take_over(workflow, "dead")
        assert not theirs.adopt({"dead"}, NEW)
        assert old.queued("dead") == {name}
        assert not ours.adopt({"dead"}, OLD)
    assert old.queued("old") == {name}


def test_old_rows_are_answered_by_whoever_is_there(nodes, queue, old, new):
    """Written by an older release, they say nothing of images."""
    name = ask(queue, "from an older release")
    old.sql("UPDATE accession_questions SET environment = NULL")
    assert queue.answerable([name]) == {name}
    nodes.start()
    until(lambda: queue.finished([name]))
    assert nodes.ran("from an older release") == 1


@pytest.mark.parametrize("who", ["serve", "work"])
def test_a_database_of_an_older_release_is_taken_over_as_it_is_and_still_serves_that_release(work_url, who):
    engine = WorkDatabase(work_url).engine
    empty, kind = ("x''", "BLOB") if work_url.startswith("sqlite") else ("''::bytea", "BYTEA")
    with engine.begin() as connection:
        connection.exec_driver_sql(BEFORE.format(kind))
        connection.exec_driver_sql(WRITTEN_BEFORE.format(empty))
    left = Left(work_url, NEW) if who == "work" else None
    with WorkQueue(work_url) as queue:
        assert [question.id for question in queue.backlog().waiting] == ["check-before"]
    left = left or Left(work_url, NEW)
    assert taken(left, "new") == {"check-before"}
    with engine.begin() as connection:
        connection.exec_driver_sql(WRITTEN_BEFORE.replace("check-before", "check-later").format(empty))
    assert taken(left, "new") == {"check-before", "check-later"}
    left.database.close()
    engine.dispose()


@pytest.mark.parametrize("on", [[NEW], [OLD, NEW]], ids=["before it began", "while it ran"])
def test_images_that_are_replaced_under_a_worker_answer_nothing_in_the_others_name(queue, old, on):
    name = ask(queue, "mine")
    asked, looks = [], iter(on)

    def reply(request):
        asked.append(request["verb"])
        return {"answer": {}}

    assert work_answering.answer_question(old.database, name, reply, lambda: next(looks), Hand()) is LeftTo.ELSEWHERE
    assert len(asked) == len(on) - 1
    assert queue.finished([name]) == frozenset()
    assert queue.answerable([name]) == {name}


def test_images_are_replaced_under_a_running_worker(nodes, queue):
    """What it had is left, and asked anew for what it runs on now; it goes on as it is."""
    nodes.start()
    alive(queue, 1)
    before = queue.environment()
    name = ask(queue, "mine; sleep 1.5;")
    until(lambda: nodes.ran("mine"))
    (nodes.folder / "image").write_text("sha256:replaced")
    assert until(lambda: queue.environment() != before)
    assert answer(queue, "mine; sleep 1.5;")["outcome"] == "described"
    assert queue.finished([name]) == frozenset()
    assert nodes.ran("on sha256:replaced: ") == 1


def test_who_changes_its_images_runs_on_them_since_then(queue, old, new):
    signs = Signs(old.database, "early", 4)
    signs.beat(OLD, 1)
    Signs(new.database, "late", 4).beat(NEW, 1)
    assert queue.environment() == NEW
    signs.beat(OLD, 2)
    assert queue.environment() == NEW
    with old.database.begin() as connection:
        connection.execute(sa.delete(workers).where(workers.c.executor == "early"))
    assert signs.beat(OLD, 3)
    assert queue.environment() == NEW
    assert not signs.beat("c" * 64, 4)
    assert queue.environment() == "c" * 64


def test_a_worker_whose_queue_could_not_be_made_tries_again(old, monkeypatch):
    """Known to the others and without a queue it would give itself questions that nobody reads."""
    engine = WorkEngine(old.database.url, reply=dict, environment=lambda: OLD, choose=all_of, lanes=4)
    made = []

    def register(name, **_more):
        made.append(name)
        if len(made) == 1:
            raise OSError

    monkeypatch.setattr(DBOS, "register_queue", register)
    with pytest.raises(OSError):  # noqa: PT011 - whatever the engine's database says
        engine._sign()
    engine._sign()
    engine._sign()
    engine._database.close()
    assert made == [queue_of(engine.executor)] * 2


def test_a_worker_that_is_gone_takes_its_queue_along(nodes, queue, work_url):
    database = WorkDatabase(work_url)
    names = "SELECT name FROM {}queues".format("" if database.sqlite else "dbos.")

    def queues():
        with database.begin() as connection:
            return {row[0] for row in connection.exec_driver_sql(names)}

    first = nodes.start()
    alive(queue, 1)
    (before,) = until(queues)
    second = nodes.start()
    until(lambda: len(queues()) == 2)
    first.kill()
    first.wait()
    until(lambda: before not in queues())
    second.terminate()
    second.wait()
    assert len(queues()) == 1  # the last one's, as its row
    nodes.start()
    assert answer(queue, "after")["outcome"] == "described"
    until(lambda: len(queues()) == 1)
    database.close()
