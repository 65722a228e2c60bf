"""The world's own webhooks, over HTTP through the real door into the pipeline: nothing is polled, nothing is swept."""

from __future__ import annotations

import queue
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import requests

from bot.records.event import CollectionSubject, PullSubject, RecordSubject
from bot.serving.app import Door, Readiness, build
from bot.serving.buffer import Buffer
from bot.serving.run import serving
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import REPOSITORY, rdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.corridor.desk import Desk
    from bot.records.event import Hint, Subject
    from tests.journeys.conftest import Little

SECRET, NOTICE = "whisper-loudly", "token-of-an-upload-page"


@dataclass
class Service:
    """The door, the buffer and an engine that is run by hand."""

    little: Little
    desk: Desk
    buffer: Buffer
    arrived: queue.SimpleQueue[tuple[Subject, Hint]]
    engine: FakeEngine
    url: str

    def settle(self) -> list[str]:
        """Everything that is told is looked at, and what that leads to, until nothing is told any more; the subjects."""
        looked: list[str] = []
        while True:
            self.little.github.drain_webhooks()
            while self.buffer.depth:
                time.sleep(0.002)
            while not self.arrived.empty():
                self.engine.tell(*self.arrived.get())
            if not self.engine.due:
                return looked
            for subject, answer in self.engine.drain(self.desk):
                assert not answer.failed, answer
                looked.append(str(subject))

    def notice(self, record: str) -> requests.Response:
        return requests.post(
            f"{self.url}/uploads", json={"record": record}, headers={"Authorization": f"Bearer {NOTICE}"}, timeout=20
        )


@contextmanager
def service_at(little: Little, desk: Desk | None = None) -> Iterator[Service]:
    desk, arrived = desk or little.start(), queue.SimpleQueue()
    buffer = Buffer(lambda subject, hint: arrived.put((subject, hint)))
    viewer = desk.github.viewer().user.id
    door = Door(
        repository=REPOSITORY,
        secrets=(SECRET.encode(),),
        notice_tokens=(NOTICE.encode(),),
        tell=buffer.tell,
        standings=dict,
        ready=Readiness,
        viewer=lambda: viewer,
    )
    buffer.start()
    with serving(build(door), "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}"
        little.github.add_webhook(REPOSITORY, f"{url}/webhook", SECRET)
        yield Service(little, desk, buffer, arrived, FakeEngine(), url)
        little.github.drain_webhooks()
    assert buffer.close() == 0


@pytest.fixture
def service(little: Little) -> Iterator[Service]:
    with service_at(little) as found:
        yield found


def test_from_a_notice_to_the_merge(service: Service) -> None:
    """The archive's search lags behind; the record is found by its number all the same."""
    little = service.little
    little.zenodo.index_lag = 3600
    record = little.publish({"rdf.yaml": rdf()})
    assert service.notice(record).status_code == 202
    assert service.settle()[:2] == [str(RecordSubject(record)), str(PullSubject(1))]
    assert "All checks passed" in little.report(1)
    little.approve(1)
    looked = service.settle()
    assert looked[0] == str(PullSubject(1))
    assert str(CollectionSubject()) in looked
    assert little.github.pulls(REPOSITORY)[0].merged
    assert little.github.file(REPOSITORY, "collection/collection.json") is not None


def test_every_delivery_was_answered_202(service: Service) -> None:
    service.notice(service.little.publish({"rdf.yaml": rdf("failed")}))
    service.settle()
    service.little.github.comment(REPOSITORY, 1, login="ada", body="Why?")
    service.settle()
    deliveries = service.little.github.deliveries(REPOSITORY)
    assert {delivery.status_code for delivery in deliveries} == {202}
    assert {"push", "pull_request", "issue_comment"} <= {delivery.event for delivery in deliveries}


def test_a_command_is_answered_by_its_event_alone(service: Service) -> None:
    little = service.little
    service.notice(little.publish({"rdf.yaml": rdf("failed")}))
    service.settle()
    checks = little.workshop.checks
    little.later()
    little.github.comment(REPOSITORY, 1, login="curator", body="/accession recheck")
    assert str(PullSubject(1)) in service.settle()
    assert little.workshop.checks == checks + 1


def test_a_redelivery_is_looked_at_and_changes_nothing(service: Service) -> None:
    little = service.little
    service.notice(little.publish({"rdf.yaml": rdf()}))
    service.settle()
    world = [(comment.id, comment.body) for comment in little.github.comments(REPOSITORY, 1)]
    writes = len(little.github.writes)
    opened = next(d for d in little.github.deliveries(REPOSITORY) if (d.event, d.action) == ("pull_request", "opened"))
    for _ in range(3):
        little.github.hookshot.redeliver(opened)
    assert str(PullSubject(1)) in service.settle()
    assert [(comment.id, comment.body) for comment in little.github.comments(REPOSITORY, 1)] == world
    assert len(little.github.writes) == writes


def test_doubled_and_shuffled_deliveries_end_in_the_same_world(service: Service) -> None:
    little = service.little
    little.github.faults.double_webhooks, little.github.faults.shuffle_webhooks = 0.5, True
    service.notice(little.publish({"rdf.yaml": rdf()}))
    service.settle()
    little.approve(1)
    while little.github.flush_webhooks():
        service.settle()
    assert little.github.pulls(REPOSITORY)[0].merged
    assert "merged" in little.github.labels(REPOSITORY, 1)
    assert little.report(1)


def test_our_own_writes_do_not_keep_us_busy(service: Service) -> None:
    service.notice(service.little.publish({"rdf.yaml": rdf()}))
    looked = service.settle()
    assert looked.count(str(PullSubject(1))) <= 3
    deliveries = service.little.github.deliveries(REPOSITORY)
    assert len([delivery for delivery in deliveries if '"own-echo"' in delivery.response]) >= 2


def test_who_does_not_know_the_secret_changes_nothing(service: Service) -> None:
    service.little.github.add_webhook(REPOSITORY, f"{service.url}/webhook", "another secret")
    service.little.github.drain_webhooks()
    service.little.github.commit_files(REPOSITORY, "main", {"collection/accession.yaml": "name: x\n"}, author="zoo")
    service.little.github.drain_webhooks()
    pushes = [delivery for delivery in service.little.github.deliveries(REPOSITORY) if delivery.event == "push"]
    assert sorted(delivery.status_code for delivery in pushes) == [202, 401]
