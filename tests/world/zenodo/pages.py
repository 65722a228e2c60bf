"""Plain pages for people who click through the local world."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.wrappers import Response

from .records import moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .records import Record


def page(title: str, body: str, status: int = 200) -> Response:
    head = f'<!doctype html><meta charset="utf-8"><title>{escape(title)}</title>'
    style = "<style>body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}</style>"
    note = '<p><a href="/">A local stand-in for Zenodo</a>: nothing here is published anywhere.</p>'
    return Response(f"{head}{style}{note}<h1>{escape(title)}</h1>{body}", status, mimetype="text/html")


def front_page(records: Iterable[Record]) -> Response:
    rows = [f'<li><a href="/records/{r.id}">{escape(r.title)}</a> ({_words(r)})</li>' for r in records]
    return page("Records", f"<ul>{''.join(rows)}</ul>" if rows else "<p>None yet.</p>")


def record_page(record: Record, *, files: bool) -> Response:
    shown = [_file_row(record, f.key, f.size) for f in record.files] if files else ["<li>restricted</li>"]
    facts = (
        f"<p>{escape(record.doi)}, version {record.index + 1}, published {moment(record.created)}, "
        f"updated {moment(record.updated)}</p><p>Keywords: {_words(record)}</p>"
    )
    described = f"<blockquote>{escape(str(record.metadata.get('description', '')))}</blockquote>"
    return page(record.title, f"{facts}{described}<h2>Files</h2><ul>{''.join(shown)}</ul>")


def gone_page(record: Record) -> Response:
    return page("Gone", f"<p>The record {escape(record.doi)} was removed.</p>", 410)


def _words(record: Record) -> str:
    return escape(", ".join(record.keywords) or "no keywords")


def _file_row(record: Record, key: str, size: int) -> str:
    url = f"/api/records/{record.id}/files/{quote(key)}/content"
    return f'<li><a href="{escape(url)}">{escape(key)}</a> ({size:,} bytes)</li>'
