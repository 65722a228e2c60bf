"""Reviews and review comments as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.world.github.acts.thread_lines import lines_now
from tests.world.github.dates import iso
from tests.world.github.records import Pull
from tests.world.github.shapes.issues import reactions
from tests.world.github.shapes.urls import REVIEW, REVIEW_COMMENT, fill
from tests.world.github.shapes.users import association, user

if TYPE_CHECKING:
    from tests.world.github.core import Core
    from tests.world.github.records import Review, ReviewComment


def review(core: Core, record: Review) -> dict[str, Any]:
    """``pull-request-review``."""
    urls = fill(core.url, REVIEW, repo=record.repo, number=record.number, id=record.id)
    data = urls | {
        "id": record.id,
        "node_id": record.node_id,
        "user": user(core, record.user),
        "body": record.body,
        "state": record.state,
        "commit_id": record.commit_id,
        "author_association": association(core, record.repo, record.user),
        "_links": {"html": {"href": urls["html_url"]}, "pull_request": {"href": urls["pull_request_url"]}},
    }
    return data | ({"submitted_at": iso(record.submitted)} if record.submitted is not None else {})


def review_comment(core: Core, record: ReviewComment) -> dict[str, Any]:
    """``pull-request-review-comment``."""
    urls = fill(core.url, REVIEW_COMMENT, repo=record.repo, number=record.number, id=record.id)
    pull = core.store.get(Pull, record.group)
    start, line = (lines_now(core, pull, record) if pull else None) or (None, None)
    links = {"self": urls["url"], "html": urls["html_url"], "pull_request": urls["pull_request_url"]}
    data = urls | {
        "id": record.id,
        "node_id": record.node_id,
        "pull_request_review_id": record.review_id,
        "user": user(core, record.user),
        "body": record.body,
        "path": record.path,
        "commit_id": pull.head_sha if pull and line else record.commit_id,
        "original_commit_id": record.original_commit_id,
        "diff_hunk": record.diff_hunk,
        "line": line,
        "original_line": record.line,
        "start_line": start,
        "original_start_line": record.start_line,
        "side": record.side,
        "start_side": record.side if record.start_line else None,
        "position": line,
        "original_position": record.line,
        "subject_type": "line" if record.line else "file",
        "created_at": iso(record.created),
        "updated_at": iso(record.updated),
        "author_association": association(core, record.repo, record.user),
        "reactions": reactions(urls["url"]),
        "_links": {name: {"href": url} for name, url in links.items()},
    }
    if record.line is None:
        data = {name: value for name, value in data.items() if not name.endswith(("line", "position"))}
    elif line is None:  # outdated; the description knows no null here
        data = {name: value for name, value in data.items() if name not in {"line", "position"}}
    return data | ({"in_reply_to_id": record.in_reply_to} if record.in_reply_to else {})
