"""Forget what only grows: rows of the local store that nobody will ask for again (`corridor/rooms.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.corridor import outbox
from bot.corridor.reconcile_record import ROOM as UPLOADS
from bot.corridor.rooms import ROOMS, Known, young

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.event import Subject

_MAILS_DAYS = 30

log = structlog.get_logger()


def clean_up(desk: Desk) -> tuple[Subject, ...]:
    """Names nobody. Killed in the middle it has forgotten a part, and the next day's forgets the rest."""
    known = _known(desk)
    forgotten = {"outbox:*": _forget_mails(desk, known)}
    for room in ROOMS:
        if room.keep is None:
            continue
        old = [key for key, row in desk.store.items(room.name).items() if not room.keep(known, key, row)]
        for key in old:
            desk.store.drop(room.name, key)
        forgotten[room.name] = len(old)
    log.info("cleaned_up", forgotten={name: number for name, number in forgotten.items() if number})
    return ()


def _known(desk: Desk) -> Known:
    pulls = desk.github.pulls(state="open")
    base = desk.github.ref(f"heads/{desk.github.default_branch()}") or ""
    files = {file.path: file for file in desk.github.folder(base, "collection/entries")}
    folders = [path.removesuffix("/entry.yaml") for path in files if path.endswith("/entry.yaml")]
    both = [folder for folder in folders if f"{folder}/rdf.yaml" in files]
    waiting = (record for record, row in desk.store.items(UPLOADS).items() if row.get("status") == "waiting")
    return Known(
        now=desk.now_at_github(),
        open=frozenset(str(pull.number) for pull in pulls),
        branches=frozenset(pull.head_branch for pull in pulls),
        entries=frozenset(f"{files[f'{one}/entry.yaml'].sha}:{files[f'{one}/rdf.yaml'].sha}" for one in both),
        places=frozenset(folder.removeprefix("collection/entries/") for folder in both),
        waiting=frozenset(waiting),
    )


def _forget_mails(desk: Desk, known: Known) -> int:
    """The mails first and the note that there are some last, so that a crash in between leaves none behind."""
    keep, forgotten = young(_MAILS_DAYS), 0
    for number, row in desk.store.items(outbox.INDEX).items():
        if number in known.open or keep(known, number, row) or outbox.undelivered(desk, int(number)):
            continue
        for name in desk.store.items(outbox.room(number)):
            desk.store.drop(outbox.room(number), name)
            forgotten += 1
        desk.store.drop(outbox.INDEX, number)
    return forgotten
