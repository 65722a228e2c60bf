"""A road that makes the bot ask GitHub for nearly everything it ever asks for, in a private repository.

Private, because anybody may read a public one: there a missing permission to read would go unnoticed.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.journeys.conftest import REPOSITORY, Little, little_world, rdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bot.adopting.permissions import Identity
    from bot.corridor.desk import Desk

LOGINS: Mapping[Identity, str] = {"app": "accession[bot]", "token": "accession", "actions": "github-actions[bot]"}
KINDS: Mapping[Identity, str] = {"app": "app", "token": "personal", "actions": "actions"}
MANY = "".join(f"line{n}: bad # advise good\n" for n in range(52))
"""More advice than one request takes annotations."""
EVIDENCE = "accession-evidence"


@dataclass(frozen=True)
class Trip:
    """How the world stands at the end, what was asked, and what was refused."""

    end: dict[str, Any]
    asked: frozenset[tuple[str, str]]
    refused: frozenset[tuple[str, str]]


@contextmanager
def _bot(folder: Path, identity: Identity, granted: Mapping[str, str]) -> Iterator[tuple[Little, Desk]]:
    with little_world(folder, private=True) as little:
        login = LOGINS[identity]
        little.github.add_token(login, "limited", kind=KINDS[identity], permissions=granted)
        yield little, little.start(token="limited", bot_login=None if identity == "token" else login)


def travel(folder: Path, identity: Identity, granted: Mapping[str, str]) -> Trip:
    """All of it, with exactly these permissions; whatever fails is left, as the service leaves it."""
    with _bot(folder, identity, granted) as (little, desk):
        first = _uploads(little, desk)
        _people(little, desk, first)
        _time_passes(little, desk)
        asked = [(r.method, r.path.partition("?")[0], r.status) for r in little.github.requests]
        return Trip(
            _end(little),
            frozenset((method, path) for method, path, _ in asked),
            frozenset((method, path) for method, path, status in asked if status == 403),
        )


def _uploads(little: Little, desk: Desk) -> str:
    """One that passes, one with much advice, one that fails with a picture, and one that nobody wants. The first."""
    first = little.publish({"rdf.yaml": rdf()})
    little.publish({"rdf.yaml": rdf(name="Much advice", extra=MANY)})
    little.publish({"rdf.yaml": rdf("pictured", "Pictured"), "weights.onnx": b"weights"})
    little.publish({"rdf.yaml": rdf(name="Unwanted")})
    little.go(desk)
    return first


def _people(little: Little, desk: Desk, first: str) -> None:
    """Approved, corrected by command, closed, and a new version in the place of an old one."""
    little.later()
    numbers = {pull.number for pull in little.github.pulls(REPOSITORY)}
    if 1 in numbers:
        little.approve(1)
    if 2 in numbers:
        little.github.comment(REPOSITORY, 2, login="curator", body="/accession apply 1")
    if 4 in numbers:
        little.github.close_pull(REPOSITORY, 4, login="ada")
    little.go(desk)
    concept = little.zenodo.record(first).concept
    little.publish({"rdf.yaml": rdf("failed", "Next")}, concept=concept)
    little.go(desk)
    little.publish({"rdf.yaml": rdf("failed", "After next")}, concept=concept)
    little.go(desk)


def _time_passes(little: Little, desk: Desk) -> None:
    """Evidence grows too old, and is dropped when the collection is looked at."""
    desk.clock.skip(40 * 24 * 3600)
    little.go(desk)


def _end(little: Little) -> dict[str, Any]:
    github = little.github
    pulls = github.pulls(REPOSITORY)
    return {
        "pulls": [(p.number, p.state, p.merged, p.labels) for p in pulls],
        "reports": [len(github.comments(REPOSITORY, p.number)) for p in pulls],
        "resolved": [sum(n.resolved for n in github.review_comments(REPOSITORY, p.number)) for p in pulls],
        "runs": [
            (len(github.check_runs(REPOSITORY, p.head_sha)), len(github.statuses(REPOSITORY, p.head_sha)))
            for p in pulls
        ],
        "annotations": [len(run.annotations) for p in pulls for run in github.check_runs(REPOSITORY, p.head_sha)],
        "refs": sorted(github.refs(REPOSITORY)),
        "published": github.file(REPOSITORY, "collection/collection.json") is not None,
    }
