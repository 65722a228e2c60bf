"""Our clock jumps, a year back or a day or a year ahead: nothing waits for ever, nothing bursts, nobody is told twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot import pipeline
from bot.corridor import merges_refused
from bot.corridor.observe_pull import base_policy
from bot.corridor.prune_evidence import prune_evidence
from bot.records.event import ChoreSubject
from tests.fakes.engine import FakeEngine
from tests.journeys.conftest import REPOSITORY, Little, rdf

if TYPE_CHECKING:
    from bot.corridor.desk import Desk

DAY = 86_400
YEAR = 365 * DAY
JUMPS = pytest.mark.parametrize(
    "jump", [-YEAR, -DAY, DAY, YEAR], ids=["year back", "day back", "day ahead", "year ahead"]
)


def chores(desk: Desk) -> None:
    engine = FakeEngine()
    for name in ("poll", "sweep", "reminders", "clean-up"):
        engine.tell(ChoreSubject(name))
    assert not [answer for _, answer in engine.drain(desk) if answer.failed]


def jump_to_and_fro(little: Little, desk: Desk, jump: float) -> None:
    desk.clock.skip(jump)  # type: ignore[attr-defined]
    for _ in range(2):
        chores(desk)
    desk.clock.skip(-jump)  # type: ignore[attr-defined]
    for _ in range(2):
        chores(desk)
    little.later()


@JUMPS
def test_a_road_on_which_the_clock_jumps_is_a_road(little: Little, jump: float) -> None:
    desk = little.start()
    desk.clock.skip(jump)  # type: ignore[attr-defined]
    first = little.publish({"rdf.yaml": rdf("passed")})
    chores(desk)
    desk.clock.skip(-jump)  # type: ignore[attr-defined]
    chores(desk)
    little.approve(1)
    chores(desk)
    assert little.github.pull(REPOSITORY, 1).merged, (
        "an approval given after the report counts, whatever our clock said"
    )
    little.publish({"rdf.yaml": rdf("passed", "Next")}, concept=little.zenodo.record(first).concept)
    chores(desk)
    assert len(little.github.pulls(REPOSITORY)) == 2, "what comes later is seen"
    names = [str(m["Message-ID"]) for m in little.mail.messages]
    assert len(names) == len(set(names))


@JUMPS
def test_nobody_is_reminded_too_early_too_often_or_never(little: Little, jump: float) -> None:
    desk = little.start()
    little.publish({"rdf.yaml": rdf("failed")})
    little.publish({"rdf.yaml": rdf("passed", "Another")})
    chores(desk)

    def said() -> list[str]:
        found = [c.body for number in (1, 2) for c in little.github.comments(REPOSITORY, number)]
        return [body for body in found if "accession:remind" in body]

    jump_to_and_fro(little, desk, jump)
    assert said() == []
    little.later(3 * DAY)
    jump_to_and_fro(little, desk, jump)
    assert ["reminder 1 of" in body for body in said()] == [True]
    little.later(3 * DAY)
    chores(desk)
    assert ["reminder 2 of" in body for body in said()] == [True]
    names = [str(m["Message-ID"]) for m in little.mail.messages]
    assert len(names) == len(set(names))


@JUMPS
def test_a_try_that_is_to_come_comes(little: Little, jump: float) -> None:
    little.workshop.broken = 1
    desk = little.start()
    desk.clock.skip(jump)  # type: ignore[attr-defined]
    little.publish({"rdf.yaml": rdf()})
    chores(desk)
    assert little.github.pull(REPOSITORY, 1).labels == ("checking",)
    desk.clock.skip(-jump)  # type: ignore[attr-defined]
    little.later(15 * 60)
    chores(desk)
    assert little.github.pull(REPOSITORY, 1).labels == ("awaiting review",)


@JUMPS
def test_a_merge_that_was_refused_is_tried_again(little: Little, jump: float) -> None:
    desk = little.start()
    little.publish({"rdf.yaml": rdf()})
    chores(desk)
    pull = desk.github.pull(1)
    desk.clock.skip(jump)  # type: ignore[attr-defined]
    merges_refused.keep(desk, 1, pull.head_sha, "Not now.")
    assert merges_refused.reason(desk, pull) == "Not now."
    desk.clock.skip(-jump)  # type: ignore[attr-defined]
    assert merges_refused.reason(desk, pull) == ""


@JUMPS
def test_young_evidence_is_kept(little: Little, jump: float) -> None:
    desk = little.start()
    little.publish({"rdf.yaml": rdf("pictured")})
    chores(desk)
    shown = {path for path in little.github.files(REPOSITORY, "accession-evidence") if path.endswith((".png", ".zip"))}
    assert shown
    desk.clock.skip(jump)  # type: ignore[attr-defined]
    for _ in range(2):
        prune_evidence(desk, base_policy(desk))
    assert shown <= set(little.github.files(REPOSITORY, "accession-evidence"))


def test_a_record_from_the_future_does_not_move_the_cursor_there(little: Little) -> None:
    desk = little.start()
    changed = desk.archive.changed

    def ahead(*args: object) -> object:
        from dataclasses import replace

        for page in changed(*args):  # type: ignore[arg-type]
            later = tuple(replace(u, updated=u.updated + timedelta(days=40_000)) for u in page.uploads)
            yield replace(page, uploads=later)

    desk.archive.changed = ahead  # type: ignore[method-assign,assignment]
    little.publish({"rdf.yaml": rdf()})
    list(pipeline.poll(desk))
    assert desk.store.get("poll", "cursor")["updated"] <= desk.now().isoformat()  # type: ignore[index]
    desk.archive.changed = changed  # type: ignore[method-assign]
    little.publish({"rdf.yaml": rdf("passed", "Another")})
    assert len(list(pipeline.poll(desk))) == 1
