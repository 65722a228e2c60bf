"""New uploads: which there are, and their pull requests once a job without a token has looked into them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot import pipeline
from bot.actions import rounds
from bot.corridor.check_pull import contributor_of
from bot.corridor.observe_pull import base_policy
from bot.corridor.reconcile_record import reconcile_record
from bot.proposal import naming
from bot.records.event import Hint, RecordSubject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.corridor.desk import Desk
    from bot.ports import Engine
    from bot.records.answer import Answer
    from bot.records.policy import Policy
    from bot.records.submission import Upload

log = structlog.get_logger()


def find(desk: Desk, *, days: int, most: int, daily: bool = False) -> list[str]:
    """Records that wait for an answer. Nothing is remembered between runs, so what is looked back at overlaps the schedule by far.

    All pull requests are listed once, because asking for each upload's own would cost a request for each upload there ever
    was, and Actions' token has 1,000 an hour. An upload that was refused or is held has none and is new in every run: at most
    so many new ones are looked at, others the next time, and of one uploader no more before others than may be open at once.
    So neither those that are refused nor hundreds that are held stand in anybody's way.
    """
    known = {p.head_branch for p in desk.github.pulls(state="all") if p.head_repository == desk.repository}
    policy = base_policy(desk)
    listed = {upload.record: upload for upload in _uploads(desk, policy, days) if naming.branch(upload) not in known}
    new = sorted(listed.values(), key=lambda upload: (len(upload.record), upload.record))
    first, others = rounds.ahead(new, contributor_of, policy.per_owner)
    number = rounds.number_of(desk.clock.now(), rounds.DAY if daily else rounds.HALF_HOUR)
    chosen = rounds.turns(first, others, most, number)
    return [upload.record for upload in chosen if reconcile_record(desk, upload).status == "waiting"]


def propose(desk: Desk, engine: Engine, records: Sequence[str], *, asked: bool) -> dict[str, Answer]:
    """Each record's pull request, and a check of it; a record that fails does not stop the others."""
    return {record: pipeline.run(desk, engine, RecordSubject(record), Hint(asked=asked)) for record in records}


def _uploads(desk: Desk, policy: Policy, days: int) -> Iterator[Upload]:
    since = desk.clock.now() - timedelta(days=days) if days else None
    for page in desk.archive.changed(policy.keywords, since):
        for problem in page.unreadable:
            log.error("record_unreadable", problem=problem)
        yield from page.uploads
