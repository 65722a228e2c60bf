"""Threads of review comments as GraphQL shows them (docs: GraphQL, objects PullRequestReviewThread and ...Connection)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.world.github.acts.thread_lines import lines_now
from tests.world.github.auth import allows
from tests.world.github.records import Pull, ReviewComment

if TYPE_CHECKING:
    from tests.world.github.call import Call

MOST = 100


def threads(call: Call, pull: Pull, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of the threads, oldest first; a cursor is the node id of the last one shown."""
    notes = call.core.store.group(ReviewComment, pull.key)
    firsts = [note for note in notes if note.in_reply_to is None]
    return _page([thread(call, note) for note in firsts], asked, "PullRequestReviewThread")


def thread(call: Call, note: ReviewComment) -> dict[str, Any]:
    """One thread, by its first comment."""
    core, pull = call.core, call.core.store.get(Pull, note.group)
    spot = lines_now(core, pull, note) if pull else None
    may = allows(core, call.actor, core.repository(note.repo), "write")
    said = [note, *(n for n in core.store.group(ReviewComment, note.group) if n.in_reply_to == note.id)]
    shown = [_comment(one) for one in said]
    return {
        "__typename": "PullRequestReviewThread",
        "id": f"PRRT_{note.node_id.partition('_')[2]}",
        "isResolved": note.resolved,
        "resolvedBy": _actor(note.resolved_by),
        "isOutdated": note.line is not None and spot is None,
        "path": note.path,
        "line": spot[1] if spot else None,
        "startLine": spot[0] if spot else None,
        "originalLine": note.line,
        "viewerCanResolve": may and not note.resolved,
        "viewerCanUnresolve": may and note.resolved,
        "comments": lambda asked: _page(shown, asked, "PullRequestReviewComment"),
    }


def _comment(note: ReviewComment) -> dict[str, Any]:
    return {
        "__typename": "PullRequestReviewComment",
        "id": note.node_id,
        "databaseId": note.id,
        "body": note.body,
        "author": _actor(note.user),
    }


def _actor(login: str | None) -> dict[str, Any] | None:
    """A bot's login goes without `[bot]` here."""
    return {"__typename": "Actor", "login": login.removesuffix("[bot]")} if login else None


def _page(items: list[dict[str, Any]], asked: dict[str, Any], kind: str) -> dict[str, Any]:
    after, size = asked.get("after"), min(asked.get("first") or MOST, MOST)
    start = next((n + 1 for n, item in enumerate(items) if item["id"] == after), 0)
    shown = items[start : start + size]
    info = {
        "__typename": "PageInfo",
        "hasNextPage": start + size < len(items),
        "endCursor": shown[-1]["id"] if shown else None,
    }
    return {"__typename": f"{kind}Connection", "nodes": shown, "totalCount": len(items), "pageInfo": info}
