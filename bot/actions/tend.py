"""Steps with a token that bring pull requests on: one that acts on one of them, one that names those that need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot import pipeline
from bot.actions.look import PAUSES, due
from bot.corridor import outbox
from bot.corridor.observe_pull import observe_pull
from bot.errors import AccessionError, GatewayError
from bot.records.answer import failed
from bot.records.event import Hint, PullSubject
from bot.records.stage import Stage
from bot.review.decision import decide_pull

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.ports import Engine
    from bot.records.answer import Answer

_FINAL = frozenset(stage.value for stage in Stage if stage.final)
_ROUND_SECONDS = 1800

log = structlog.get_logger()


def feedback(desk: Desk, engine: Engine, number: int, *, planned: str) -> Answer:
    """Observe, decide, act. A question that nobody was asked yet starts a check, unless it is about the commit planned for.

    That one's question was asked: it is left to the sweep, so that nothing goes in circles. A mail that cannot be delivered is
    tried as often as the pull request is looked at here; then the step fails, and the sweep finds that nobody was told.
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
    if outbox.undelivered(desk, number):
        return failed(GatewayError("A mail could not be sent yet.", reason="mail-undelivered", transient=True))
    return answer


def _again(desk: Desk, answer: Answer) -> bool:
    soon = answer.until is not None and (answer.until - desk.clock.now()).total_seconds() < 1
    return answer.status == "unseen" or soon


def sweep(desk: Desk, engine: Engine, *, closed: bool, most: int) -> list[int]:
    """The pull requests that need something, each named. One that cannot be looked at does not stop the others.

    At most so many are looked at, because each costs some 18 requests of a thousand an hour; where there are more, the
    clock says at which the round begins, so that all come by.
    """
    listed = desk.github.pulls(state="all" if closed else "open")
    numbers = sorted(p.number for p in listed if p.state == "open" or not p.labels & _FINAL)
    begin = int(desk.clock.now().timestamp() // _ROUND_SECONDS) * most % len(numbers) if len(numbers) > most else 0
    named = []
    for number in (numbers[begin:] + numbers[:begin])[:most]:
        try:
            head = _head_of_one_in_need(desk, number)
        except AccessionError as error:
            log.warning("sweep_failed", pull=number, reason=error.reason, message=error.message)
            continue
        if head:
            engine.tell(PullSubject(number), Hint(head=head))
            named.append(number)
    return named


def _head_of_one_in_need(desk: Desk, number: int) -> str:
    facts = observe_pull(desk, number)
    return facts.pull.head_sha if facts and due(decide_pull(facts), facts) else ""
