"""What can be done to a record, by its owner over HTTP or by a test in process."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .answers import MissingError, ZenodoError, invalid
from .records import Draft, Record, StoredFile, day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .records import Metadata
    from .store import Store

MAX_FILES = 100
"""Files of one record (Zenodo's FAQ; 50 GB in all is not simulated)."""
NOBODY = 1000
"""Owner id of records that a test publishes in nobody's name."""
REQUIRED = ("title", "creators", "upload_type")


@dataclass
class Shelf:
    """The verbs. `lag` is the seconds from now until a change shows in search."""

    store: Store
    clock: Callable[[], float]
    lag: float = 0.0

    def new_draft(self, owner: int, metadata: Metadata) -> Draft:
        """A new concept with its first version; Zenodo numbers the concept one below it."""
        with self.store.lock:
            concept, number = self.store.take_id(), self.store.take_id()
            return self.keep(self._draft(number, concept, 0, owner, metadata))

    def new_version(self, latest: Record) -> Draft:
        """The draft after `latest`, with its files; there is at most one (InvenioRDM: `new_version`, `import_files`)."""
        with self.store.lock:
            waiting = self.unpublished(latest.concept)
            if waiting:
                return waiting
            kept = {k: v for k, v in latest.metadata.items() if k not in {"version", "publication_date"}}
            draft = self._draft(self.store.take_id(), latest.concept, latest.index + 1, latest.owner, kept)
            return self.keep(replace(draft, files=latest.files))

    def unpublished(self, concept: int) -> Draft | None:
        return next((d for d in list(self.store.drafts.values()) if d.concept == concept and not d.published), None)

    def _draft(self, number: int, concept: int, index: int, owner: int, metadata: Metadata) -> Draft:
        now = self.clock()
        return Draft(number, concept, index, owner, str(uuid.uuid4()), dict(metadata), (), now, now)

    def open_edit(self, record: Record) -> Draft:
        """The edit of a published record; its files cannot change."""
        with self.store.lock:
            open_now = self.store.drafts.get(record.id)
            if open_now:
                return open_now
            draft = self._draft(record.id, record.concept, record.index, record.owner, record.metadata)
            return self.keep(replace(draft, files=record.files, created=record.created, published=True))

    def keep(self, draft: Draft) -> Draft:
        with self.store.lock:
            draft = replace(draft, modified=self.clock())
            self.store.drafts[draft.id] = draft
            self.store.save()
        return draft

    def discard(self, draft: Draft) -> None:
        with self.store.lock:
            del self.store.drafts[draft.id]
            self.store.save()

    def put_file(self, draft: Draft, file: StoredFile) -> Draft:
        """Add or replace one file of an unpublished draft."""
        with self.store.lock:
            draft = self.store.drafts[draft.id]
            others = tuple(f for f in draft.files if f.key != file.key)
            if len(others) >= MAX_FILES:
                raise invalid("files", f"Uploading selected files will result in {len(others) + 1} files "
                              f"(max is {MAX_FILES})")  # fmt: skip
            return self.keep(replace(draft, files=(*others, file)))

    def drop_files(self, draft: Draft, keys: Iterable[str]) -> Draft:
        gone = set(keys)
        with self.store.lock:
            return self.keep(replace(draft, files=tuple(f for f in draft.files if f.key not in gone)))

    def publish(self, draft: Draft) -> Record:
        """Turn a draft into a record, or an edit into the record's next revision."""
        self._demand_complete(draft)
        with self.store.lock:
            if draft.id not in self.store.drafts:
                raise MissingError  # somebody else was faster
            metadata = {"publication_date": day(self.clock()), "access_right": "open", **draft.metadata}
            edited = draft.published
            record = self.change(draft.id, metadata=metadata) if edited else self._first(draft, metadata)
            self.discard(draft)
        return record

    def _first(self, draft: Draft, metadata: Metadata) -> Record:
        now = self.clock()
        record = Record(
            draft.id, draft.concept, draft.index, draft.owner, draft.bucket, metadata, draft.files,
            created=now, updated=now, searchable=now + self.lag,
        )  # fmt: skip
        self.store.records[record.id] = record
        return record

    def _demand_complete(self, draft: Draft) -> None:
        for name in REQUIRED:
            if not draft.metadata.get(name):
                raise invalid(f"metadata.{name}", "Missing data for required field.")
        if not draft.files:
            raise invalid("files.enabled", "Missing uploaded files. To disable files for this record please mark it "
                          "as metadata-only.")  # fmt: skip

    def change(self, number: int, **what: Any) -> Record:
        """Change a published record as its owner or Zenodo would: `updated` moves, search keeps the old state a while."""
        with self.store.lock:
            old, now = self.published(number), self.clock()
            known = old.indexed(now, self.lag)
            before = replace(known, before=None) if known else None
            fresh = replace(
                old, **what, before=before, updated=now, searchable=now + self.lag, revision=old.revision + 1
            )
            self.store.records[number] = fresh
            self.store.save()
        return fresh

    def tamper(self, number: int, key: str, served: Callable[[StoredFile], str]) -> None:
        """Let a file serve other bytes than promised, silently: no time moves."""
        with self.store.lock:
            record = self.published(number)
            if record.file(key) is None:
                raise KeyError(f"record {number} has no file {key!r}")
            files = tuple(replace(f, served=served(f)) if f.key == key else f for f in record.files)
            self.store.records[number] = replace(record, files=files)
            self.store.save()

    def published(self, number: int) -> Record:
        """The record, whatever its state; Zenodo's 404 where there is none."""
        record = self.store.records.get(number)
        if record is None:
            raise MissingError
        return record

    def of_owner(self, number: int, owner: int) -> tuple[Draft | None, Record | None]:
        """The draft and the record of a deposition, for its owner: 404 unknown, 403 somebody else's."""
        draft, record = self.store.drafts.get(number), self.store.records.get(number)
        known = draft or record
        if known is None:
            raise MissingError
        if known.owner != owner:
            raise ZenodoError(403, "Permission denied.")
        return draft, record
