"""The archive's memory on disk: blobs by md5, everything else in one JSON file that is replaced, never half written."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import threading
import uuid
from dataclasses import asdict, replace
from typing import IO, TYPE_CHECKING

from .records import Draft, Record, StoredFile, User, draft_from_json, record_from_json

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

FIRST_ID = 7_000_001
FIRST_USER = 1001
CHUNK = 1 << 20


class Store:
    """All mutation happens under `lock` and ends in `save`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.RLock()
        self.users: dict[str, User] = {}
        self.records: dict[int, Record] = {}
        self.drafts: dict[int, Draft] = {}
        self.next_id = FIRST_ID
        self._deferred = False
        (folder / "blobs").mkdir(parents=True, exist_ok=True)
        if self._file.exists():
            self._load()

    @property
    def _file(self) -> Path:
        return self.folder / "zenodo.json"

    def _load(self) -> None:
        raw = json.loads(self._file.read_text())
        self.next_id = raw["next_id"]
        self.users = {u["token"]: User(**u) for u in raw["users"]}
        self.records = {r["id"]: record_from_json(r) for r in raw["records"]}
        self.drafts = {d["id"]: draft_from_json(d) for d in raw["drafts"]}

    def save(self) -> None:
        """Write all of it beside the old file, then rename over it."""
        if self._deferred:
            return
        everything = {
            "next_id": self.next_id,
            "users": [asdict(u) for u in self.users.values()],
            "records": [asdict(r) for r in self.records.values()],
            "drafts": [asdict(d) for d in self.drafts.values()],
        }
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(everything))
        fresh.replace(self._file)

    @contextlib.contextmanager
    def saving_once(self) -> Iterator[None]:
        """Save at the end instead of at every change: thousands of records in a benchmark are one write."""
        with self.lock:
            self._deferred = True
            try:
                yield
            finally:
                self._deferred = False
                self.save()

    def take_id(self) -> int:
        self.next_id += 1
        return self.next_id - 1

    def user_id(self, name: str, token: str) -> int:
        """The id of the user `name`, who from now on has `token`."""
        with self.lock:
            old = next((u for u in self.users.values() if u.name == name), None)
            user = replace(old, token=token) if old else User(FIRST_USER + len(self.users), name, token)
            if old:
                del self.users[old.token]
            self.users[token] = user
            self.save()
        return user.id

    def versions(self, concept: int) -> list[Record]:
        """The published, not withdrawn versions, oldest first."""
        with self.lock:
            mine = [r for r in self.records.values() if r.concept == concept and not r.withdrawn]
        return sorted(mine, key=lambda r: r.index)

    def put(self, stream: IO[bytes], key: str) -> StoredFile:
        """Stream content to disk; equal content is stored once."""
        digest, size = hashlib.md5(usedforsecurity=False), 0
        fresh = self.folder / "blobs" / f"{uuid.uuid4()}.part"
        try:
            with fresh.open("wb") as target:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
                    size += target.write(chunk)
            fresh.replace(self.blob(digest.hexdigest()))
        finally:
            fresh.unlink(missing_ok=True)
        return StoredFile(str(uuid.uuid4()), key, digest.hexdigest(), size, digest.hexdigest())

    def put_path_or_bytes(self, content: bytes | os.PathLike[str], key: str) -> StoredFile:
        if isinstance(content, bytes):
            return self.put(io.BytesIO(content), key)
        with open(content, "rb") as stream:  # noqa: PTH123  (any path-like)
            return self.put(stream, key)

    def blob(self, md5: str) -> Path:
        return self.folder / "blobs" / md5
