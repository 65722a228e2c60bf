"""One question on the worker: read it, have it answered, lay the answer and the blobs that it names into the database.

Or leave it to others: what was asked for another environment than this worker runs on as it begins and as it ends (images
may be replaced under a running worker), and a blob that is not here.
"""

from __future__ import annotations

import hashlib
import time
from enum import Enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from bot import plain_json
from bot.errors import GatewayError
from bot.gateways import work_answers
from bot.gateways.work_columns import bytes_at_most, short
from bot.gateways.work_tables import answers, blobs, questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.gateways.work_hand import Hand
    from bot.gateways.work_tables import WorkDatabase
    from bot.ports import Json

log = structlog.get_logger(__name__)
REQUEST_BYTES = 8 * 1024**2
KILLED = "The check ended its worker {} times, so it is not tried again by itself. That is ours to look into: see the worker's log."
FAILED = "The work side failed unexpectedly; its log says how."
GONE = "blob-gone"
"""Why a worker does not hand out what another one may have."""
NOWHERE = "No worker that lives has these bytes."


class Left(Enum):
    """To whom a question is left that this worker does not answer."""

    ELSEWHERE = "workers on the environment that it is for"
    DECLINED = "workers that may have these bytes"


def answer_question(
    database: WorkDatabase, name: str, reply: Callable[[Json], Json], environment: Callable[[], str], hand: Hand
) -> Left | None:
    """Answer it, or say to whom it is left; a question that is gone was answered by another worker, or is wanted no more.

    `reply` gives `{"answer"}` or `{"error"}` to a request, `environment` what checks run on here now; both raise nothing. Raises as
    `Hand.do`, in which all that touches the database is done.
    """
    request, wanted = hand.do(lambda: _request(database, name))
    if request is None:
        return None
    if wanted not in {"", environment()}:
        return Left.ELSEWHERE
    began = time.monotonic()
    said = error("The question cannot be read.", "bad-request") if request == {} else reply(request)
    took = time.monotonic() - began
    if wanted not in {"", environment()}:
        return Left.ELSEWHERE
    if request.get("verb") == "blob":
        if said.get("error", {}).get("reason") == GONE:
            return Left.DECLINED
        said = _laid(database, said, hand)
    for sha256 in _named(said.get("answer")):
        _lay(database, sha256, reply, hand)
    hand.do(lambda: lay_answer(database, name, said, seconds=took))
    return None


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


def _request(database: WorkDatabase, name: str) -> tuple[Json | None, str]:
    """The request, empty where it is none, None where nobody asks; and the environment it is for, empty where any will do."""
    with database.begin() as connection:
        column = bytes_at_most(questions.c.request, REQUEST_BYTES)
        select = sa.select(column, short(questions.c.environment, 65)).where(questions.c.id == name)
        row = connection.execute(select.limit(1)).first()
    if row is None:
        return None, ""
    body: object = row[0]
    try:
        request = plain_json.loads(body, limit=REQUEST_BYTES) if isinstance(body, bytes) else {}
    except plain_json.NotPlainError:
        request = {}
    good = isinstance(request, dict) and isinstance(request.get("verb"), str)
    return request if good else {}, row[1] or ""


def _laid(database: WorkDatabase, said: Json, hand: Hand) -> Json:
    """A blob goes beside the answers, and its answer is empty."""
    if "answer" not in said:
        return said
    content = work_answers.decoded(said["answer"])
    hand.do(lambda: lay_blob(database, content))
    return {"answer": {}}


def _named(answer: Any) -> Iterator[str]:
    """Blobs that the key-holding side will want: rdf.yaml of a description, pictures of a report, small tensors that differ.

    They are laid down now because only this worker is known to have them.
    """
    if not isinstance(answer, dict):
        return
    if answer.get("rdf"):
        yield answer["rdf"]["sha256"]
    for weights in answer.get("weights", ()):
        yield from (picture["sha256"] for picture in weights.get("pictures", ()))
        artefact = weights.get("artefact")
        if artefact and artefact["size"] <= work_answers.BLOB_BYTES and weights["reproduces"]["outcome"] == "failed":
            yield artefact["sha256"]


def _lay(database: WorkDatabase, sha256: str, reply: Callable[[Json], Json], hand: Hand) -> None:
    """Where it cannot be had, it is asked for by its own question later, which says why."""
    said = reply({"verb": "blob", "sha256": sha256})
    try:
        content = work_answers.decoded(work_answers.reply_of(said))
    except GatewayError as problem:
        log.warning("blob_not_laid", sha256=sha256, reason=problem.reason)
    else:
        hand.do(lambda: lay_blob(database, content))


def _formats(answer: Any) -> str:
    """The weight formats that a report speaks of."""
    weights = answer.get("weights", ()) if isinstance(answer, dict) else ()
    return "+".join(sorted({str(one.get("format")) for one in weights}))[:1024]
