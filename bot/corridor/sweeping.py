"""Which open pull requests are worth a look, from one listing; what no event told is found here.

A listing sorted by `updated`, read until what the last sweep saw. Where nothing moved that is one conditional request, and the
sweep costs three or four, however many pull requests are open; a renewed token makes them count, once.

What moves `updated_at` GitHub does not document: its description of the listing says "sort by updated" and no more
(https://docs.github.com/rest/pulls/pulls#list-pull-requests). Programs that rely on it see pushes, comments, labels, reviews,
comments on lines and closing in it (https://github.com/airbytehq/airbyte/pull/11623 reads reviews by it). The same field in the
issues' listing once missed comments on lines (https://github.com/databricks/spark-pr-dashboard/pull/62), so it is taken for a
hint and never for proof. Not known to move it: checks and statuses, deleted comments, resolved threads, roles, `mergeable` after a
push to the base branch, other pull requests. Hence, besides what moved, is looked at:

* what a look left undone, or said when to look again;
* everything, where the policy on the base branch, the images or the rules are others now;
* pull requests of a concept that got another one;
* everything within a day, a share in each sweep, so that it never comes at once.

Webhooks name the same subjects earlier. A push to the base branch that makes a merge possible or impossible shows within the
day; entries never touch the same files, so that it is rare.

A pull request that moved is named by sweeps until one of them came some seconds later: times are whole seconds, and a change in
the very second of a look is seen by the next one. Rows say what is due before the cursor moves, so that a sweep that is killed forgets nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot import looks
from bot.corridor import merges_refused, outbox
from bot.corridor.observe_pull import base_policy
from bot.digests import digest
from bot.errors import GatewayError, PendingError
from bot.proposal import naming
from bot.records.event import ChoreSubject, CollectionSubject, PullSubject
from bot.records.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.corridor.desk import Desk
    from bot.records.answer import Answer
    from bot.records.event import Subject
    from bot.records.github import Pull, PullSummary
    from bot.records.policy import Policy

OPEN = "open"
"""Room of the pull requests that are not known to have come to their end, by number."""

STALE = ("collection", "stale")
"""Room and key that say that something was merged since the collection was published."""

DAY = timedelta(days=1)
SHARE = 40
"""From half a day after its last look on, a pull request's turn comes: at most this part of all in one sweep, the oldest first."""

_CURSOR, _COLLECTION = ("sweep", "cursor"), ("sweep", "collection")
_LAG = timedelta(minutes=5)
"""Listings may be so late (https://docs.github.com/rest: reads lag behind writes)."""
_SECOND = timedelta(seconds=3)
"""Later than that nothing can happen any more that bears the same time."""
PENDING = timedelta(minutes=30)
"""The work side's answer names its subject; this is for the answer that does not come."""
_FINAL = frozenset(stage.value for stage in Stage if stage.final)
"""A hint where not to look again after the local database was lost; never taken for state."""


def sweep(desk: Desk) -> list[Subject]:
    """What is due, pull requests by number, the collection last."""
    with looks.look(str(ChoreSubject("sweep"))):
        return _named(desk)


def _named(desk: Desk) -> list[Subject]:
    policy = base_policy(desk)
    _mark(desk)
    rows, now, conditions = desk.store.items(OPEN), desk.clock.now(), conditions_of(environment(desk), policy)
    due = {number for number, row in rows.items() if _due(row, now, conditions)}
    due |= set(_share({number: row for number, row in rows.items() if number not in due}, now))
    subjects: list[Subject] = [PullSubject(number) for number in sorted(map(int, due))]
    return [*subjects, CollectionSubject()] if _collection_due(desk, policy, now) else subjects


def _mark(desk: Desk) -> None:
    """Write down what moved, then how far the listing was read."""
    kept = desk.store.get(*_CURSOR)
    newest = datetime.fromisoformat(kept["updated"]) if kept else None
    now = desk.clock.now() + desk.github.clock_ahead()
    for pull in desk.github.recent_pulls(newest - _LAG if newest else None):
        newest = max(newest, pull.updated) if newest else pull.updated
        row = desk.store.get(OPEN, str(pull.number))
        if _moved(pull, row):
            known = row is not None and row.get("seen") == pull.updated.isoformat()
            mark(desk, pull.number, calm=known and now - pull.updated > _SECOND)
    if newest:
        desk.store.put(*_CURSOR, {"updated": newest.isoformat()})


def _moved(pull: PullSummary, row: Mapping[str, Any] | None) -> bool:
    """Something happened since the last look, or in its second."""
    if row is None:
        return pull.state == "open" or not pull.labels & _FINAL
    return row.get("seen") != pull.updated.isoformat() or not row.get("calm")


def mark(desk: Desk, number: int, *, calm: bool = False) -> None:
    """Have it named until a look at it has ended well."""
    desk.store.change(OPEN, str(number), lambda row: {**(row or {}), "due": True, "calm": calm})


def mark_head(desk: Desk, head: str) -> None:
    """Have those named whose last look saw this head: an event about a commit of a fork names no pull request."""
    for number, row in desk.store.items(OPEN).items() if head else ():
        if row.get("head") == head:
            mark(desk, int(number))


def _due(row: Mapping[str, Any], now: datetime, conditions: str) -> bool:
    changed = bool(conditions) and row.get("conditions") != conditions
    return _passed(row, now) or changed or bool(row.get("due", True)) or _age(row, now) >= DAY


def _passed(row: Mapping[str, Any], now: datetime) -> bool:
    """The moment that the last look named."""
    until = row.get("until")
    return bool(until) and now >= datetime.fromisoformat(str(until))


def _share(rows: Mapping[str, Mapping[str, Any]], now: datetime) -> list[str]:
    """Those whose look is half a day old, the oldest, so few that each has its turn before the day is over."""
    ages = sorted(((_age(row, now), number) for number, row in rows.items()), reverse=True)
    old = [number for age, number in ages if age >= DAY / 2]
    return old[: -(-len(rows) // SHARE)]


def _age(row: Mapping[str, Any], now: datetime) -> timedelta:
    """Since the last look; a look that lies ahead, because somebody set the clock, is as old as it is far."""
    looked = row.get("looked")
    return abs(now - datetime.fromisoformat(str(looked))) if looked else DAY


def environment(desk: Desk) -> str:
    """What checks run on; empty where the work side does not say now."""
    try:
        return desk.environment()
    except (GatewayError, PendingError):
        return ""


def conditions_of(on: str, policy: Policy) -> str:
    """Names what verdicts and decisions stand on beside the content; empty where that is not known."""
    return digest(f"{on} {policy!r}")[:16] if on else ""


def looked(desk: Desk, pull: Pull, conditions: str, answer: Answer) -> None:
    """A look came to its end: what it saw, and when the next one is due. A closed pull request that settled is forgotten.

    `conditions` are those from before it.
    """
    number = str(pull.number)
    undone, owed = answer.status == "unseen", outbox.due(desk, pull.number)
    if pull.state == "closed" and answer.status == "settled" and not undone and owed is None:
        desk.store.drop(OPEN, number)
        return
    before = desk.store.get(OPEN, number)
    if before is None or "branch" not in before:
        for sibling in siblings(desk, pull):
            mark(desk, sibling)
    seen = pull.updated.isoformat() if pull.updated else ""
    until = min(filter(None, (answer.until or merges_refused.until(desk, pull), owed)), default=None)
    row = {
        "branch": pull.head_branch,
        "head": pull.head_sha,
        "seen": seen,
        "calm": before is not None and bool(before.get("calm")) and before.get("seen") == seen,
        "until": until.isoformat() if until else "",
        "conditions": conditions,
        "looked": desk.clock.now().isoformat(),
        "due": undone,
    }
    desk.store.put(OPEN, number, row)


def stopped(desk: Desk, number: int, answer: Answer) -> None:
    """A look ended before its end: the work side is asked, or something is broken for good. Passing trouble stays due."""
    if answer.failed and answer.transient:
        mark(desk, number)
        return
    now = desk.clock.now()
    until = (now + PENDING).isoformat() if answer.status == "pending" else ""
    desk.store.change(
        OPEN,
        str(number),
        lambda row: {**(row or {}), "due": False, "until": until, "looked": now.isoformat()},
    )


def siblings(desk: Desk, pull: Pull) -> Iterator[int]:
    """Other pull requests of the same concept: which of them is the newest decides what becomes of the others."""
    if not naming.is_ours(pull.head_branch):
        return
    prefix = naming.concept_prefix(pull.head_branch)
    for number, row in desk.store.items(OPEN).items():
        if int(number) != pull.number and str(row.get("branch", "")).startswith(prefix):
            yield int(number)


def tips(desk: Desk, policy: Policy) -> dict[str, str]:
    """What the collection is derived from, and where it is published to."""
    names = dict.fromkeys((desk.github.default_branch(), policy.publish_branch))
    return {name: desk.github.ref(f"heads/{name}") or "" for name in names}


def _collection_due(desk: Desk, policy: Policy, now: datetime) -> bool:
    row = desk.store.get(*_COLLECTION)
    if row is None or desk.store.get(*STALE) is not None or _passed(row, now) or _age(row, now) >= DAY / 2:
        return True
    return bool(row.get("tips") != tips(desk, policy))


def collection_looked(desk: Desk, before: Mapping[str, str], until: datetime | None) -> None:
    """The collection is as it should be for these tips; `until` is when to look again all the same."""
    row = {"tips": dict(before), "looked": desk.clock.now().isoformat(), "until": until.isoformat() if until else ""}
    desk.store.put(*_COLLECTION, row)
