"""Issues, comments and labels: what can be done to a thread."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.errors import failed, invalid, invalid_field
from tests.world.github.records import Comment, Issue, Label, Repository
from tests.world.github.shapes import issues as shapes

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core

BODY_LIMIT = 65536
LABEL_LIMIT = 50
LABELS_PER_ISSUE = 100


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


# comments


def add_comment(core: Core, issue: Issue, body: object, actor: Actor) -> Comment:
    text = check_body("IssueComment", body)
    now, store = core.now(), core.store
    number = store.next_id("comment", 700001)
    app_id = actor.app_id if actor.integration else None
    comment = store.put(Comment(number, issue.repo, issue.number, actor.login, text, now, now, app_id=app_id))
    store.put(replace(issue, updated=now))
    tell_comment(core, comment, "created", actor)
    return comment


def change_comment(core: Core, comment: Comment, body: object, actor: Actor) -> Comment:
    text = check_body("IssueComment", body)
    old = {"changes": {"body": {"from": comment.body}}}
    changed = core.store.put(replace(comment, body=text, updated=core.now(), edited_by=actor.login))
    touch(core, (comment.repo.lower(), comment.number))
    tell_comment(core, changed, "edited", actor, **old)
    return changed


def remove_comment(core: Core, comment: Comment, actor: Actor) -> None:
    core.store.drop(comment)
    tell_comment(core, comment, "deleted", actor)


def tell_comment(core: Core, comment: Comment, action: str, actor: Actor, **extra: Any) -> None:
    issue = core.store.get(Issue, comment.group)
    if issue:
        payload = {"issue": shapes.issue(core, issue), "comment": shapes.comment(core, comment)} | extra
        core.happened(
            comment.repo, "issue_comment", action, actor.signed, payload, number=comment.number, comment=comment.id
        )


# labels


def find_label(core: Core, repo: Repository, name: str) -> Label | None:
    """Label names are compared without case."""
    return next((label for label in core.store.group(Label, repo.key) if label.name.lower() == name.lower()), None)


def new_label(
    core: Core, repo: Repository, name: object, color: str = "ededed", description: str | None = None
) -> Label:
    if not isinstance(name, str) or not name.strip():
        raise invalid_field("Label", "name", "missing_field")
    if len(name) > LABEL_LIMIT:
        raise invalid_field("Label", "name", "custom", f"name is too long (maximum is {LABEL_LIMIT} characters)")
    if find_label(core, repo, name):
        raise invalid_field("Label", "name", "already_exists")
    return core.store.put(
        Label(core.store.next_id("label", 300001), repo.full_name, name, color.lstrip("#").lower(), description)
    )


def set_labels(core: Core, issue: Issue, names: list[Any], actor: Actor) -> Issue:
    """Exactly these labels; one that does not exist is created, as GitHub does."""
    repo = core.repository(issue.repo)
    wanted: list[str] = []
    for item in names:
        name = item.get("name") if isinstance(item, dict) else item
        if not isinstance(name, str):
            raise invalid("Invalid request.\n\nFor 'items', nil is not a string.")
        label = find_label(core, repo, name) or new_label(core, repo, name)
        if label.name not in wanted:
            wanted.append(label.name)
    if len(wanted) > LABELS_PER_ISSUE:
        raise failed("Issue", f"labels cannot have more than {LABELS_PER_ISSUE} items")
    before = issue.labels
    changed = core.store.put(replace(issue, labels=tuple(wanted), updated=core.now()))
    for name in wanted:
        if name not in before:
            _tell_label(core, changed, "labeled", name, actor)
    for name in before:
        if name not in wanted:
            _tell_label(core, changed, "unlabeled", name, actor)
    return changed


def _tell_label(core: Core, issue: Issue, action: str, name: str, actor: Actor) -> None:
    label = find_label(core, core.repository(issue.repo), name)
    extra = {"label": shapes.label(core, label)} if label else {}
    if issue.is_pull:
        from tests.world.github.acts.pulls import tell_number

        tell_number(core, issue, action, actor, **extra)
    else:
        tell_issue(core, issue, action, actor, **extra)
