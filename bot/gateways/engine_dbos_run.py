"""One run: take the queued siblings away, then look, then plan what follows. Begun again from its start by whoever takes it over.

It is one step that observes afresh, never a sequence that DBOS would replay. Every event that was told before the siblings
were taken is covered by the look that follows; one that is told later stays queued and causes one more run.
"""

from __future__ import annotations

import random
import threading
from collections import deque
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import structlog

from bot.errors import AccessionError, GatewayError, LostLeaseError
from bot.gateways.engine_dbos_again import DEATHS, Next, Round, Trouble, what_next
from bot.gateways.engine_dbos_json import payload_in, read_payload
from bot.gateways.engine_dbos_lease import answering
from bot.gateways.engine_dbos_tables import OWN, age_of
from bot.records.answer import Answer, failed
from bot.records.event import merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import sqlalchemy as sa

    from bot.gateways.engine_dbos_ground import Ground
    from bot.records.event import Hint, Subject

PARKED, TROUBLED = "parked", "troubled"
"""Rooms, by subject: what is left alone until somebody names it, and the counters of what is tried again."""
_LONGEST = 10.0
"""Seconds between two tries to write down what follows a look, while the database does not answer."""

log = structlog.get_logger()


class AbandonedRun(BaseException):
    """The row stays as it is, for whoever has it now or finds it later. DBOS records an outcome for every `Exception`."""


@dataclass(frozen=True)
class Plan:
    """What a run is about, its siblings included."""

    subject: Subject
    hint: Hint
    unseen: int
    own: bool
    attempts: int = 0
    """How often the row was claimed."""
    planned: bool = False
    """The engine has planned a later look already."""


class Runs:
    """The runs of this process. `plan` enqueues the engine's own next look within a transaction."""

    def __init__(
        self,
        ground: Ground,
        look: Callable[[Subject, Hint], Answer],
        plan: Callable[[sa.Connection, Subject, Hint, int, float], None],
    ) -> None:
        self._ground, self._look, self._plan = ground, look, plan
        self._lease, self._store = ground.lease, ground.store
        self._changed = threading.Condition()
        self.under_way: set[str] = set()
        """Ids of the rows that are looked at in this process."""
        self.ended: deque[str] = deque(maxlen=1000)
        """Those that ended last; it takes DBOS a moment to write that down."""

    def run(self, row: str, payload: object) -> str:
        """Look once; what it gives is the outcome of the row."""
        with self._changed:
            self.under_way.add(row)
        try:
            outcome = self._run(row, payload)
            self.ended.append(row)
        finally:
            with self._changed:
                self.under_way.discard(row)
                self._changed.notify_all()
        return outcome

    def wait(self, seconds: float) -> bool:
        """Until nothing is under way, or that long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.under_way, seconds)

    def _run(self, row: str, payload: object) -> str:
        try:
            subject, hint, unseen = read_payload(payload)
        except ValueError as error:
            log.warning("queue_row_unreadable", row=row, error=str(error))
            return "unreadable"
        with structlog.contextvars.bound_contextvars(subject=str(subject)):
            plan = self._patiently(lambda: self._taken(row, Plan(subject, hint, unseen, row.startswith(OWN))))
            answer = self._looked(plan)
            self._patiently(lambda: self._follow(row, plan, answer))
            return answer.status

    def _taken(self, row: str, plan: Plan) -> Plan:
        self._fence()
        with self._ground.database.begin() as c:
            attempts = self._ground.tables.mine(c, row, self._ground.name)
            if attempts is None:
                raise AbandonedRun
            siblings, planned = self._ground.tables.take(c, str(plan.subject))
        return replace(_with(row, plan, siblings), attempts=attempts, planned=planned)

    def _looked(self, plan: Plan) -> Answer:
        """Whatever a look raises is an answer; only a lost lease ends the run without one."""
        if plan.attempts > DEATHS:
            text = f"The process ended {plan.attempts - 1} times while it was looked at."
            return Answer(text, "failed", reason="process-ended", transient=False)
        try:
            answer = self._look(plan.subject, plan.hint)
        except AccessionError as error:
            answer = failed(error)
        except Exception:
            log.exception("look_failed")
            answer = Answer("Something in the bot itself broke; its log says what.", "failed", reason="internal")
        self._fence()
        return answer

    def _fence(self) -> None:
        try:
            self._lease.fence()
        except LostLeaseError:
            raise AbandonedRun from None

    def _follow(self, row: str, plan: Plan, answer: Answer) -> None:
        past = self._past(str(plan.subject))
        dice = random.random()  # noqa: S311 - spreads retries, guards nothing
        follows = what_next(answer, Round(self._ground.clock.now(), plan.own, plan.unseen, past, dice))
        if plan.planned or follows.after is not None:
            self._planned(row, plan, follows)
        self._remember(str(plan.subject), past, follows.trouble)

    def _planned(self, row: str, plan: Plan, follows: Next) -> None:
        with self._ground.database.begin() as c:
            if self._ground.tables.mine(c, row, self._ground.name) is None:
                raise AbandonedRun
            if not follows.keep:
                self._ground.tables.drop_plans(c, str(plan.subject))
            if follows.after is not None and not (follows.keep and plan.planned):
                self._plan(c, plan.subject, plan.hint, follows.unseen, follows.after)

    def _past(self, subject: str) -> Trouble | None:
        with answering():
            for room in (PARKED, TROUBLED):
                row = self._store.get(room, subject)
                if row is not None:
                    return Trouble.read(row, parked=room == PARKED)
        return None

    def _remember(self, subject: str, past: Trouble | None, now: Trouble | None) -> None:
        with answering():
            if past is not None and (now is None or now.parked != past.parked):
                self._store.drop(PARKED if past.parked else TROUBLED, subject)
            if now is not None:
                self._store.put(PARKED if now.parked else TROUBLED, subject, {"subject": subject, **now.row()})
        if now is not None and now.parked:
            log.error("subject_parked", reason=now.reason, message=now.message, tries=now.tries)

    def _patiently(self, step: Callable[[], Any]) -> Any:
        """Do it, and again while a database does not answer: what a look led to is not forgotten because of that."""
        pause = 0.25
        while True:
            try:
                return step()
            except GatewayError as error:
                log.warning("engine_waits", reason=error.reason, message=error.message)
            if self._lease.ended.wait(pause):
                raise AbandonedRun
            pause = min(pause * 2, _LONGEST)


def _with(row: str, plan: Plan, siblings: Iterable[tuple[str, str]]) -> Plan:
    """The newest of each field of all hints; what somebody told begins to be looked for anew."""
    hints, unseen, own = {age_of(row): plan.hint}, [plan.unseen], plan.own
    for name, inputs in siblings:
        try:
            _, hints[age_of(name)], looks = read_payload(payload_in(inputs))
        except ValueError:
            continue
        own = own or name.startswith(OWN)
        unseen.append(looks)
    hint = reduce(merged, (hints[age] for age in sorted(hints)))
    return replace(plan, hint=hint, unseen=min(unseen), own=own)
