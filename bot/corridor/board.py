"""Where everything stands, for the status page: from what the looks said last, so that no reader costs GitHub a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.corridor.reconcile_record import ROOM as UPLOADS
from bot.corridor.standings import Line, merged_lines, upload_line
from bot.corridor.waiting import explained
from bot.proposal import naming
from bot.records.event import PullSubject
from bot.records.stage import STAGE_LABELS

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.ports import Json
    from bot.records.answer import Answer
    from bot.records.engine import EngineState
    from bot.records.event import Subject
    from bot.records.github import PullSummary

LOOKS = "looks"
"""Room of what the last look at each open pull request said."""


def remember(desk: Desk, subject: Subject, answer: Answer) -> None:
    """Keep what a look said; a look that failed leaves what was said before, with its own sentence."""
    if not isinstance(subject, PullSubject):
        return
    until = answer.until.isoformat() if answer.until else None
    row = {"text": answer.text, "status": answer.status, "until": until}
    if desk.store.get(LOOKS, str(subject.number)) != row:
        desk.store.put(LOOKS, str(subject.number), row)


def board(desk: Desk, state: EngineState) -> dict[str, Any]:
    """As `serving.public` takes it; one conditional request, however many are open."""
    asked = explained(desk)
    said = desk.store.items(LOOKS)
    lines = [_line(pull, said.get(str(pull.number), {}), asked.get(f"pull {pull.number}", "")) for pull in _open(desk)]
    rows = desk.store.items(UPLOADS).items()
    lines += [vars(upload_line(record, row, asked)) for record, row in rows if row["pull"] is None]
    lines += [vars(line) for line in merged_lines(desk)]
    return {
        "submissions": lines,
        "listing": desk.store.get("poll", "listing") or {"complete": None, "at": None},
        "parked": [vars(parked) for parked in state.parked],
    }


def _open(desk: Desk) -> list[PullSummary]:
    return sorted(desk.github.pulls(state="open"), key=lambda pull: pull.number)


def _line(pull: PullSummary, said: Json, asked: str) -> Json:
    """Id and version stand in the title of a pull request of ours; other titles are people's own words."""
    words = pull.title.split()
    place = words if naming.is_ours(pull.head_branch) and len(words) == len(("id", "version")) else ["", ""]
    stage = next(iter(sorted(pull.labels & STAGE_LABELS)), "checking")
    text = asked or str(said.get("text") or "It is looked at soon.")
    return vars(Line(pull.number, place[0], place[1], stage, text, said.get("until")))
