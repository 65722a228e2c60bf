"""The benchmark that needs the most around it is played once in small, so that it can be run when it is wanted."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.throughput import measured


def test_uploads_are_counted_from_their_notice_to_their_report() -> None:
    row: dict[str, Any] = measured("waiting", workers=2, uploads=2)
    assert (row["checks"], row["workers"], row["submissions"]) == ("waiting", 2, 2)
    assert row["seconds"] > 0
    assert row["a minute"] == 120 / row["seconds"]
