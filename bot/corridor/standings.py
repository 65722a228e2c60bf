"""`accession status`: every submission, its stage, whom it waits for, held ones, next attempts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from bot.corridor import not_derived, outbox, posting, remind_people, retest_step
from bot.corridor.observe_pull import observe_pull
from bot.corridor.reconcile_record import ROOM
from bot.corridor.waiting import explained
from bot.proposal import naming
from bot.records.decision import Wait
from bot.records.event import PullSubject, RecordSubject
from bot.records.stage import STAGE_LABELS, Stage
from bot.review.decision import MOST_ATTEMPTS, decide_pull
from bot.words import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.corridor.desk import Desk


@dataclass(frozen=True)
class Line:
    """One submission."""

    pull_request: int | None
    id: str
    version: str
    stage: str
    waits_for: str
    next_attempt: str | None


_PARKED = ("subject", "reason", "message", "tries", "since")
"""Of what the service's engine keeps in the room of that name: subjects that failed too often, until somebody names them."""


def standings(desk: Desk) -> dict[str, Any]:
    """Open pull requests as they stand now, uploads that have none, and versions merged by hand that cannot be described; plus whether the last listing was complete, and channels that do not take notices."""
    asked = explained(desk)
    lines = [_pull_line(desk, pull.number, asked) for pull in desk.github.pulls(state="open")]
    rows = desk.store.items(ROOM).items()
    lines += [upload_line(record, row, asked) for record, row in rows if row["pull"] is None]
    lines += merged_lines(desk)
    listing = desk.store.get("poll", "listing") or {"complete": None, "at": None}
    parked = [{name: row.get(name) for name in _PARKED} for row in desk.store.items("parked").values()]
    rooms = (desk.store.items(room).values() for room in (remind_people.ROOM, retest_step.MAILS))
    return {
        "submissions": [asdict(line) for line in lines if line],
        "listing": listing,
        "parked": parked,
        "channels": posting.troubles(chain(outbox.rows(desk), *rooms)),
    }


def _pull_line(desk: Desk, number: int, asked: Mapping[str, str]) -> Line | None:
    facts = observe_pull(desk, number)
    if facts is None:
        return None
    actions = decide_pull(facts)
    said = asked.get(str(PullSubject(number)), "the bot's next run")
    wait = next((action for action in actions if isinstance(action, Wait)), Wait(said))
    stage = next(iter(sorted(facts.pull.labels & STAGE_LABELS)), "checking")
    place = facts.place
    until = wait.until.isoformat() if wait.until and stage == Stage.CHECKING.value else None  # others: a reminder
    return Line(number, place.id if place else "", place.version if place else "", stage, wait.reason, until)


def upload_line(record: str, row: dict[str, Any], asked: Mapping[str, str]) -> Line:
    """An upload that has no pull request, and why."""
    upcoming = "next poll" if row["status"] in {"held", "errored"} else None
    return Line(None, "", record, row["status"], asked.get(str(RecordSubject(record)), row["message"]), upcoming)


def merged_lines(desk: Desk) -> list[Line]:
    """Versions that were merged without an entry.yaml and cannot be described, for a reason of ours."""
    found = []
    for row in desk.store.items(not_derived.ROOM).values():
        place, over = naming.place_of(row["path"]), not_derived.given_up(row)
        said = sentences.wait_derived(row["message"], row["tries"], MOST_ATTEMPTS)
        upcoming = "next look at the collection" if over else row["again"]
        found += [Line(None, place.id, place.version, "errored", said, upcoming)] if place else []
    return found
