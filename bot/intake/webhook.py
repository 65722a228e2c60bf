"""From a delivery's JSON to a typed event; raw payloads end here. Pure.

Source: https://docs.github.com/webhooks/webhook-events-and-payloads. An event that we do not use is not looked into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.intake import shape
from bot.records.webhook import (
    CommentEvent,
    Event,
    Ignored,
    LineEvent,
    PullEvent,
    PushEvent,
    ReachEvent,
    RerunEvent,
    ReviewEvent,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.ports import Json

_SHOWS_HEAD = frozenset({"opened", "reopened", "synchronize"})
_COMMITS_TOLD = 2048
"""A push tells so many commits and no more."""


def event_of(name: str, payload: Json, repository: str) -> Event | Ignored:
    """The event of that `X-GitHub-Event` name. `repository` is ours; raises `ShapeError` where the payload is not its kind."""
    if name == "ping":
        return Ignored("ping")
    if name not in _READERS:
        return Ignored("event")
    actions, read = _READERS[name]
    if name not in _WITHOUT_REPOSITORY and not _same(shape.needed(payload, "repository.full_name", str), repository):
        return Ignored("other-repository")
    if actions and shape.action(payload) not in actions:
        return Ignored("action")
    return read(payload, repository)


def _same(one: str, other: str) -> bool:
    """GitHub's names have no case."""
    return one.lower() == other.lower()


def _sender(payload: Json) -> int:
    return shape.optional(payload, "sender.id", int) or 0


def _pull(payload: Json, _repository: str) -> Event:
    action, number = shape.action(payload), shape.number(payload, "pull_request.number")
    head = shape.sha(payload, "pull_request.head.sha")
    return PullEvent(action, number, head if action in _SHOWS_HEAD else "", _sender(payload))


def _comment(payload: Json, _repository: str) -> Event | Ignored:
    number, comment = shape.number(payload, "issue.number"), shape.number(payload, "comment.id")
    if shape.optional(payload, "issue.pull_request", dict) is None:
        return Ignored("not-a-pull-request")
    return CommentEvent(shape.action(payload), number, comment, _sender(payload))


def _review(payload: Json, _repository: str) -> Event:
    number, review = shape.number(payload, "pull_request.number"), shape.number(payload, "review.id")
    side = shape.needed(payload, "review.state", str).lower() != "commented"
    return ReviewEvent(shape.action(payload), number, review, side, _sender(payload))


def _line(payload: Json, _repository: str) -> Event:
    return LineEvent(shape.action(payload), shape.number(payload, "pull_request.number"), _sender(payload))


def _push(payload: Json, _repository: str) -> Event | Ignored:
    ref, default = shape.needed(payload, "ref", str), shape.needed(payload, "repository.default_branch", str)
    if ref != f"refs/heads/{default}" or shape.optional(payload, "deleted", bool):
        return Ignored("other-branch")
    commits = shape.needed(payload, "commits", list)
    told = commits and len(commits) < _COMMITS_TOLD and not shape.optional(payload, "forced", bool)
    return PushEvent(frozenset(path for commit in commits for path in _paths(commit)) if told else None)


def _paths(commit: Any) -> list[str]:
    """What one commit of a push touches."""
    found: list[Any] = []
    for kind in ("added", "modified", "removed"):
        found += shape.optional({"commits": commit}, f"commits.{kind}", list) or []
    if not all(isinstance(path, str) for path in found):
        raise shape.ShapeError("commits")
    return found


def _rerun(kind: str) -> Callable[[Json, str], Event]:
    def read(payload: Json, _repository: str) -> Event:
        head = shape.sha(payload, f"{kind}.head_sha")
        pulls = shape.needed(payload, f"{kind}.pull_requests", list)
        run = shape.number(payload, "check_run.id") if kind == "check_run" else 0
        numbers = tuple(shape.number({"pull_requests": pull}, "pull_requests.number") for pull in pulls)
        return RerunEvent(numbers, head, run)

    return read


def _reach(payload: Json, _repository: str) -> Event:
    return ReachEvent(shape.action(payload))


def _installation(field: str) -> Callable[[Json, str], Event | Ignored]:
    """Told once for all repositories of an account; without a list, ours may be among them."""

    def read(payload: Json, repository: str) -> Event | Ignored:
        listed = shape.optional(payload, field, list)
        names = [shape.needed({field: item}, f"{field}.full_name", str) for item in listed or ()]
        if listed is not None and not any(_same(name, repository) for name in names):
            return Ignored("other-repository")
        return ReachEvent(shape.action(payload))

    return read


_WITHOUT_REPOSITORY = frozenset({"installation", "installation_repositories"})

_READERS: Mapping[str, tuple[frozenset[str], Callable[[Json, str], Event | Ignored]]] = {
    "pull_request": (
        frozenset(
            {
                "opened", "reopened", "synchronize", "closed", "edited", "labeled", "unlabeled", "converted_to_draft",
                "ready_for_review",
            }
        ),
        _pull,
    ),
    "issue_comment": (frozenset({"created", "edited", "deleted"}), _comment),
    "pull_request_review": (frozenset({"submitted", "edited", "dismissed"}), _review),
    "pull_request_review_comment": (frozenset({"created", "edited", "deleted"}), _line),
    "pull_request_review_thread": (frozenset({"resolved", "unresolved"}), _line),
    "push": (frozenset(), _push),
    "check_run": (frozenset({"rerequested"}), _rerun("check_run")),
    "check_suite": (frozenset({"rerequested"}), _rerun("check_suite")),
    "repository": (frozenset({"edited", "privatized", "publicized", "unarchived"}), _reach),
    "installation": (frozenset({"created", "unsuspend", "new_permissions_accepted"}), _installation("repositories")),
    "installation_repositories": (frozenset({"added"}), _installation("repositories_added")),
}  # fmt: skip
"""The events that we use: which of their actions, and who reads them. A push has none."""

NAMES = (*_READERS, "ping")
"""Every event that has a name here; any other is one of many."""
