"""What the world looks like at the end, by submission: how often anything happened twice, and what never happened."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.journeys.conftest import REPOSITORY
from tests.journeys.snapshot import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.trials.submissions import Submission
    from tests.trials.world import TrialWorld

COLLECTION = "collection/collection.json"


@dataclass(frozen=True)
class Ending:
    """`seen` is the final world by submission, without numbers, ports and times: equal for two runs that end the same."""

    seen: Mapping[str, Any]
    duplicates: tuple[str, ...]
    losses: tuple[str, ...]


def ending(world: TrialWorld, uploads: Sequence[Submission], strangers: Sequence[int]) -> Ending:
    """`strangers` are pull requests of people, in an order that is always the same."""
    found = {one.title: _pulls(world, one) for one in uploads}
    listed = _listed(world)
    seen = {title: [_seen(world, number) for number in numbers] for title, numbers in found.items()}
    by_hand = [_seen(world, number) for number in strangers]
    return Ending(
        seen=seen | {"collection": sorted(Counter(listed).values()), "mails": _mails(world), "strangers": by_hand},
        duplicates=tuple(text for one in uploads for text in _twice(world, one, found[one.title], listed)),
        losses=tuple(text for one in uploads for text in _lost(world, one, found[one.title], listed)),
    )


def finished(world: TrialWorld, uploads: Sequence[Submission]) -> bool:
    """Every submission has its pull request, merged and listed or declined and labelled."""
    return not any(_lost(world, one, _pulls(world, one), _listed(world)) for one in uploads)


def _pulls(world: TrialWorld, one: Submission) -> list[int]:
    """Branches are named after the concept, and no two submissions share one."""
    branch = f"accession/zenodo-{world.concepts[one.number]}/"
    return [pull.number for pull in world.github.pulls(REPOSITORY) if pull.head_ref.startswith(branch)]


def _seen(world: TrialWorld, number: int) -> dict[str, Any]:
    """Whoever declines before the mark is made leaves a commit without one; a merge waits for it."""
    pull = world.github.pull(REPOSITORY, number)
    return {
        "state": pull.state,
        "merged": pull.merged,
        "labels": world.github.labels(REPOSITORY, number),
        "comments": [visible(c.body) for c in world.github.comments(REPOSITORY, number)],
        "marks": [(s.state, s.description) for s in world.github.statuses(REPOSITORY, pull.head_sha) if pull.merged],
    }


def _twice(world: TrialWorld, one: Submission, numbers: list[int], listed: Sequence[str]) -> list[str]:
    found = [f"{one.title}: {len(numbers)} pull requests"] if len(numbers) > 1 else []
    for number in numbers:
        reports = sum("accession:report" in c.body for c in world.github.comments(REPOSITORY, number))
        if reports > 1:
            found.append(f"{one.title}: {reports} reports on pull request {number}")
        marks = Counter(
            s.description for s in world.github.statuses(REPOSITORY, world.github.pull(REPOSITORY, number).head_sha)
        )
        found += [f"{one.title}: {count} marks {text!r}" for text, count in marks.items() if count > 1]
    times = listed.count(world.records[one.number])
    if times > 1:
        found.append(f"{one.title}: listed {times} times")
    return found


def _lost(world: TrialWorld, one: Submission, numbers: list[int], listed: Sequence[str]) -> list[str]:
    if not numbers:
        return [f"{one.title}: no pull request"]
    number = min(numbers)
    pull = world.github.pull(REPOSITORY, number)
    labels = set(world.github.labels(REPOSITORY, number))
    lost = []
    if not any("accession:report" in c.body for c in world.github.comments(REPOSITORY, number)):
        lost.append(f"{one.title}: no report on pull request {number}")
    if one.accepted and not (pull.merged and "merged" in labels):
        lost.append(f"{one.title}: pull request {number} is {pull.state} {sorted(labels)}, not merged")
    if one.accepted and world.records[one.number] not in listed:
        lost.append(f"{one.title}: not in collection.json")
    if not one.accepted and not (pull.state == "closed" and not pull.merged and "declined" in labels):
        lost.append(f"{one.title}: pull request {number} is {pull.state} {sorted(labels)}, not declined")
    return lost


def _listed(world: TrialWorld) -> list[str]:
    """The record of every version in collection.json."""
    text = world.github.file(REPOSITORY, COLLECTION)
    entries = json.loads(text)["entries"] if text else []
    return [str(version["version"]) for entry in entries for version in entry["versions"]]


def _mails(world: TrialWorld) -> int:
    """How many different mails: one sent twice has the same Message-ID, which mailboxes fold."""
    return len({str(message["Message-ID"]) for message in world.mail.messages})
