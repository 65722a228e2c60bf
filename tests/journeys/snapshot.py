"""The world as far as anybody could tell the difference: for comparing two runs that should end the same."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.journeys.conftest import Little

_STATE = re.compile(r"<!-- accession:state .*? -->", re.DOTALL)
_PORT = re.compile(r"127\.0\.0\.1:\d+")
_NUMBER = re.compile(r"(<!-- accession:nudge [a-z]+-)\d+")
_TURN = re.compile(r"(<!-- accession:remind remind-)\d+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+]+Z?")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
EVIDENCE = "accession-evidence"
REPOSITORY = "zoo/collection"


def snapshot(little: Little) -> dict[str, Any]:
    github = little.github
    pulls = github.pulls(REPOSITORY)
    return {
        "pulls": [(p.number, p.title, p.state, p.merged) for p in pulls],
        "labels": {p.number: github.labels(REPOSITORY, p.number) for p in pulls},
        "comments": {p.number: [visible(c.body) for c in github.comments(REPOSITORY, p.number)] for p in pulls},
        "threads": {
            p.number: [
                (note.path, note.line, note.body, note.resolved)
                for note in github.review_comments(REPOSITORY, p.number)
            ]
            for p in pulls
        },
        "marks": {p.number: [(s.state, s.description) for s in github.statuses(REPOSITORY, p.head_sha)] for p in pulls},
        "refs": sorted(name for name in github.refs(REPOSITORY) if not name.startswith("refs/pull/")),
        "evidence": {_same(path): entry.sha for path, entry in github.files(REPOSITORY, EVIDENCE).items()},
        "collection": _same((github.file(REPOSITORY, "collection/collection.json") or b"").decode()),
        "mails": sorted(Counter(str(m["Message-ID"]) for m in little.mail.messages)),
    }


def visible(body: str) -> str:
    """What people see of a comment, as far as two runs share it."""
    return _NUMBER.sub(r"\1", _TURN.sub(r"\1", _same(_STATE.sub("", body))))


def _same(text: str) -> str:
    """Without ports, times and days, which no two runs share."""
    return _DAY.sub("DAY", _TIME.sub("TIME", _PORT.sub("HOST", text)))
