"""Many pull requests that wait for a review, founded in the world itself: a look at each writes nothing.

The first one the bot reports on by itself; the others get the same report, signed for them with the bot's own key.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import pipeline
from bot.corridor import checks_kept
from bot.corridor.observe_pull import base_policy
from bot.digests import blob_sha
from bot.feedback.state_block import REPORT_MARKER, seal, unseal
from bot.records.event import PullSubject
from tests.journeys.conftest import REPOSITORY, STATE_KEY, rdf
from tests.world.github.acts import comments, labels
from tests.world.github.auth import human

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from tests.journeys.conftest import Little
    from tests.world.github.records import Status

BOT = "accession"


def crowd(little: Little, count: int, *, first: int = 0) -> dict[int, int]:
    """Pull requests of a contributor, a minute apart, each with an entry of its own, not seen by the bot: number to ordinal."""
    made = {}
    with little.github.transaction():
        for ordinal in range(first, first + count):
            little.later(60)
            files = {f"{folder(ordinal)}/rdf.yaml": text(ordinal)}
            little.github.commit_files(REPOSITORY, f"add/{ordinal}", files, author="ada")
            title = f"Add crowd-{ordinal}"
            made[little.github.open_pull(REPOSITORY, f"add/{ordinal}", login="ada", title=title)] = ordinal
    return made


def waiting_crowd(little: Little, desk: Desk, count: int) -> None:
    """The same, reported on."""
    made = crowd(little, count)
    numbers = list(made)
    pipeline.reconcile_all(desk, [PullSubject(numbers[0])])
    (comment,) = little.github.comments(REPOSITORY, numbers[0])
    (status,) = little.github.statuses(REPOSITORY, little.github.pull(REPOSITORY, numbers[0]).head_sha)
    for number in numbers[1:]:
        _report(little, desk, number, made, comment.body, status)


def _report(little: Little, desk: Desk, number: int, made: dict[int, int], body: str, status: Status) -> None:
    like, ordinal = next(iter(made)), made[number]
    found = unseal(body, STATE_KEY, desk.where(like))
    assert found
    words = body.partition(f"\n\n{REPORT_MARKER}")[0].replace(f"crowd-{made[like]} ", f"crowd-{ordinal} ")
    head = little.github.pull(REPOSITORY, number).head_sha
    key = checks_kept.check_key(
        folder(ordinal), blob_sha(text(ordinal)), desk.environment(), base_policy(desk).digest, ""
    )
    little.later(60)
    state = replace(found[0], head=head, check_key=key, told=(f"mail:awaiting review:{key[:12]}",))
    target = f"{little.github_url}/{REPOSITORY}/pull/{number}#accession-{key[:12]}"
    with little.github.transaction():
        store, issue, bot = little.github.store, little.github.issue(REPOSITORY, number), human(BOT)
        comments.add_comment(little.github, issue, seal(words, state, STATE_KEY, desk.where(number)), bot)
        labels.set_labels(little.github, little.github.issue(REPOSITORY, number), ["awaiting review"], bot)
        store.put(replace(status, id=store.next_id("status"), sha=head, target_url=target))


def folder(ordinal: int) -> str:
    return f"collection/entries/crowd-{ordinal}/1"


def text(ordinal: int) -> bytes:
    return rdf(name=f"Crowd {ordinal}")
