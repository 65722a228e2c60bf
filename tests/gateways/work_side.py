"""A work database on SQLite or PostgreSQL, and a worker in this process that answers when it is told to."""

from __future__ import annotations

import base64
from functools import partial

import pytest
import sqlalchemy as sa

from bot.errors import GatewayError
from bot.gateways import work_answering
from bot.gateways.work_hand import Hand
from bot.gateways.work_queue import WorkQueue
from bot.gateways.work_tables import WorkDatabase, questions
from tests.fakes.work_nodes import Nodes
from tests.fakes.workshop import FakeWorkshop
from tests.journeys.conftest import rdf


class Worker:
    """Answers what is open; `workshop` is what it answers with."""

    def __init__(self, url):
        self.database = WorkDatabase(url)
        self.workshop = FakeWorkshop()
        self.asked = []

    def work(self):
        """It runs on whatever it is asked for."""
        select = sa.select(questions.c.id, questions.c.environment).order_by(questions.c.asked)
        with self.database.begin() as connection:
            rows = connection.execute(select).fetchall()
        for name, environment in rows:
            on = partial(str, environment)
            assert work_answering.answer_question(self.database, name, self.reply, on, Hand()) is None
        return len(rows)

    def reply(self, request):
        self.asked.append(request)
        try:
            if request["verb"] == "blob":
                return {"answer": {"base64": base64.b64encode(self.workshop.blob(request["sha256"])).decode()}}
            return {"answer": getattr(self.workshop, request["verb"])(request["job"])}
        except GatewayError as error:
            return work_answering.error(error.message, error.reason, transient=error.transient)

    def write(self, table, **values):
        """A row as a hostile hand writes it."""
        with self.database.begin() as connection:
            self.database.upsert(connection, table, values)


def job(verb="prepare", verdict="passed", **more):
    policy = {
        "limits": {},
        "types": [],
        "minimum_format_version": {},
        "tolerance": {"relative_ceiling": 0, "mismatch_ppm_ceiling": 0},
    }
    return {
        "schema": "accession/job/1",
        "verb": verb,
        "source": {"archive": "none", "concept": "", "record": "", "files": []},
        "rdf_override": base64.b64encode(rdf(verdict)).decode(),
        "policy": policy,
    } | more


@pytest.fixture(params=["sqlite", "postgres"])
def work_url(request, tmp_path):
    return f"sqlite:///{tmp_path}/work.sqlite" if request.param == "sqlite" else request.getfixturevalue(request.param)


@pytest.fixture
def nodes(tmp_path, work_url):
    made = Nodes(tmp_path, work_url)
    yield made
    made.close()


@pytest.fixture
def queue(work_url):
    with WorkQueue(work_url) as made:
        yield made


@pytest.fixture
def worker(work_url):
    made = Worker(work_url)
    yield made
    made.database.close()
