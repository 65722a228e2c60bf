"""Issues: what can be done to a thread."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.errors import invalid_field
from tests.world.github.records import Issue, Repository
from tests.world.github.shapes import issues as shapes

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core

BODY_LIMIT = 65536


def check_body(resource: str, body: object, *, needed: bool = True) -> str:
    """A body's text; blank is refused where ``needed``, and more than 65,536 characters always."""
    if body is not None and not isinstance(body, str):
        raise invalid_field(resource, "body", "invalid")
    if needed and not (body or "").strip():
        raise invalid_field(resource, "body", "missing_field")
    if body and len(body) > BODY_LIMIT:
        message = f"body is too long (maximum is {BODY_LIMIT} characters)"
        raise invalid_field(resource, "body", "custom", message)
    return body or ""


def open_issue(core: Core, repo: Repository, title: str, body: str | None, actor: Actor) -> Issue:
    issue = new_thread(core, repo, title, body, actor.login)
    tell_issue(core, issue, "opened", actor)
    return issue


def new_thread(
    core: Core, repo: Repository, title: str, body: str | None, login: str, *, is_pull: bool = False
) -> Issue:
    now, store = core.now(), core.store
    number = store.next_id(f"number/{repo.key}")
    return store.put(
        Issue(store.next_id("issue", 500001), repo.full_name, number, title, body, login, now, now, is_pull=is_pull)
    )


def tell_issue(core: Core, issue: Issue, action: str, actor: Actor, **extra: Any) -> None:
    payload = {"issue": shapes.issue(core, issue)} | extra
    core.happened(issue.repo, "issues", action, actor.signed, payload, number=issue.number)


def close_issue(core: Core, issue: Issue, actor: Actor, reason: str = "completed") -> Issue:
    now = core.now()
    closed = replace(issue, state="closed", closed=now, closed_by=actor.login, updated=now, state_reason=reason)
    core.store.put(closed)
    tell_issue(core, closed, "closed", actor)
    return closed


def reopen_issue(core: Core, issue: Issue, actor: Actor) -> Issue:
    opened = replace(
        issue, state="open", closed=None, closed_by=None, updated=core.now(), state_reason="reopened"
    )  # fmt: skip
    core.store.put(opened)
    tell_issue(core, opened, "reopened", actor)
    return opened


def touch(core: Core, key: tuple[str, int]) -> None:
    issue = core.store.get(Issue, key)
    if issue:
        core.store.put(replace(issue, updated=core.now()))
