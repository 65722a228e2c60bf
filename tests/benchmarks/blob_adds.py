"""What a zip of 256 members costs in a cache that holds many blobs already: each is added while the box's time runs.

`look ms`: measuring all blobs once, which one add a minute does, or one that fills the cache.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bot.checking.blob_cache import BlobCache

SIZES = (1_000, 20_000)
MEMBERS = 256


class Counting(BlobCache):
    looks = 0

    def _look(self) -> None:
        self.looks += 1
        super()._look()


def rows() -> list[dict[str, object]]:
    """Milliseconds of processor time, and how often all blobs were listed for all members."""
    return [measured(blobs) for blobs in SIZES]


def measured(blobs: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="blobs-") as folder:
        cache = Counting(Path(folder), quota_bytes=50 * 1024**3)
        for number in range(blobs):
            (Path(folder) / "blobs" / f"{number:064x}").write_bytes(b"x")
        look = _milliseconds(cache, [b"the first one looks"])
        cache.looks = 0
        add = _milliseconds(cache, [b"member %d" % number for number in range(MEMBERS)]) / MEMBERS
        return {"blobs": blobs, "members": MEMBERS, "add ms": add, "looks": cache.looks, "look ms": look}


def _milliseconds(cache: BlobCache, contents: list[bytes]) -> float:
    began = time.process_time()
    for content in contents:
        cache.add([content], limit=100)
    return (time.process_time() - began) * 1e3
