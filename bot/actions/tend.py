"""Steps with a token that bring pull requests on: one that acts on one of them, one that names those that need it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot import pipeline
from bot.actions import rounds
from bot.actions.look import PAUSES, due
from bot.corridor import outbox
from bot.corridor.observe_pull import observe_pull, touches_entry
from bot.errors import AccessionError, GatewayError
from bot.proposal import naming
from bot.records.answer import failed
from bot.records.event import Hint, PullSubject
from bot.records.stage import STAGE_LABELS, Stage
from bot.review.decision import decide_pull

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.corridor.desk import Desk
    from bot.ports import Engine
    from bot.records.answer import Answer
    from bot.records.github import PullSummary

SCHEDULED = ("feedback.yml", "poll.yml", "publish.yml", "retest.yml")
"""The workflows of this repository that GitHub disables after 60 quiet days; where there is one file for all, it is that."""
UNSEEN = timedelta(days=30)
"""So long after it last moved it is asked whether a closed pull request is one that the bot has not seen yet."""
_FINAL = frozenset(stage.value for stage in Stage if stage.final)
_UNDELIVERED = "A mail could not be sent yet."

log = structlog.get_logger()


def feedback(desk: Desk, engine: Engine, number: int, *, planned: str) -> Answer:
    """Observe, decide, act. A question that nobody was asked yet starts a check, unless it is about the commit planned for.

    That one's question was asked: it is left to the sweep, so that nothing goes in circles. A mail that cannot be delivered is
    tried as often as the pull request is looked at here; then the step fails, and the sweep finds that nobody was told. What
    failed beside it is said first.
    """
    subject = PullSubject(number)
    answer = pipeline.run(desk, engine, subject)
    for pause in PAUSES:
        if not (_again(desk, answer) or outbox.undelivered(desk, number)):
            break
        desk.clock.sleep(pause)
        answer = pipeline.run(desk, engine, subject)
    if answer.status == "pending" and desk.github.pull(number).head_sha != planned:
        engine.tell(subject)
    return _with_mail(answer) if outbox.undelivered(desk, number) else answer


def _with_mail(answer: Answer) -> Answer:
    if answer.failed:
        return replace(answer, text=f"{answer.text} {_UNDELIVERED}")
    return failed(GatewayError(_UNDELIVERED, reason="mail-undelivered", transient=True))


def _again(desk: Desk, answer: Answer) -> bool:
    soon = answer.until is not None and (answer.until - desk.clock.now()).total_seconds() < 1
    return answer.status == "unseen" or soon


def sweep(desk: Desk, engine: Engine, *, closed: bool, most: int) -> list[int]:
    """The pull requests that need something, each named. One that cannot be looked at does not stop the others.

    At most so many are looked at, because each costs some 18 requests of a thousand an hour, others the next time: half an
    hour later, where closed ones are looked at too a day. Beside them as many that were closed before anybody saw them, each
    for one request where it touches no entry.
    """
    listed = desk.github.pulls(state="all" if closed else "open")
    ours = sorted(p.number for p in listed if p.state == "open" or (_left(p) and _known(p, desk.repository)))
    since = desk.now_at_github() - UNSEEN
    unseen = sorted(p.number for p in listed if _left(p) and not _known(p, desk.repository) and p.updated >= since)
    number_of_round = rounds.number_of(desk.clock.now(), rounds.DAY if closed else rounds.HALF_HOUR)
    named = []
    for number in (*rounds.turn(ours, most, number_of_round), *rounds.turn(unseen, most, number_of_round)):
        try:
            if number in unseen and not touches_entry(desk.github.pull_files(number)):
                continue
            head = _head_of_one_in_need(desk, number)
        except AccessionError as error:
            log.warning("sweep_failed", pull=number, reason=error.reason, message=error.message)
            continue
        if head:
            engine.tell(PullSubject(number), Hint(head=head))
            named.append(number)
    return named


def _left(pull: PullSummary) -> bool:
    """A closed one that has not the label that comes last of all."""
    return pull.state != "open" and not pull.labels & _FINAL


def _known(pull: PullSummary, repository: str) -> bool:
    """It is surely ours to bring to its end: it was looked at before, or the bot opened it.

    Any other may be a README's, or one of Dependabot's: the bot labels neither, so they would be looked at for ever. But an
    entry's that came from a fork or by hand may have been closed before its first look, or before somebody could be mailed.
    """
    ours = pull.head_repository == repository and naming.is_ours(pull.head_branch)
    return ours or bool(pull.labels & STAGE_LABELS)


def keep_enabled(desk: Desk, workflows: Iterable[str]) -> None:
    """Put off the end of 60 quiet days; what GitHub refuses is said, and fails nothing."""
    for workflow in workflows:
        try:
            desk.github.keep_enabled(workflow)
        except AccessionError as error:
            log.warning("workflow_not_renewed", workflow=workflow, reason=error.reason, message=error.message)


def _head_of_one_in_need(desk: Desk, number: int) -> str:
    facts = observe_pull(desk, number)
    return facts.pull.head_sha if facts and due(decide_pull(facts), facts) else ""
