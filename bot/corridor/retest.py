"""`accession retest`: ask the work side about accepted versions whose image, rules or policy changed, and about no others.

What is known for this environment, content and policy is read from the local store. A run that was killed goes on where
it was, because each result is kept as it comes. Nothing is written to GitHub.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.corridor.check_pull import contributor_of, make_job
from bot.corridor.observe_pull import base_policy
from bot.corridor.read_ahead import ReadAhead
from bot.corridor.retest_memory import Memory
from bot.corridor.retest_rounds import Rounds
from bot.digests import digest
from bot.publishing.collection import natural
from bot.publishing.read_entries import entries, hidden
from bot.records.turn import Turn
from bot.retesting.accepted import accepted, chosen
from bot.retesting.pace import seconds_left
from bot.retesting.result import result
from bot.retesting.row import same_content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.corridor.desk import Desk
    from bot.corridor.retest_rounds import Try
    from bot.ports import Json
    from bot.records.github import TreeFile
    from bot.records.policy import Policy
    from bot.retesting.accepted import Accepted
    from bot.retesting.result import Result
    from bot.retesting.row import Row


@dataclass(frozen=True)
class Plan:
    """What a run is about: `known` needs no asking, `due` does. `unfinished` is when the run that is gone on with began."""

    policy: Policy
    memory: Memory
    files: Mapping[str, TreeFile]
    due: tuple[Accepted, ...]
    known: tuple[Row, ...]
    unfinished: datetime | None
    abandoned: bool
    """A run under another environment or policy did not come to its end; its results are no longer of use."""


class Watch(Protocol):
    """Who is told how far it is."""

    def tried(self, tried: Try, done: int, left: float | None) -> None:
        """An answer came; `done` versions are finished with it, `left` seconds may still be needed."""


def plan(desk: Desk, ids: Sequence[str], *, all_versions: bool) -> Plan:
    """Look at the base branch and into the store; asks the work side for its environment and nothing else.

    Raises `ConfigError` for an id that the collection does not have.
    """
    policy = base_policy(desk)
    base = desk.github.ref(f"heads/{desk.github.default_branch()}") or ""
    files = {file.path: file for file in desk.github.folder(base, "collection")}
    versions = chosen(
        map(accepted, entries(desk.github, desk.store, files)),
        ids,
        hidden=hidden(desk.github, files.values()),
        all_versions=all_versions,
        order=natural,
    )
    memory = Memory(desk.store, desk.environment(), policy.digest)
    found = {version: memory.known(version) for version in versions}
    due = tuple(version for version, row in found.items() if row is None)
    before = memory.unfinished()
    same = before is not None and (before["environment"], before["policy"]) == (memory.environment, memory.policy)
    since = datetime.fromisoformat(before["begun"]) if before and same else None
    known = tuple(row for row in found.values() if row is not None)
    return Plan(policy, memory, files, due, known, since, abandoned=before is not None and not same)


def retest(desk: Desk, planned: Plan, watch: Watch, *, workers: int, stop: Callable[[], object]) -> Result | None:
    """Ask about everything due; None where it was stopped before the end: what was found is kept."""
    if planned.due:
        planned.memory.begin((planned.unfinished or desk.clock.now()).isoformat())
    read = read_ahead(desk, planned)
    rounds = Rounds(desk.workshop, desk.clock, lambda version: job(desk, planned, version, read), workers, stop)
    rows: dict[str, Row] = {}
    taken: list[float] = []
    for tried in rounds.run(planned.due):
        taken.append(tried.row.seconds)
        row = keep(planned.memory, tried.version, tried.row)
        if tried.again is None:
            rows[tried.version.place] = row
        left = seconds_left(taken, len(planned.due) - len(rows), workers)
        watch.tried(replace(tried, row=row), len(rows), left)
    if len(rows) < len(planned.due):
        return None
    planned.memory.end()
    return finished(desk, planned, (*planned.known, *rows.values()), asked=len(planned.due))


def finished(desk: Desk, planned: Plan, rows: Iterable[Row], *, asked: int) -> Result:
    """The result of a run that came to its end, in which the work side was asked about so many."""
    at = desk.clock.now().isoformat(timespec="seconds")
    memory = planned.memory
    return result(planned.policy.name, at, memory.environment, memory.policy, asked, rows)


def keep(memory: Memory, version: Accepted, row: Row) -> Row:
    """What is ours to mend, or is not the accepted content, is shown and asked again by the next run."""
    errored = any(cell.level == "errored" for cell in row.cells)
    if errored or not same_content(version, row):
        return memory.compared(version, row)
    return memory.keep(version, row)


def read_ahead(desk: Desk, planned: Plan) -> ReadAhead:
    """For a run that asks about everything due, one after the other."""
    return ReadAhead(desk.github, [planned.files[version.rdf] for version in planned.due])


def job(desk: Desk, planned: Plan, version: Accepted, read: Callable[[TreeFile], bytes]) -> Json | None:
    """As it was asked when it was accepted, with rdf.yaml as it stands on the base branch; None where the record is gone.

    The archive lists the files, because the static rules look at all of them, and an uploaded zip is in no entry.yaml. What
    the content declares may be built: people of the collection have accepted it.
    """
    upload = None
    if version.archive != "none":
        upload = desk.archive.upload(version.record)
        if upload is None or upload.access != "open":
            return None
    concept = f"{upload.archive}-{upload.concept}" if upload else version.concept
    rdf = read(planned.files[version.rdf])
    turn = Turn(contributor_of(upload) if upload else concept, "retest")
    run = int(digest(planned.memory.environment)[:15], 16)  # a queue must not answer what it found with other images
    made = make_job("check", upload, concept, planned.policy, rdf=rdf, tries=(run, 0), turn=turn)
    made |= {"known": version.known}
    return made | {"build": version.known} if version.known else made
