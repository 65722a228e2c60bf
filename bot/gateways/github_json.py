"""GitHub's JSON to our records; raw payloads end here."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from bot.records.github import (
    Commit,
    IssueComment,
    Pull,
    PullCommit,
    PullFile,
    PullSummary,
    Review,
    ReviewComment,
    ReviewThread,
    StatusMark,
    TreeFile,
    User,
)

GHOST = User(0, "ghost")
"""GitHub shows deleted accounts as nobody."""

_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


def when(text: str) -> datetime:
    """An ISO 8601 time with `Z`."""
    return datetime.fromisoformat(text)


def user(data: dict[str, Any] | None) -> User:
    """An account, `GHOST` for a deleted one."""
    return User(int(data["id"]), str(data["login"])) if data else GHOST


def commit(data: dict[str, Any]) -> Commit:
    """`GET /repos/{}/git/commits/{sha}`."""
    return Commit(data["sha"], data["tree"]["sha"], data["message"], tuple(p["sha"] for p in data["parents"]))


def tree_file(data: dict[str, Any], prefix: str = "") -> TreeFile:
    """An item of `GET /repos/{}/git/trees/{sha}`."""
    return TreeFile(prefix + data["path"], data["mode"], data["sha"], data.get("size"))


def _labels(data: dict[str, Any]) -> frozenset[str]:
    return frozenset(label["name"] for label in data["labels"])


def _head_repository(data: dict[str, Any]) -> str | None:
    repository = data["head"]["repo"]
    return repository["full_name"] if repository else None


def pull_summary(data: dict[str, Any]) -> PullSummary:
    """An item of `GET /repos/{}/pulls`."""
    return PullSummary(
        number=data["number"],
        state=data["state"],
        merged=data.get("merged_at") is not None,
        head_repository=_head_repository(data),
        head_branch=data["head"]["ref"],
        head_sha=data["head"]["sha"],
        author=user(data["user"]),
        labels=_labels(data),
        title=data["title"],
        updated=when(data["updated_at"]),
    )


def pull(data: dict[str, Any], closed_by: User | None) -> Pull:
    """`GET /repos/{}/pulls/{number}`; who closed it comes from the issue."""
    return Pull(
        number=data["number"],
        state=data["state"],
        merged=bool(data["merged"]),
        mergeable=data["mergeable"],
        head_repository=_head_repository(data),
        head_branch=data["head"]["ref"],
        head_sha=data["head"]["sha"],
        base_branch=data["base"]["ref"],
        author=user(data["user"]),
        closed_by=closed_by,
        merged_by=user(data["merged_by"]) if data.get("merged_by") else None,
        labels=_labels(data),
        changed_files=data["changed_files"],
        title=data["title"],
        url=data["html_url"],
        private=bool(data["base"]["repo"].get("private", False)),
        merge_sha=data.get("merge_commit_sha") if data["merged"] else None,
        updated=when(data["updated_at"]),
    )


def pull_file(data: dict[str, Any]) -> PullFile:
    """An item of `GET /repos/{}/pulls/{number}/files`."""
    shown = tuple(_lines(found) for found in _HUNK.finditer(data.get("patch") or ""))
    return PullFile(data["filename"], data["status"], data["sha"] or "", data.get("previous_filename"), shown)


def _lines(hunk: re.Match[str]) -> tuple[int, int]:
    """First and last line of a hunk's new side; a part that only takes lines away ends before it begins."""
    return int(hunk[1]), int(hunk[1]) + int(hunk[2] or 1) - 1


def pull_commit(data: dict[str, Any]) -> PullCommit:
    """An item of `GET /repos/{}/pulls/{number}/commits`."""
    people = (data.get(role) for role in ("author", "committer"))
    logins = frozenset(person["login"] for person in people if person and person.get("login"))
    return PullCommit(data["sha"], data["commit"]["message"], logins)


def issue_comment(data: dict[str, Any]) -> IssueComment:
    """An item of `GET /repos/{}/issues/{number}/comments`."""
    author = user(data["user"])
    return IssueComment(
        data["id"], data["node_id"], author, data.get("body") or "", when(data["created_at"]), when(data["updated_at"])
    )


def review(data: dict[str, Any]) -> Review:
    """An item of `GET /repos/{}/pulls/{number}/reviews`, submitted ones only."""
    return Review(
        data["id"], user(data["user"]), data["state"], data.get("commit_id") or "", when(data["submitted_at"])
    )


def review_comment(data: dict[str, Any]) -> ReviewComment:
    """An item of `GET /repos/{}/pulls/{number}/comments`."""
    return ReviewComment(data["id"], user(data.get("user")), data.get("body") or "")


def review_thread(data: dict[str, Any]) -> ReviewThread:
    """A `PullRequestReviewThread` of the GraphQL API."""
    first = next(iter(data["comments"]["nodes"]), None)
    by = data.get("resolvedBy")
    return ReviewThread(
        data["id"], first["databaseId"] if first else 0, data["isResolved"], by["login"] if by else None
    )


def check_run(data: dict[str, Any]) -> StatusMark:
    """An item of `GET /repos/{}/commits/{ref}/check-runs`."""
    output = data.get("output") or {}
    return StatusMark(
        data["head_sha"],
        data["conclusion"] or "neutral",
        output.get("title") or "",
        output.get("summary") or "",
        data["external_id"] or "",
        data["id"],
    )


def wanted_again(suite: dict[str, Any], login: str) -> bool:
    """Whether an item of `GET /repos/{}/commits/{ref}/check-suites` is of that App's bot, and queued."""
    return f"{(suite['app'] or {}).get('slug')}[bot]" == login and suite["status"] == "queued"


_CONCLUSIONS = {"success": "success", "failure": "failure", "error": "failure", "pending": "neutral"}


def status(data: dict[str, Any], sha: str) -> StatusMark:
    """An item of `GET /repos/{}/commits/{ref}/statuses`; our verdict's name is the tail of its target address."""
    external = (data.get("target_url") or "").rpartition("#accession-")[2]
    return StatusMark(sha, _CONCLUSIONS[data["state"]], data.get("description") or "", "", external)
