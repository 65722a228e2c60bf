"""What anybody may ask: search, records, versions, files and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from . import content, pages
from .answers import MissingError, ZenodoError, answer
from .present import file_json, files_json, record_json, tombstone
from .search import Search, results

if TYPE_CHECKING:
    from .asking import Asking
    from .records import Record, StoredFile


def search(ask: Asking) -> Response:
    wanted = Search.parse(ask.args, ask.user)
    return answer(results(wanted, ask.index(), ask.base, f"{ask.base}/api/records", ask.user))


def record(ask: Asking, number: str) -> Response:
    """A record; the number of a concept leads to its newest version (301, as InvenioRDM's redirected identifiers)."""
    newest = _newest(ask, number)
    if newest:
        url = f"{ask.base}/api/records/{newest.id}"
        return answer({"status": 301, "message": "Moved Permanently.", "location": url}, 301, Location=url)
    return _shown(ask, _standing(ask, number))


def versions(ask: Asking, number: str) -> Response:
    """All versions, newest first, as far as the index knows them."""
    concept = _standing(ask, number).concept
    asked = {"sort": "version", **ask.args, "q": f"conceptrecid:{concept}", "allversions": "true"}
    found = results(Search.parse(asked, ask.user), ask.index(), ask.base, f"{ask.base}{ask.request.path}", ask.user)
    return answer(found)


def latest(ask: Asking, number: str) -> Response:
    """The newest version, at once: this is read from the database, not from the index."""
    newest = ask.store.versions(_standing(ask, number).concept)
    return _shown(ask, newest[-1])


def files(ask: Asking, number: str) -> Response:
    return answer(files_json(_open(ask, number), ask.base))


def file(ask: Asking, number: str, key: str) -> Response:
    found = _open(ask, number)
    return answer(file_json(_named(found, key), found, ask.base))


def file_content(ask: Asking, number: str, key: str) -> Response:
    return content.content(ask.store, _named(_open(ask, number), key), ask.request)


def archive(ask: Asking, number: str) -> Response:
    return content.archive(ask.store, _open(ask, number), ask.request)


def front_page(ask: Asking) -> Response:
    return pages.front_page(sorted(ask.index().records, key=lambda r: -r.id))


def record_page(ask: Asking, number: str) -> Response:
    newest = _newest(ask, number)
    if newest:
        return Response(status=302, headers={"Location": f"{ask.base}/records/{newest.id}"})
    found = ask.store.records.get(int(number)) if number.isdecimal() else None
    if found is None:
        return pages.page("Not found", "<p>There is no such record.</p>", 404)
    return pages.gone_page(found) if found.withdrawn else pages.record_page(found, files=ask.may_read(found))


def _newest(ask: Asking, number: str) -> Record | None:
    """The newest version of the concept `number`, if it is one."""
    standing = ask.store.versions(int(number)) if number.isdecimal() else []
    return standing[-1] if standing else None


def _standing(ask: Asking, number: str) -> Record:
    """The record `number`: 404 where there is none, 410 with the tombstone where it was withdrawn."""
    if not number.isdecimal():
        raise MissingError
    found = ask.shelf.published(int(number))
    if found.withdrawn:
        raise ZenodoError(410, "Record deleted", tombstone=tombstone(found))
    return found


def _open(ask: Asking, number: str) -> Record:
    """The same, 403 where its files are not the asker's to read."""
    found = _standing(ask, number)
    if not ask.may_read(found):
        raise ZenodoError(403, "Permission denied.")
    return found


def _named(found: Record, key: str) -> StoredFile:
    file = found.file(key)
    if file is None:
        raise MissingError(f'Record with PID {found.id} has no file "{key}".')
    return file


def _shown(ask: Asking, found: Record) -> Response:
    last = ask.store.versions(found.concept)[-1].id == found.id
    body = record_json(found, ask.base, last=last, files=ask.may_read(found))
    return answer(body, ETag=f'"{found.revision}"')
