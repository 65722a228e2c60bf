"""The status page: where everything stands, as HTML without scripts, pictures or addresses of others. Pure."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.words.text import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.ports import Json

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}
th,td{text-align:left;padding:.35rem .7rem;border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600}h1{font-size:1.5rem}h2{font-size:1.1rem;margin:1.5rem 0 .3rem}.note{color:#555}
@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}th,td{border-color:#444}a{color:#8ab4f8}.note{color:#aaa}}
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The page's `Content-Security-Policy`: this style and nothing else."""
_NONE = "–"
_STATES = {"held": "waits its turn", "waiting": "being looked at", "errored": "tried again", "refused": "not taken"}
"""Of uploads that have no pull request; a stage says what it means by itself."""


def status_page(shown: Json, *, repository: str, pulls_url: str, now: datetime, young: bool) -> str:
    """`shown` is what `public.public` lets through; `young` is false where the database does not answer."""
    known = pulls_url.startswith(("https://", "http://"))
    address = f"{pulls_url.rstrip('/')}/{quote(repository)}" if known else ""
    pulls = [row for row in shown["submissions"] if row["pull_request"] is not None]
    uploads = [row for row in shown["submissions"] if row["pull_request"] is None]
    parts = [
        f"<h1>{_link(address, repository)}</h1>",
        *(f"<p><strong>{escape(message)}</strong></p>" for message in shown["messages"]),
        "" if young else "<p><strong>The database does not answer; this is what was known last.</strong></p>",
        f'<p class="note">{escape(_summary(shown))}</p>',
        _section("Pull requests", _PULLS, (_pull(row, address) for row in pulls), "No pull request is open."),
        _section("Uploads without a pull request", _UPLOADS, map(_upload, uploads), "Nothing is held."),
        _section("Given up until something happens", _GIVEN_UP, map(_parked, shown["parked"]), "Nothing was given up."),
        f'<p class="note">{escape(_listing(shown["listing"]))} Written {now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC.</p>',
    ]
    return _page(f"{repository}: submissions", "\n".join(part for part in parts if part))


_PULLS = ("Pull request", "Entry", "Version", "Stage", "Waits for", "Place", "Expected", "Next attempt")
_UPLOADS = ("Record", "Where it stands", "Why", "Place", "Expected", "Next attempt")
_GIVEN_UP = ("Subject", "Why", "Tries", "Since")


def _pull(row: Json, address: str) -> tuple[str, ...]:
    number = row["pull_request"]
    link = _link(f"{address}/pull/{number}" if address else "", f"#{number}")
    return (link, *_cells(row, "id", "version", "stage", "waits_for", "place", "expected"), _when(row["next_attempt"]))


def _upload(row: Json) -> tuple[str, ...]:
    stands = _STATES.get(row["stage"] or "", row["stage"])
    cells = _cells(row | {"stage": stands}, "version", "stage", "waits_for", "place", "expected")
    return (*cells, _when(row["next_attempt"]))


def _parked(row: Json) -> tuple[str, ...]:
    return (*_cells(row, "subject", "message", "tries"), _when(row["since"]))


def _cells(row: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    return tuple(_NONE if row[name] in {None, ""} else escape(str(row[name])) for name in names)


def _summary(shown: Json) -> str:
    stages = [f"{number} {stage}" for stage, number in shown["stages"].items()]
    queue = [
        f"{number:g} {state.replace('_', ' ')}"
        for state, number in shown["queue"].items()
        if number and not state.endswith("_seconds")
    ]
    said = [f"{count(len(shown['submissions']), 'submission')}: {', '.join(stages)}." if stages else "Nothing is open."]
    return " ".join([*said, *([f"In the queue: {', '.join(queue)}."] if queue else [])])


def _listing(listing: Json) -> str:
    if listing["at"] is None:
        return "The archive was not asked yet."
    complete = "" if listing["complete"] else " The listing was not complete; it is continued."
    return f"The archive was last asked {_when(listing['at'])}.{complete}"


def _when(text: str | None) -> str:
    """A time as people read it; what is none is shown as it is, escaped."""
    try:
        return f"{datetime.fromisoformat(text or '').astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError):
        return escape(text) if text else _NONE


def _section(title: str, heads: Sequence[str], rows: Iterable[tuple[str, ...]], none: str) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    if not body:
        return f"<h2>{escape(title)}</h2>\n<p>{escape(none)}</p>"
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    return f"<h2>{escape(title)}</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>' if address else escape(text)


def _page(title: str, body: str) -> str:
    head = (
        f'<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>'
    )
    return f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n'
