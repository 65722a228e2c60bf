"""One step of the weekly retest in the service: ask what may be asked, take what was answered, finish when nothing is open.

Nobody waits here. Each open question is written into room `asked` under `chore retest`, and its answer names the chore again.
At most `OPEN` questions are open at a time, so that a large collection does not fill the queue. Results are kept as they
come; what was asked and tried is in room `retest-asked`, and losing it asks again what the work side answers from its shelf.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.corridor import posting
from bot.corridor.check_pull import PAUSES
from bot.corridor.open_questions import ask
from bot.corridor.retest import finished, job, keep, plan
from bot.corridor.retest_rounds import anew
from bot.corridor.write_retest import write_retest
from bot.errors import DATABASES, GatewayError, PendingError
from bot.records.event import ChoreSubject
from bot.records.verdict import report
from bot.retesting.row import as_json, from_json, gone, row, unknown
from bot.review.decision import MOST_ATTEMPTS
from bot.words import reminding as words

if TYPE_CHECKING:
    from collections.abc import Generator

    from bot.corridor.desk import Desk
    from bot.corridor.retest import Plan
    from bot.ports import Json
    from bot.records.event import Subject
    from bot.retesting.accepted import Accepted
    from bot.retesting.result import Result
    from bot.retesting.row import Row

ROOM = "retest-asked"
MAILS = "retest-mails"
OPEN = 32
_SUBJECT = ChoreSubject("retest")
_LINES = 20

log = structlog.get_logger()


def retest_step(desk: Desk) -> Generator[Subject, None, datetime | None]:
    """Names nobody; returns when to step again where something is tried anew after a pause, None where an answer does that."""
    again = _step(desk)
    mails = [posting.post(desk, MAILS, name) for name in desk.store.items(MAILS)]
    yield from ()
    return min(filter(None, (again, *mails)), default=None)


def _step(desk: Desk) -> datetime | None:
    planned = plan(desk, (), all_versions=False)
    if not planned.due and planned.unfinished is None:
        return None
    if planned.abandoned:
        _forget(desk)
    planned.memory.begin((planned.unfinished or desk.clock.now()).isoformat())
    rows: list[Row] = []
    moments: list[datetime] = []
    still = 0
    for version in planned.due:
        if still >= OPEN:
            break
        found = _asked(desk, planned, version)
        if found is None:
            still += 1
        elif isinstance(found, datetime):
            moments.append(found)
        else:
            rows.append(found)
    if len(rows) < len(planned.due):
        return min(moments, default=None)
    _finish(desk, planned, rows)
    return None


def _asked(desk: Desk, planned: Plan, version: Accepted) -> Row | datetime | None:
    """What was found; when to try again; None while the work side has not answered."""
    mine = desk.store.get(ROOM, version.place) or {}
    if mine.get("key") != version.key(planned.memory.environment, planned.memory.policy):
        mine = {"key": version.key(planned.memory.environment, planned.memory.policy), "tries": 0, "job": None}
    if "row" in mine:
        return from_json(mine["row"])
    again = datetime.fromisoformat(mine["again"]) if mine.get("again") else None
    if again and desk.clock.now() < again <= desk.clock.now() + PAUSES[-1]:
        return again
    return _answered(desk, planned, version, mine)


def _answered(desk: Desk, planned: Plan, version: Accepted, mine: Json) -> Row | datetime | None:
    """The job is kept while its question is open, so that the archive is asked once for each."""
    passing = True
    try:
        made = mine["job"] or job(desk, planned, version, lambda rdf: desk.github.blob(rdf.sha))
        found = (
            gone(version) if made is None else row(version, report(desk.workshop.check(anew(made, mine["tries"]))), 0.0)
        )
    except PendingError as pending:
        desk.store.put(ROOM, version.place, {**mine, "job": made})
        ask(desk.store, pending.job, _SUBJECT)
        return None
    except GatewayError as error:
        if error.reason in DATABASES:
            raise
        found, passing = unknown(version, error.message, 0.0), error.transient
    return _judged(desk, planned, version, {**mine, "job": None}, found, passing=passing)


def _judged(
    desk: Desk, planned: Plan, version: Accepted, mine: Json, found: Row, *, passing: bool
) -> Row | datetime | None:
    tries = mine["tries"] + 1
    errored = any(cell.level == "errored" for cell in found.cells)
    if errored and passing and tries < MOST_ATTEMPTS:
        again = desk.clock.now() + PAUSES[min(tries, len(PAUSES)) - 1]
        desk.store.put(ROOM, version.place, {**mine, "tries": tries, "again": again.isoformat()})
        return again
    kept = keep(planned.memory, version, found)
    desk.store.put(ROOM, version.place, {**mine, "tries": tries, "row": as_json(kept)})
    return kept


def _finish(desk: Desk, planned: Plan, rows: list[Row]) -> None:
    """The files, the mail, and the note that it is over last of all: killed in between, all of it is done once more."""
    began = planned.unfinished or desk.clock.now()
    found = finished(desk, planned, [*planned.known, *rows], asked=len(desk.store.items(ROOM)))
    if desk.shelf is not None:
        desk.shelf.mkdir(parents=True, exist_ok=True)
        write_retest(desk.shelf, found)
    _tell(desk, planned, found, began)
    planned.memory.end()
    _forget(desk)
    log.info("retest_finished", asked=found.asked, counts=found.counts)


def _forget(desk: Desk) -> None:
    for place in desk.store.items(ROOM):
        desk.store.drop(ROOM, place)


def _tell(desk: Desk, planned: Plan, found: Result, began: datetime) -> None:
    """One mail when something became worse, under a name that follows from the run; what cannot be sent now is left to later steps."""
    worse = [one for one in found.rows if one.state == "worse"]
    if not worse:
        return
    lines = [f"{one.id} {one.version}: {one.worst.column} {one.worst.words}" for one in worse]
    text = words.retest_text(found.words, lines[:_LINES], max(0, len(lines) - _LINES))
    key = f"{desk.repository}.retest.{found.environment[:12]}.{began:%Y%m%d%H%M%S}".replace("/", ".")
    if desk.store.get(MAILS, key) is None:
        letter = {
            "title": words.retest_title(len(worse)),
            "text": text,
            "to": list(planned.policy.mails),
            "sent": False,
        }
        desk.store.put(MAILS, key, {"at": desk.now().isoformat(), **letter})
    posting.post(desk, MAILS, key)
