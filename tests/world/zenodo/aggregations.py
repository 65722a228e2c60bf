"""The counts beside the hits of a search: access, type, subject and file type."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from .present import resource_type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .records import Record

BUCKETS = 10
"""The most that OpenSearch gives of one kind by default."""


def aggregations(records: Iterable[Record]) -> dict[str, Any]:
    access: Counter[str] = Counter()
    types: Counter[str] = Counter()
    subjects: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for record in records:
        access["restricted" if record.restricted else "open"] += 1
        types[resource_type(record.metadata)["type"]] += 1
        subjects.update(set(record.keywords))
        if not record.restricted:
            files.update({PurePosixPath(f.key).suffix.lstrip(".") for f in record.files} - {""})
    return {
        "access_status": {"buckets": _buckets(access, title=True), "label": "Access status"},
        "resource_type": {"buckets": _nested(_buckets(types, title=True)), "label": "Resource types"},
        "subject": {"buckets": _buckets(subjects), "label": "Subjects"},
        "file_type": {"buckets": [{**b, "label": b["key"].upper()} for b in _buckets(files)], "label": "File type"},
    }


def _buckets(counts: Counter[str], *, title: bool = False) -> list[dict[str, Any]]:
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:BUCKETS]
    return [
        {"key": key, "doc_count": count, "label": key.capitalize() if title else key, "is_selected": False}
        for key, count in most
    ]


def _nested(buckets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Types have subtypes inside, here always none."""
    return [{**bucket, "inner": {"buckets": []}} for bucket in buckets]
