"""A database in trouble while the service runs: commands say it and end with 1; afterwards the world ends as it would have."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot import app, pipeline
from bot.cli import main
from bot.corridor.reconcile_record import ROOM
from bot.errors import GatewayError
from bot.gateways.store_sqlite import SqliteStore
from bot.records.event import PullSubject
from tests.fakes.workshop import FakeWorkshop
from tests.journeys.conftest import REPOSITORY, STATE_KEY, TOKEN, Little, little_world, rdf
from tests.journeys.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.corridor.desk import Desk


class Outage:
    """A store that is away from one call on, for a number of calls; `calls` counts them over all lives."""

    def __init__(self, at: int = 0, length: int = 0) -> None:
        self.at, self.length, self.calls = at, length, 0

    def over(self, desk: Desk) -> Desk:
        return replace(desk, store=Shaky(desk.store, self))

    def check(self) -> None:
        self.calls += 1
        if self.at <= self.calls < self.at + self.length:
            raise GatewayError("The database is away.", reason="database", transient=True)


class Shaky:
    def __init__(self, below: Any, outage: Outage) -> None:
        self._below, self._outage = below, outage

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any) -> Any:
            self._outage.check()
            return getattr(self._below, name)(*args)

        return call


def drive(little: Little, outage: Outage) -> None:
    """A good upload, approved; rounds until nothing changes."""
    little.publish({"rdf.yaml": rdf("passed"), "weights.onnx": b"weights"})
    desk = outage.over(little.start())
    live(little, desk, outage)
    for pull in little.github.pulls(REPOSITORY):
        if "awaiting review" in pull.labels:
            little.approve(pull.number)
    live(little, desk, outage)


def live(little: Little, desk: Desk, outage: Outage) -> None:
    quiet = 0
    while quiet < 2:
        writes = len(little.github.writes)
        little.go(desk)
        on = outage.at <= outage.calls < outage.at + outage.length
        quiet = quiet + 1 if len(little.github.writes) == writes and not on else 0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    with little_world(tmp_path_factory.mktemp("undisturbed")) as little:
        outage = Outage()
        drive(little, outage)
        return snapshot(little), outage.calls


@pytest.mark.parametrize(("part", "length"), [(part, 9 if part % 2 else 1) for part in range(9)])
def test_the_world_ends_the_same_whenever_the_database_was_away(
    little: Little, undisturbed: tuple[dict[str, Any], int], part: int, length: int
) -> None:
    expected, calls = undisturbed
    outage = Outage(at=1 + calls * part // 9 + part % 5, length=length)
    drive(little, outage)
    assert snapshot(little) == expected
    assert outage.calls >= outage.at + length, "it was away, and came back"


def test_a_database_in_trouble_is_no_verdict_and_no_try(little: Little) -> None:
    """The checked upload has no part in it."""
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    assert list(pipeline.poll(desk)) == [PullSubject(1)]
    before = little.workshop.prepare

    def away(_job: Any) -> Any:
        raise GatewayError("The database is away.", reason="database", transient=True)

    little.workshop.prepare = away  # type: ignore[method-assign]
    answer = pipeline.reconcile_all(desk, [PullSubject(1)])["pull 1"]
    assert (answer.status, answer.reason, answer.transient) == ("failed", "database", True)
    assert not little.github.comments(REPOSITORY, 1)
    little.workshop.prepare = before  # type: ignore[method-assign]
    pipeline.reconcile_all(desk, [PullSubject(1)])
    assert little.github.pulls(REPOSITORY)[0].labels == ("awaiting review",)


@pytest.mark.parametrize("name", ["prepare", "check"])
def test_the_work_sides_database_in_trouble_is_no_verdict_and_no_try(little: Little, name: str) -> None:
    little.publish({"rdf.yaml": rdf("passed"), "weights.onnx": b"weights"})
    desk = little.start()
    list(pipeline.poll(desk))
    real = getattr(little.workshop, name)

    def away(*_: Any) -> Any:
        raise GatewayError("The work database is away.", reason="work-database", transient=True)

    setattr(little.workshop, name, away)
    for _ in range(4):
        answer = pipeline.reconcile_all(desk, [PullSubject(1)])["pull 1"]
        assert (answer.status, answer.reason, answer.transient) == ("failed", "work-database", True)
        little.later(3600)
    assert little.github.comments(REPOSITORY, 1) == []
    setattr(little.workshop, name, real)
    assert pipeline.reconcile_all(desk, [PullSubject(1)])["pull 1"].status == "settled"
    assert little.github.labels(REPOSITORY, 1) == ("awaiting review",)


def test_a_database_in_trouble_is_no_standing_of_a_record(little: Little) -> None:
    record = little.publish({"rdf.yaml": rdf()})
    desk = little.start()

    def away(_job: Any) -> Any:
        raise GatewayError("The database is away.", reason="database", transient=True)

    little.workshop.prepare = away  # type: ignore[method-assign]
    with pytest.raises(GatewayError, match="is away"):
        list(pipeline.poll(desk))
    assert desk.store.get(ROOM, record) is None
    assert desk.store.get("poll", "cursor") is None


# the command line


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[tuple[Little, Callable[..., tuple[int, str]]]]:
    with little_world(tmp_path) as little:
        workshop = FakeWorkshop()
        monkeypatch.setattr(app, "WorkProcess", lambda _environ: workshop)
        environ = {
            "ACCESSION_REPOSITORY": REPOSITORY,
            "ACCESSION_GITHUB_TOKEN": TOKEN,
            "ACCESSION_STATE_KEY": STATE_KEY.decode(),
            "ACCESSION_GITHUB_URL": little.github_url,
            "ACCESSION_ZENODO_URL": little.zenodo.url,
            "ACCESSION_CACHE": str(tmp_path / "cache"),
            "ACCESSION_DATABASE": f"sqlite:///{tmp_path}/db/db.sqlite",
        }

        def run(*words: str, **more: str) -> tuple[int, str]:
            code = main(words, environ | more)
            shown = capsys.readouterr()
            assert "Traceback" not in shown.out + shown.err
            return code, shown.out + shown.err

        yield little, run


DAMAGED = (
    "The database db.sqlite (SQLITE_NOTADB) is damaged: end every accession process, and move it away; it is made anew, and "
    "losing it loses nothing but time. Nothing else needs to be done: what was under way is looked at afresh."
)
COMMANDS = (("poll",), ("status",), ("reconcile", "--all"), ("submit", "1"), ("build",), ("retest",))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_damaged_file_ends_every_command_with_what_to_do(command: Any, words: tuple[str, ...]) -> None:
    little, run = command
    path = little.folder / "db" / "db.sqlite"
    path.parent.mkdir()
    path.write_bytes(b"no database " * 1000)
    assert run(*words) == (
        1,
        f"accession: {DAMAGED}\n",
    )


def test_a_locked_file_and_then_not(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    little, run = command
    path = little.folder / "db" / "db.sqlite"
    monkeypatch.setattr(app, "open_store", lambda _where: SqliteStore(path, patience=0.05))
    little.publish({"rdf.yaml": rdf()})
    assert run("status")[0] == 0
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    code, said = run("poll")
    assert (code, "is locked by another process" in said) == (1, True)
    other.execute("ROLLBACK")
    other.close()
    assert run("poll")[0] == 0
    assert little.github.pulls(REPOSITORY)[0].labels == ("awaiting review",)


def test_a_server_that_is_not_there_and_then_is(command: Any, postgres: str) -> None:
    little, run = command
    little.publish({"rdf.yaml": rdf()})
    away = "postgresql://user:hunter2secret@127.0.0.1:1/db"
    code, said = run("poll", ACCESSION_DATABASE=away)
    assert (code, "cannot be reached: see to it that the server runs" in said) == (1, True)
    assert "hunter2secret" not in said
    assert run("poll", ACCESSION_DATABASE=postgres)[0] == 0
    assert little.github.pulls(REPOSITORY)[0].labels == ("awaiting review",)
    little.approve(1)
    assert run("reconcile", "--all", ACCESSION_DATABASE=postgres)[0] == 0
    assert little.github.pulls(REPOSITORY)[0].merged
    assert not (little.folder / "db").exists()
