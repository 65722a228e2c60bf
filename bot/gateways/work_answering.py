"""One question on the worker: read it, have it answered, lay the answer and the blobs that it names into the database."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from bot import plain_json
from bot.errors import GatewayError
from bot.gateways import work_answers
from bot.gateways.work_tables import answers, blobs, questions, short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.gateways.work_tables import WorkDatabase
    from bot.ports import Json

log = structlog.get_logger(__name__)
REQUEST_BYTES = 8 * 1024**2
KILLED = "The check ended its worker {} times, so it is not tried again by itself. That is ours to look into: see the worker's log."
FAILED = "The work side failed unexpectedly; its log says how."


def answer_question(database: WorkDatabase, name: str, reply: Callable[[Json], Json]) -> None:
    """Answer it, whatever happens; a question that is gone was answered by another worker, or is wanted no more.

    `reply` gives `{"answer"}` or `{"error"}` to a request and raises nothing.
    """
    request = _request(database, name)
    if request is None:
        return
    began = time.monotonic()
    said = error("The question cannot be read.", "bad-request") if request == {} else reply(request)
    took = time.monotonic() - began
    if request.get("verb") == "blob" and "answer" in said:
        lay_blob(database, work_answers.decoded(said["answer"]))
        said = {"answer": {}}
    for sha256 in _named(said.get("answer")):
        _lay(database, sha256, reply)
    lay_answer(database, name, said, seconds=took)


def error(message: str, reason: str, *, transient: bool = False) -> Json:
    """A reply that tells trouble."""
    return {"error": {"message": message, "reason": reason, "transient": transient}}


def lay_answer(database: WorkDatabase, name: str, said: Json, *, seconds: float = 0.0) -> None:
    """The answer stands and the question is gone, in one step; who was first is right."""
    body = plain_json.dumps({"id": name} | said).encode()
    with database.begin() as connection:
        asked = sa.select(short(questions.c.verb, 16), short(questions.c.weights, 1024)).where(questions.c.id == name)
        row = connection.execute(asked).first()
        if row is None:
            return
        formats = _formats(said.get("answer")) or str(row[1])
        values = {"id": name, "body": body, "verb": row[0], "weights": formats, "seconds": seconds}
        database.insert(connection, answers, values | {"at": database.now()})
        connection.execute(sa.delete(questions).where(questions.c.id == name))


def lay_blob(database: WorkDatabase, content: bytes) -> None:
    """Keep a blob beside the answers."""
    values = {"sha256": hashlib.sha256(content).hexdigest(), "content": content, "at": database.now()}
    with database.begin() as connection:
        database.upsert(connection, blobs, values)


def _request(database: WorkDatabase, name: str) -> Json | None:
    """The request, empty where it is none."""
    with database.begin() as connection:
        column = database.bytes_at_most(questions.c.request, REQUEST_BYTES)
        row = connection.execute(sa.select(column).where(questions.c.id == name).limit(1)).first()
    if row is None:
        return None
    body: object = row[0]
    try:
        request = plain_json.loads(body, limit=REQUEST_BYTES) if isinstance(body, bytes) else {}
    except plain_json.NotPlainError:
        return {}
    return request if isinstance(request, dict) and isinstance(request.get("verb"), str) else {}


def _named(answer: Any) -> Iterator[str]:
    """Blobs that the key-holding side will want: rdf.yaml of a description, pictures of a report."""
    if not isinstance(answer, dict):
        return
    if answer.get("rdf"):
        yield answer["rdf"]["sha256"]
    for weights in answer.get("weights", ()):
        yield from (picture["sha256"] for picture in weights.get("pictures", ()))


def _lay(database: WorkDatabase, sha256: str, reply: Callable[[Json], Json]) -> None:
    """Where it cannot be had, it is asked for by its own question later, which says why."""
    said = reply({"verb": "blob", "sha256": sha256})
    try:
        lay_blob(database, work_answers.decoded(work_answers.reply_of(said)))
    except GatewayError as problem:
        log.warning("blob_not_laid", sha256=sha256, reason=problem.reason)


def _formats(answer: Any) -> str:
    """The weight formats that a report speaks of."""
    weights = answer.get("weights", ()) if isinstance(answer, dict) else ()
    return "+".join(sorted({str(one.get("format")) for one in weights}))[:1024]
