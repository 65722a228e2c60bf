"""The work side behind a database: `ports.Workshop` for a service whose workers run elsewhere.

Nobody waits here: a question is written once, under its own name, and `PendingError` is raised until its answer is there.
This side knows the plain tables of `work_tables` alone. It never touches the engine's rows, so there is nothing that an
engine could be made to deserialise: an answer is bytes of a length that the database measured, then strict JSON, then a
schema. The database belongs to the workers, so its word is not relied on: the connection counts too (`guarded_postgres`,
`work_connections`). An answer that is none of these is told as `GatewayError(reason="work-answer")` and forgotten, so that asking again
asks anew; so is trouble that may pass.

A question is for what checks run on as it is asked, and workers on nothing else answer it. Where a newer worker has come,
whoever waits is woken (`answerable`) and asks again, under the name that the question has on the newer one. What was asked
before stays as it is for those whose it was: given to whoever is there, it would be kept as what other images found. They may
come back, as in a deploy that is taken back; if not, it is forgotten with all that nobody asked for in a day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Self

import sqlalchemy as sa

from bot import digests, plain_json
from bot.errors import NO_WORKER, GatewayError, PendingError
from bot.gateways import work_answers, work_look
from bot.gateways.work_columns import bytes_at_most, figure, short
from bot.gateways.work_tables import WorkDatabase, answers, blobs, questions, workers
from bot.records.turn import Turn, turn_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from bot.ports import Json
    from bot.records.backlog import Backlog

ENVELOPE_BYTES = plain_json.MAX_ANSWER_BYTES + 4096
"""An answer of the largest size with its name around it."""
WANTED_SECONDS = 600.0
"""A question that is asked again notes it so often at most: what nobody wants any more is cleaned up."""
DAY = 86_400.0
_BATCH = 200


@dataclass(frozen=True)
class Asked:
    """One question as it is written down; `environment` is empty where the answer is the same on any."""

    name: str
    request: Json
    turn: Turn = field(default_factory=Turn)
    environment: str = ""


class WorkQueue:
    """Safe to be used from several threads and processes at once."""

    def __init__(self, url: str, *, explain: Callable[[Backlog, str], str] = lambda *_: "It is being checked.") -> None:
        """`explain` makes the sentence of a pending question from the backlog and its name."""
        self._database = WorkDatabase(url, guarded=True)
        self._explain = explain

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def prepare(self, job: Json) -> Json:
        """As `ports.Workshop`."""
        return self._asked(job, "submission")

    def check(self, job: Json) -> Json:
        """As `ports.Workshop`."""
        return self._asked(job, "report")

    def blob(self, sha256: str) -> bytes:
        """As `ports.Workshop`: what lies beside an answer that named it, else it is asked for."""
        content = self._blob(work_answers.asked_by_hash(sha256))
        if content is None:
            name = f"blob-{sha256[:40]}"
            self._answer(Asked(name, {"verb": "blob", "sha256": sha256}), lambda answer: answer)
            content = self._blob(sha256)
            if content is None:  # it was laid there once, and cleaned up since
                self._forget(name)
                raise PendingError(name, self._sentence(name))
        return content

    def environment(self) -> str:
        """As `ports.Workshop`: that of the worker that began last among those that live, else of the last one seen."""
        digest = self._digest()
        if not digest:
            message = "No worker has ever been seen in the work database: start `accession work`."
            raise GatewayError(message, reason=NO_WORKER, transient=True)
        return work_answers.environment_of(digest)

    def answerable(self, ids: Collection[str]) -> frozenset[str]:
        """Those of the questions that somebody may still answer: they stand there, for what checks run on now."""
        found: set[str] = set()
        with self._database.begin() as connection:
            environment = self._newest(connection)
            for some in _batches(ids):
                found |= work_look.answerable(connection, some, environment)
        return frozenset(found)

    def finished(self, ids: Collection[str]) -> frozenset[str]:
        """Those of the questions that have an answer."""
        found: set[str] = set()
        with self._database.begin() as connection:
            for some in _batches(ids):
                found |= work_look.finished(connection, some)
        return frozenset(found)

    def took(self, ids: Collection[str]) -> Mapping[str, tuple[str, tuple[str, ...], float]]:
        """Verb, weight formats and seconds of answered questions, as the work side says."""
        columns = (answers.c.id, answers.c.verb, answers.c.weights, answers.c.seconds)
        found = {}
        with self._database.begin() as connection:
            for some in _batches(ids):
                select = sa.select(*(short(column, 256) for column in columns[:3]), figure(columns[3]))
                rows = connection.execute(select.where(answers.c.id.in_(some)).limit(len(some)))
                for row in rows:
                    formats = tuple(filter(None, str(row[2]).split("+")))
                    found[str(row[0])] = (str(row[1]), formats, work_look.number(row[3]))
        return {name: value for name, value in found.items() if name in ids}

    def backlog(self) -> Backlog:
        """What waits and what is under way for what checks run on now."""
        with self._database.begin() as connection:
            return work_look.backlog(self._database, connection, self._newest(connection))

    def clean_up(self, seconds: float = DAY) -> int:
        """Forget answers and blobs so old, and questions that nobody asked for again meanwhile; how many rows went."""
        with self._database.begin() as connection:
            old = self._database.now() - seconds
            gone = (
                sa.delete(answers).where(answers.c.at < old),
                sa.delete(blobs).where(blobs.c.at < old),
                sa.delete(questions).where(questions.c.wanted < old),
                sa.delete(workers).where(workers.c.at < old - 6 * seconds),
            )
            return sum(connection.execute(statement).rowcount for statement in gone)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _asked(self, job: Json, schema: str) -> Json:
        bare = {key: value for key, value in job.items() if key != "turn"}  # so that no worker need know of turns
        request = {"verb": job["verb"], "job": bare}
        environment = self._digest()
        asked = Asked(digests.job_id(job, environment), request, turn_of(job.get("turn")), environment)
        return self._answer(asked, partial(work_answers.checked, schema=schema))

    def _digest(self) -> str:
        with self._database.begin() as connection:
            return self._newest(connection)

    def _newest(self, connection: sa.Connection) -> str:
        """What a worker says it runs on; empty where none was ever seen."""
        alive = work_look.environments(connection, work_look.living(self._database))
        return alive or work_look.environments(connection, None)

    def _answer(self, asked: Asked, check: Callable[[Json], Json]) -> Json:
        """The answer to a question; raises `PendingError` where there is none yet, having seen to it that it is asked."""
        name = asked.name
        with self._database.begin() as connection:
            body = bytes_at_most(answers.c.body, ENVELOPE_BYTES)
            row = connection.execute(sa.select(body).where(answers.c.id == name).limit(1)).first()
            if row is None:
                self._ask(connection, asked)
        if row is None:
            raise PendingError(name, self._sentence(name))
        try:
            return check(_opened(name, row[0]))
        except GatewayError as error:
            if error.transient or error.reason == "work-answer":
                self._forget(name)
            raise

    def _ask(self, connection: sa.Connection, asked: Asked) -> None:
        now = self._database.now()
        name, mine = asked.name, questions.c.id == asked.name
        wanted = sa.update(questions).where(mine, questions.c.wanted < now - WANTED_SECONDS).values(wanted=now)
        there = connection.execute(sa.select(sa.literal(1)).where(mine)).first()
        if there:
            connection.execute(wanted)
            return
        values = {
            "id": name,
            "verb": asked.request["verb"],
            "request": plain_json.dumps(asked.request).encode(),
            "contributor": asked.turn.contributor,
            "kind": asked.turn.kind,
            "weights": "+".join(sorted(asked.turn.weights)),
            "asked": now,
            "wanted": now,
            "came": work_look.given(connection),
            "environment": asked.environment or None,
        }
        self._database.insert(connection, questions, values)
        answered = connection.execute(sa.select(sa.literal(1)).where(answers.c.id == name)).first()
        if answered:  # a worker was faster: it has taken the question away already
            connection.execute(sa.delete(questions).where(mine))

    def _sentence(self, name: str) -> str:
        return self._explain(self.backlog(), name)

    def _blob(self, sha256: str) -> bytes | None:
        with self._database.begin() as connection:
            content = bytes_at_most(blobs.c.content, work_answers.BLOB_BYTES)
            row = connection.execute(sa.select(content).where(blobs.c.sha256 == sha256).limit(1)).first()
        if row is None:
            return None
        try:
            if not isinstance(row[0], bytes):
                raise work_answers.strange("laid a blob here that is none, or is too large")
            return work_answers.matching(row[0], sha256)
        except GatewayError:
            with self._database.begin() as connection:
                connection.execute(sa.delete(blobs).where(blobs.c.sha256 == sha256))
            raise

    def _forget(self, name: str) -> None:
        with self._database.begin() as connection:
            connection.execute(sa.delete(answers).where(answers.c.id == name))
            connection.execute(sa.delete(questions).where(questions.c.id == name))


def _batches(ids: Collection[str]) -> Iterator[list[str]]:
    """A statement takes so many names at a time."""
    names = sorted(ids)
    return (names[start : start + _BATCH] for start in range(0, len(names), _BATCH))


def _opened(name: str, body: object) -> Json:
    """The answer in `{"id", "answer" | "error"}`; the name says whose it is, so that rows cannot be mixed up."""
    if not isinstance(body, bytes):
        raise work_answers.strange("sent an answer that is too large, or is none")
    try:
        reply = plain_json.loads(body, limit=ENVELOPE_BYTES)
    except plain_json.NotPlainError as error:
        raise work_answers.strange(f"sent an answer that is {error}") from None
    if not isinstance(reply, dict) or reply.get("id") != name:
        raise work_answers.strange("sent the answer to another question")
    return work_answers.reply_of(reply)
