"""The whole story: one function per subject. Events only name a subject; each run observes afresh, decides, and acts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot import looks
from bot.corridor import not_derived, outbox, sweeping, waits
from bot.corridor.act_pull import act
from bot.corridor.clean_up import clean_up
from bot.corridor.gone_pull import gone_pull
from bot.corridor.named_record import UNSEEN, again_at, named_record
from bot.corridor.observe_pull import base_policy, observe_pull
from bot.corridor.open_questions import ask
from bot.corridor.polling import poll
from bot.corridor.reconcile_collection import reconcile_collection
from bot.corridor.reconcile_record import ROOM, Standing
from bot.corridor.remind_people import remind_people
from bot.corridor.retest_step import retest_step
from bot.corridor.sweeping import sweep
from bot.errors import AccessionError, GatewayError, PendingError
from bot.intake.hint import shown
from bot.ports import NO_HINT
from bot.records.answer import Answer, failed
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
    from bot.records.facts import PullFacts
    from bot.records.github import Pull
    from bot.records.policy import Policy

__all__ = ["poll", "proposed", "reconcile", "reconcile_all", "round_trip", "run", "sweep"]

_ROUNDS = 12
"""Looks at one pull request in one run: far more than any road needs, so that a loop shows instead of spinning."""

log = structlog.get_logger()


def reconcile(desk: Desk, subject: Subject, *, asked: bool = False, hint: Hint = NO_HINT) -> Answer:
    """Bring one subject to where it should be; the answer says what it waits for now.

    What the look does not show of the `hint` makes the answer `unseen`, after everything was done that it did show.
    """
    urgent = asked or bool(hint)
    with structlog.contextvars.bound_contextvars(subject=str(subject)), looks.look(str(subject), urgent=urgent):
        try:
            return _reconcile(desk, subject, hint, asked=asked or hint.asked)
        except PendingError as pending:
            return _pending(desk, subject, pending)


def _pending(desk: Desk, subject: Subject, pending: PendingError) -> Answer:
    """The question is written down, so that its answer names the subject."""
    ask(desk.store, pending.job, subject)
    answer = Answer(pending.message, "pending", advanced=pending.advanced)
    if isinstance(subject, PullSubject):
        sweeping.stopped(desk, subject.number, answer)
    return answer


def _reconcile(desk: Desk, subject: Subject, hint: Hint, *, asked: bool) -> Answer:
    match subject:
        case PullSubject(number):
            return _reconcile_pull(desk, number, hint)
        case RecordSubject(record):
            return _answer(desk, record, named_record(desk, record, asked=asked, told=bool(hint)))
        case CollectionSubject():
            return Answer(reconcile_collection(desk) or "unchanged", until=not_derived.until(desk))
        case ChoreSubject(name):
            raise ValueError(f"the chore {name} names subjects, and is none to bring anywhere")


def _answer(desk: Desk, record: str, standing: Standing) -> Answer:
    status: Status = "pending" if standing.status == "waiting" else "settled"
    until = again_at(desk, record) if standing.status == "errored" else None
    return Answer(standing.message or standing.status, "unseen" if standing.reason == UNSEEN else status, until)


def _reconcile_pull(desk: Desk, number: int, hint: Hint) -> Answer:
    environment = sweeping.environment(desk)
    try:
        brought = _bring(desk, number)
    except GatewayError as error:
        answer = gone_pull(desk, number, error, told=bool(hint))
        if answer is None:
            raise
        return answer
    answer = _hinted(brought, hint)
    if answer.status != "pending":
        sweeping.looked(desk, brought.pull, sweeping.conditions_of(environment, brought.policy), answer)
    return answer


@dataclass(frozen=True)
class _Brought:
    """The pull request and the policy as the last observation saw them, and what it waits for."""

    pull: Pull
    policy: Policy
    answer: Answer
    facts: PullFacts | None = None


def _bring(desk: Desk, number: int) -> _Brought:
    before: tuple[Action, ...] = ()
    for _ in range(_ROUNDS):
        facts = observe_pull(desk, number)
        if facts is None:
            return _Brought(desk.github.pull(number), base_policy(desk), Answer("touches no entry"))
        outbox.deliver(desk, facts)
        actions = decide_pull(facts)
        if actions == before:
            late = "GitHub does not show yet what was written; looked at again by the next round"
            return _Brought(facts.pull, facts.policy, Answer(late, "unseen"), facts)
        log.info("pull_decided", stage=sorted(facts.pull.labels), actions=[type(action).__name__ for action in actions])
        try:
            _do(desk, facts, actions)
        except PendingError as pending:
            return _Brought(facts.pull, facts.policy, _pending(desk, PullSubject(number), pending), facts)
        if all(isinstance(action, Wait) for action in actions):
            return _Brought(facts.pull, facts.policy, _waiting(desk, facts, actions), facts)
        before = actions
    raise GatewayError(
        f"Pull request {number} did not settle in {_ROUNDS} looks.", reason="no-fixpoint", transient=True
    )


def _do(desk: Desk, facts: PullFacts, actions: tuple[Action, ...]) -> None:
    for action in actions:
        if isinstance(action, RebuildCollection):
            desk.store.put(*sweeping.STALE, {})
        else:
            act(action, desk, facts)


def _waiting(desk: Desk, facts: PullFacts, actions: tuple[Action, ...]) -> Answer:
    wait = next((action for action in actions if isinstance(action, Wait)), None)
    if wait is None:
        return Answer()
    waits.keep(desk, facts, wait)
    return Answer(wait.reason, until=_by_our_clock(facts, wait))


def _by_our_clock(facts: PullFacts, wait: Wait) -> datetime | None:
    """Days are counted by GitHub's clock, the pauses before another try by ours; they differ where ours has jumped."""
    days = facts.state is not None and facts.state.stage != Stage.CHECKING.value
    return wait.until + (facts.now - facts.today) if wait.until and days else wait.until


def _hinted(brought: _Brought, hint: Hint) -> Answer:
    """To look again comes first: an answer of the work side to an older commit would come late or be of no use."""
    facts = brought.facts
    seen = shown(hint, facts) if facts else not hint.head or brought.pull.head_sha == hint.head
    return brought.answer if seen else replace(brought.answer, status="unseen")


def reconcile_all(desk: Desk, subjects: Iterable[Subject]) -> dict[str, Answer]:
    """Each subject in turn; one that fails never stops the others."""
    return {str(subject): _reconciled(desk, subject) for subject in _and_the_collection(desk, subjects)}


def _reconciled(desk: Desk, subject: Subject, hint: Hint = NO_HINT) -> Answer:
    try:
        return reconcile(desk, subject, hint=hint)
    except AccessionError as error:
        log.warning("reconcile_failed", failed=str(subject), reason=error.reason, message=error.message)
        answer = failed(error)
    if isinstance(subject, PullSubject):
        with suppress(AccessionError):  # it may be the database that is away
            sweeping.stopped(desk, subject.number, answer)
    return answer


def run(desk: Desk, engine: Engine, subject: Subject, hint: Hint = NO_HINT) -> Answer:
    """One look at a subject by the service: whatever it leads to is told to the engine, and nothing is waited for."""
    with looks.look(str(subject), urgent=bool(hint)):
        if isinstance(subject, ChoreSubject):
            return _chore(desk, engine, subject, hint)
        answer = _reconciled(desk, subject, hint)
        for following in _following(desk, subject):
            engine.tell(following)
        return answer


def _chore(desk: Desk, engine: Engine, subject: ChoreSubject, hint: Hint) -> Answer:
    named: list[Subject] = []
    try:
        sweeping.mark_head(desk, hint.head)
        until = _tell_all(engine, iter(CHORES[subject.name](desk)), named)
    except PendingError as pending:
        return _pending(desk, subject, pending)
    except AccessionError as error:
        log.warning("chore_failed", chore=subject.name, reason=error.reason, message=error.message)
        return failed(error)
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
    if not isinstance(subject, CollectionSubject) and desk.store.get(*sweeping.STALE) is not None:
        yield CollectionSubject()


def _and_the_collection(desk: Desk, subjects: Iterable[Subject]) -> Iterator[Subject]:
    """The subjects, then the collection once, however many merges made it stale."""
    yield from subjects
    if desk.store.get(*sweeping.STALE) is not None:
        yield CollectionSubject()


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
