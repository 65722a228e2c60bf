"""Facts that cost time to find out, kept as JSON files below the cache folder; losing them loses only time."""

from __future__ import annotations

import re
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from bot import plain_json

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    from bot.ports import Json

_KEY = re.compile(r"[0-9a-f]{64}")
_BYTES = 8 * 1024**2
DAYS = 180
QUOTA_BYTES = 512 * 1024**2
SWEEP_EVERY = 500
"""Facts put between two looks at the whole shelf; the first one looks too."""
_DAY = 86_400.0
_HALF_WRITTEN = 3600.0


class JsonShelf:
    """`<root>/<room>/<key>.json`, written beside and renamed; keys are sha256 in hex.

    What was found out more than `days` ago goes, then the oldest until the rest fits `quota_bytes`; several processes
    may share a shelf.
    """

    def __init__(self, root: Path, *, days: float = DAYS, quota_bytes: int = QUOTA_BYTES) -> None:
        self._root = root
        self._seconds = days * _DAY
        self._quota = quota_bytes
        self._puts = 0
        self._lock = threading.Lock()

    def get(self, room: str, key: str, *, max_age: float | None = None) -> Json | None:
        """The value, None where there is none, where it is older than `max_age` seconds or unreadable."""
        path = self._path(room, key)
        try:
            if max_age is not None and path.stat().st_mtime < time.time() - max_age:
                return None
            value = plain_json.loads(path.read_bytes(), limit=_BYTES)
        except (OSError, plain_json.NotPlainError):
            return None
        return value if isinstance(value, dict) else None

    def put(self, room: str, key: str, value: Json) -> None:
        """Keep a value, replacing an older one."""
        path = self._path(room, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{time.monotonic_ns()}.{threading.get_ident()}.tmp")
        beside.write_text(plain_json.dumps(value), encoding="ascii")
        beside.replace(path)
        with self._lock:
            due = self._puts % SWEEP_EVERY == 0
            self._puts += 1
        if due:
            self.sweep()

    def sweep(self) -> int:
        """Remove what is too old, then the oldest until the rest fits; how many files went."""
        now = time.time()
        files = sorted((status.st_mtime, status.st_size, path) for path, status in self._files())
        excess = sum(size for _, size, _ in files) - self._quota
        gone = 0
        for changed, size, path in files:
            half = path.suffix == ".tmp" and now - changed > _HALF_WRITTEN
            if not half and now - changed <= self._seconds and excess <= 0:
                continue
            path.unlink(missing_ok=True)
            excess -= size
            gone += 1
        return gone

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        """What a process beside us removes meanwhile is left out."""
        with suppress(FileNotFoundError):
            for room in self._root.iterdir():
                for path in room.iterdir() if room.is_dir() else ():
                    with suppress(FileNotFoundError):
                        yield path, path.stat()

    def _path(self, room: str, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("a key is a sha256 in hex")
        return self._root / room / f"{key}.json"
