"""A Zenodo on loopback: today's record format, versions, search limits, rate-limit headers, index lag, deposits.

Held to recorded answers (`tests/contracts/test_zenodo_shapes.py`). Not simulated: communities, requests, DOIs that
resolve, statistics, OAI-PMH, thumbnails, relevance.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request

from .answers import ZenodoError
from .asking import Asking, signed_in
from .control import PREFIX
from .limits import Limits
from .records import Record, StoredFile
from .routes import dispatch, refusal
from .search import Index
from .shelf import NOBODY, Shelf
from .store import Store

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment

    from werkzeug.wrappers import Response

__all__ = ["Record", "Seen", "ZenodoWorld"]

Id = int | str


@dataclass(frozen=True)
class Seen:
    """One request as it came; the path has its query, a token in it included, so that tests can look for one."""

    method: str
    path: str
    status: int
    user: str | None


class ZenodoWorld:
    """The archive as a WSGI app, and the verbs by which a test plays contributor, curator and bad luck.

    `state` keeps everything over a restart. `url` is the address that links carry ("": the one the request used).
    `index_lag`: seconds until a change shows in search (lowering it brings waiting changes forward).
    `honour_updated_sort`, `honour_updated_range`: False where Zenodo does not offer `updated` for sorting or ranges;
    then `strict` decides between a 400 and a silently useless answer.
    """

    def __init__(self, state: Path, *, url: str = "", clock: Callable[[], float] = time.time) -> None:
        self.url = url
        self.clock = clock
        self.enforce_limits = False
        self.honour_updated_sort = True
        self.honour_updated_range = True
        self.strict = True
        self.requests: list[Seen] = []
        self.store = Store(state)
        self.shelf = Shelf(self.store, clock)
        self._limits = Limits(clock)

    @property
    def index_lag(self) -> float:
        return self.shelf.lag

    @index_lag.setter
    def index_lag(self, seconds: float) -> None:
        self.shelf.lag = seconds

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        base = self.url.rstrip("/") or request.host_url.rstrip("/")
        if request.path.startswith(PREFIX):
            return dispatch(Asking(request, None, self.shelf, base, self))(environ, start_response)
        user = None
        try:
            user = signed_in(request, self.store.users)
        except ZenodoError as error:
            response, name = refusal(error), None
        else:
            name = user.name if user else None
            response = self._limited(Asking(request, user, self.shelf, base, self))
        self.requests.append(Seen(request.method, request.full_path.rstrip("?"), response.status_code, name))
        response.call_on_close(request.close)  # a form's files are temporary files
        return response(environ, start_response)

    def _limited(self, ask: Asking) -> Response:
        who = ask.user.name if ask.user else f"guest {ask.request.remote_addr}"
        search = ask.request.path.rstrip("/") == "/api/records"
        headers, passed = self._limits.count(who, user=ask.user is not None, search=search)
        response = refusal(passed) if passed and self.enforce_limits else dispatch(ask)
        response.headers.extend(headers)
        return response

    def index(self) -> Index:
        """What search knows now."""
        with self.store.lock:
            now, everything = self.clock(), list(self.store.records.values())
        known = (record.indexed(now, self.index_lag) for record in everything)
        standing = tuple(record for record in known if record is not None and not record.withdrawn)
        return Index(standing, self.honour_updated_sort, self.honour_updated_range, self.strict)

    def saving_once(self) -> AbstractContextManager[None]:
        """Publish thousands of records with one write to disk: `with world.saving_once(): …`."""
        return self.store.saving_once()

    def add_user(self, name: str, token: str) -> int:
        """The owner id of `name`, who signs in with `token`."""
        return self.store.user_id(name, token)

    def publish(
        self,
        files: Mapping[str, bytes | os.PathLike[str]],
        *,
        title: str,
        keywords: Sequence[str] = ("bioimage.io",),
        owner: int | None = None,
        concept: Id | None = None,
        metadata: Mapping[str, Any] | None = None,
        access: str = "open",
    ) -> Record:
        """Publish a record, or with `concept` its next version; `metadata` is deposit metadata and wins."""
        stored = tuple(self.store.put_path_or_bytes(content, key) for key, content in files.items())
        given = {
            "title": title,
            "upload_type": "other",
            "description": f"<p>{title}</p>",
            "creators": [{"name": "Contributor, Ada", "affiliation": None}],
            "keywords": list(keywords),
            "access_right": access,
            **(metadata or {}),
        }
        with self.store.lock:
            latest = self._latest(concept) if concept is not None else None
            draft = self.shelf.new_version(latest) if latest else self.shelf.new_draft(owner or NOBODY, given)
            return self.shelf.publish(replace(draft, metadata=given, files=stored, owner=owner or draft.owner))

    def _latest(self, concept: Id) -> Record:
        versions = self.store.versions(int(concept))
        if not versions:
            raise KeyError(f"no record of concept {concept}")
        return versions[-1]

    def record(self, record_id: Id) -> Record:
        """The record as the database has it, whatever search knows."""
        return self.shelf.published(int(record_id))

    def edit(self, record_id: Id, *, title: str | None = None, keywords: Sequence[str] | None = None) -> Record:
        """Edit the metadata: `updated` moves, `created` and the files stay."""
        fresh = dict(self.record(record_id).metadata)
        fresh |= {} if title is None else {"title": title}
        fresh |= {} if keywords is None else {"keywords": list(keywords)}
        return self.shelf.change(int(record_id), metadata=fresh)

    def restrict(self, record_id: Id) -> Record:
        """Hide the files from everybody but the owner."""
        return self.shelf.change(
            int(record_id), metadata={**self.record(record_id).metadata, "access_right": "restricted"}
        )

    def withdraw(self, record_id: Id) -> Record:
        """Leave a tombstone (410)."""
        return self.shelf.change(int(record_id), withdrawn=True)

    def drop_file(self, record_id: Id, name: str) -> None:
        """List a file whose content is a 404."""
        self.shelf.tamper(int(record_id), name, lambda _: "")

    def corrupt_file(self, record_id: Id, name: str) -> None:
        """Serve other bytes (of the same length, unless that is 0) than the file's md5 promises."""

        def other(file: StoredFile) -> str:
            right = self.store.blob(file.md5).read_bytes()
            wrong = bytes([right[0] ^ 0xFF]) + right[1:] if right else b"?"
            return self.store.put_path_or_bytes(wrong, name).md5

        self.shelf.tamper(int(record_id), name, other)
