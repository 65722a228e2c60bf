"""The whole story: one function per subject. Events only name a subject; each run observes afresh, decides, and acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.corridor import outbox, waits
from bot.corridor.act_pull import act
from bot.corridor.clean_up import clean_up
from bot.corridor.observe_pull import base_policy, observe_pull
from bot.corridor.reconcile_collection import reconcile_collection
from bot.corridor.reconcile_record import ASKED, ROOM, Standing, reconcile_record
from bot.corridor.remind_people import remind_people
from bot.corridor.retest_step import retest_step
from bot.errors import AccessionError, GatewayError, PendingError
from bot.ports import NO_HINT
from bot.records.answer import Answer
from bot.records.decision import RebuildCollection, Wait
from bot.records.event import ChoreSubject, CollectionSubject, Hint, PullSubject, RecordSubject, Subject
from bot.records.stage import Stage
from bot.review.decision import decide_pull
from bot.words.text import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bot.corridor.desk import Desk
    from bot.ports import Engine
    from bot.records.answer import Status
    from bot.records.decision import Action

_ROUNDS = 12
"""Looks at one pull request in one run: far more than any road needs, so that a loop shows instead of spinning."""

_FINAL = frozenset(stage.value for stage in Stage if stage.final)
"""A hint where not to look again after the local database was lost; never taken for state."""

_STALE = ("collection", "stale")
"""Room and key that say that something was merged since the collection was published; without it the sweep looks anyway."""

_OVERLAP = timedelta(days=1)

log = structlog.get_logger()


def reconcile(desk: Desk, subject: Subject, *, asked: bool = False) -> Answer:
    """Bring one subject to where it should be; the answer says what it waits for now."""
    with structlog.contextvars.bound_contextvars(subject=str(subject)):
        try:
            return _reconcile(desk, subject, asked=asked)
        except PendingError as pending:
            desk.store.put(ASKED, pending.job, {"subject": str(subject)})
            return Answer(pending.message, "pending")


def _reconcile(desk: Desk, subject: Subject, *, asked: bool) -> Answer:
    match subject:
        case PullSubject(number):
            return _reconcile_pull(desk, number)
        case RecordSubject(record):
            return _answer(_reconcile_record_id(desk, record, asked=asked))
        case CollectionSubject():
            commit = reconcile_collection(desk)
            desk.store.drop(*_STALE)
            return Answer(commit or "unchanged")
        case ChoreSubject(name):
            raise ValueError(f"the chore {name} names subjects, and is none to bring anywhere")


def _answer(standing: Standing) -> Answer:
    status: Status = "pending" if standing.status == "waiting" else "settled"
    return Answer(standing.message or standing.status, status)


def _reconcile_pull(desk: Desk, number: int) -> Answer:
    before: tuple[Action, ...] = ()
    for _ in range(_ROUNDS):
        facts = observe_pull(desk, number)
        if facts is None:
            return Answer("touches no entry")
        outbox.deliver(desk, facts)
        actions = decide_pull(facts)
        if actions == before:
            return Answer("GitHub does not show yet what was written; looked at again by the next round", "unseen")
        log.info("pull_decided", stage=sorted(facts.pull.labels), actions=[type(action).__name__ for action in actions])
        for action in actions:
            if isinstance(action, RebuildCollection):
                desk.store.put(*_STALE, {})
            else:
                act(action, desk, facts)
        if all(isinstance(action, Wait) for action in actions):
            found = [action for action in actions if isinstance(action, Wait)]
            if not found:
                return Answer()
            waits.keep(desk, facts, found[0])
            return Answer(found[0].reason, until=found[0].until)
        before = actions
    raise GatewayError(
        f"Pull request {number} did not settle in {_ROUNDS} looks.", reason="no-fixpoint", transient=True
    )


def _reconcile_record_id(desk: Desk, record: str, *, asked: bool) -> Standing:
    upload = desk.archive.upload(record)
    if upload is None:
        desk.store.drop(ROOM, record)
        return Standing("refused", "no-record", f"The archive has no record {record}.")
    return reconcile_record(desk, upload, asked=asked)


def poll(desk: Desk) -> Iterator[Subject]:
    """Look for new and changed uploads; yields each pull request as soon as it is opened, so that its report comes first.

    The cursor moves only over a complete listing, and never into the future; with a day's overlap, so that a late index loses nothing. What was held
    or errored is looked at again each time.
    """
    policy = base_policy(desk)
    cursor = desk.store.get("poll", "cursor")
    since = datetime.fromisoformat(cursor["updated"]) - _OVERLAP if cursor else None
    newest, complete = since, False
    seen: set[str] = set()
    for page in desk.archive.changed(policy.keywords, since):
        complete = page.complete
        for problem in page.unreadable:
            log.error("record_unreadable", problem=problem)
        for upload in sorted(page.uploads, key=lambda u: u.updated):
            seen.add(upload.record)
            newest = max(newest, upload.updated) if newest else upload.updated
            yield from _opened(reconcile_record(desk, upload))
    for record, asked in _again(desk, seen):
        try:
            standing = _reconcile_record_id(desk, record, asked=asked)
        except AccessionError as error:
            log.warning("record_failed", record=record, reason=error.reason, message=error.message)
        else:
            yield from _opened(standing)
    desk.store.put("poll", "listing", {"complete": complete, "at": desk.clock.now().isoformat()})
    if complete and newest:
        desk.store.put("poll", "cursor", {"updated": min(newest, desk.now()).isoformat()})
    elif not complete:
        log.warning("listing_incomplete", since=since.isoformat() if since else None)


def _opened(standing: Standing) -> Iterator[Subject]:
    if standing.pull and standing.status == "proposed":
        yield PullSubject(standing.pull)


def _again(desk: Desk, seen: set[str]) -> Iterator[tuple[str, bool]]:
    """Records that were held or errored, and whether somebody had named them (then no keyword is asked for)."""
    rows = desk.store.items(ROOM).items()
    waiting = {record: row for record, row in rows if row["status"] in {"held", "errored"}}
    return ((record, bool(row["asked"])) for record, row in waiting.items() if record not in seen)


def sweep(desk: Desk) -> list[Subject]:
    """Every open pull request, those closed since we last spoke on them, and the collection: heals what no event told."""
    pulls = desk.github.pulls(state="all" if desk.store.get("sweep", "seen") is None else "open")
    for pull in pulls:
        if pull.state == "open" or not pull.labels & _FINAL:
            desk.store.put("open", str(pull.number), {})
    desk.store.put("sweep", "seen", {})
    subjects: list[Subject] = [PullSubject(int(number)) for number in desk.store.items("open")]
    return [*sorted(subjects, key=str), CollectionSubject()]


def reconcile_all(desk: Desk, subjects: Iterable[Subject]) -> dict[str, Answer]:
    """Each subject in turn; one that fails never stops the others."""
    return {str(subject): _reconciled(desk, subject) for subject in _and_the_collection(desk, subjects)}


def _reconciled(desk: Desk, subject: Subject, *, asked: bool = False) -> Answer:
    try:
        answer = reconcile(desk, subject, asked=asked)
        _settle(desk, subject)
    except AccessionError as error:
        log.warning("reconcile_failed", failed=str(subject), reason=error.reason, message=error.message)
        transient = isinstance(error, GatewayError) and error.transient
        return Answer(error.message, "failed", reason=error.reason, transient=transient)
    return answer


def run(desk: Desk, engine: Engine, subject: Subject, hint: Hint = NO_HINT) -> Answer:
    """One look at a subject by the service: whatever it leads to is told to the engine, and nothing is waited for."""
    if isinstance(subject, ChoreSubject):
        return _chore(desk, engine, subject)
    answer = _reconciled(desk, subject, asked=hint.asked)
    for following in _following(desk, subject):
        engine.tell(following)
    return answer


def _chore(desk: Desk, engine: Engine, subject: ChoreSubject) -> Answer:
    named: list[Subject] = []
    try:
        until = _tell_all(engine, iter(CHORES[subject.name](desk)), named)
    except PendingError as pending:
        desk.store.put(ASKED, pending.job, {"subject": str(subject)})
        return Answer(pending.message, "pending")
    except AccessionError as error:
        log.warning("chore_failed", chore=subject.name, reason=error.reason, message=error.message)
        transient = isinstance(error, GatewayError) and error.transient
        return Answer(error.message, "failed", reason=error.reason, transient=transient)
    return Answer(f"named {count(len(named), 'subject')}", until=until)


def _tell_all(engine: Engine, found: Iterator[Subject], named: list[Subject]) -> datetime | None:
    """Tell each as it is found; what the chore returns is when it wants to be looked at again."""
    while True:
        try:
            subject = next(found)
        except StopIteration as end:
            return end.value if isinstance(end.value, datetime) else None
        engine.tell(subject)
        named.append(subject)


def _following(desk: Desk, subject: Subject) -> Iterator[Subject]:
    """What a look at a subject leads to: a record's pull request, and the collection once something was merged."""
    if isinstance(subject, RecordSubject):
        yield from proposed(desk, subject.record)
    if not isinstance(subject, CollectionSubject) and desk.store.get(*_STALE) is not None:
        yield CollectionSubject()


def _and_the_collection(desk: Desk, subjects: Iterable[Subject]) -> Iterator[Subject]:
    """The subjects, then the collection once, however many merges made it stale."""
    yield from subjects
    if desk.store.get(*_STALE) is not None:
        yield CollectionSubject()


def _settle(desk: Desk, subject: Subject) -> None:
    """A pull request that is closed and was brought to its end, mails included, needs no further sweep."""
    if isinstance(subject, PullSubject) and desk.github.pull(subject.number).state == "closed":
        if outbox.unsent(desk, subject.number):
            desk.store.put("open", str(subject.number), {})
            return
        for room in ("open", waits.ROOM):
            desk.store.drop(room, str(subject.number))


def round_trip(desk: Desk) -> None:
    """One round of the service: poll, then sweep; trouble with one door is logged and the next round tries again."""
    steps: tuple[Callable[[Desk], Iterable[Subject]], ...] = (poll, sweep)
    for step in steps:
        try:
            reconcile_all(desk, step(desk))
        except AccessionError as error:
            log.warning("round_failed", step=step.__name__, reason=error.reason, message=error.message)


def proposed(desk: Desk, record: str) -> list[Subject]:
    """The pull request of a record that was just taken in."""
    row = desk.store.get(ROOM, record)
    return [PullSubject(row["pull"])] if row and row["pull"] else []


CHORES: Mapping[str, Callable[[Desk], Iterable[Subject]]] = {
    "poll": poll,
    "sweep": sweep,
    "reminders": remind_people,
    "retest": retest_step,
    "clean-up": clean_up,
}
"""What each of `records.event.CHORES` names, as it finds it."""
