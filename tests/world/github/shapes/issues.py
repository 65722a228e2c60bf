"""Issues, labels and comments as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.world.github.dates import iso, maybe_iso
from tests.world.github.records import Comment, Issue, Label, Pull
from tests.world.github.shapes.apps import app_or_none
from tests.world.github.shapes.urls import COMMENT, ISSUE, fill
from tests.world.github.shapes.users import association, maybe_user, user

if TYPE_CHECKING:
    from tests.world.github.core import Core

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")


def reactions(url: str) -> dict[str, Any]:
    return {"url": f"{url}/reactions", "total_count": 0} | dict.fromkeys(REACTIONS, 0)


def label(core: Core, record: Label) -> dict[str, Any]:
    return {
        "id": record.id,
        "node_id": record.node_id,
        "url": f"{core.url}/repos/{record.repo}/labels/{quote(record.name)}",
        "name": record.name,
        "description": record.description,
        "color": record.color,
        "default": False,
    }


def labels(core: Core, issue: Issue) -> list[dict[str, Any]]:
    known = {record.name: record for record in core.store.group(Label, issue.group)}
    return [label(core, known[name]) for name in issue.labels if name in known]


def issue(core: Core, record: Issue) -> dict[str, Any]:
    """``issue``; for a pull request with the ``pull_request`` links that tell them apart."""
    page = "pull" if record.is_pull else "issues"
    links = fill(core.url, ISSUE, repo=record.repo, number=record.number, page=page)
    data = links | {
        "id": record.id,
        "node_id": record.node_id,
        "number": record.number,
        "state": record.state,
        "state_reason": record.state_reason,
        "title": record.title,
        "body": record.body,
        "user": user(core, record.user),
        "labels": labels(core, record),
        "assignee": maybe_user(core, next(iter(record.assignees), None)),
        "assignees": [user(core, login) for login in record.assignees],
        "milestone": None,
        "locked": False,
        "active_lock_reason": None,
        "comments": len(core.store.group(Comment, record.key)),
        "created_at": iso(record.created),
        "updated_at": iso(record.updated),
        "closed_at": maybe_iso(record.closed),
        "closed_by": maybe_user(core, record.closed_by),
        "author_association": association(core, record.repo, record.user),
        "reactions": reactions(links["url"]),
    }
    return data | (_pull_links(core, record) if record.is_pull else {})


def _pull_links(core: Core, record: Issue) -> dict[str, Any]:
    pull = core.store.get(Pull, record.key)
    page = f"{core.url}/{record.repo}/pull/{record.number}"
    links = {
        "url": f"{core.url}/repos/{record.repo}/pulls/{record.number}",
        "html_url": page,
        "diff_url": page + ".diff",
        "patch_url": page + ".patch",
        "merged_at": maybe_iso(pull.merged) if pull else None,
    }
    return {"pull_request": links, "draft": bool(pull and pull.draft)}


def comment(core: Core, record: Comment) -> dict[str, Any]:
    """``issue-comment``."""
    thread = core.store.get(Issue, record.group)
    page = "pull" if thread and thread.is_pull else "issues"
    links = fill(core.url, COMMENT, repo=record.repo, number=record.number, id=record.id, page=page)
    return links | {
        "id": record.id,
        "node_id": record.node_id,
        "user": user(core, record.user),
        "body": record.body,
        "created_at": iso(record.created),
        "updated_at": iso(record.updated),
        "author_association": association(core, record.repo, record.user),
        "performed_via_github_app": app_or_none(core, record.app_id),
        "reactions": reactions(links["url"]),
    }
