"""Facts that cost time to find out, kept as JSON files below the cache folder; losing them loses only time."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from bot import plain_json

if TYPE_CHECKING:
    from pathlib import Path

    from bot.ports import Json

_KEY = re.compile(r"[0-9a-f]{64}")
_BYTES = 8 * 1024**2


class JsonShelf:
    """`<root>/<room>/<key>.json`, written beside and renamed; keys are sha256 in hex."""

    def __init__(self, root: Path) -> None:
        self._root = root

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
        beside = path.with_suffix(f".{time.monotonic_ns()}.tmp")
        beside.write_text(plain_json.dumps(value), encoding="ascii")
        beside.replace(path)

    def _path(self, room: str, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("a key is a sha256 in hex")
        return self._root / room / f"{key}.json"
