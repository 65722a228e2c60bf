"""Commenting on a thread."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.records import Comment, Issue
from tests.world.github.shapes import issues as shapes

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core
from tests.world.github.acts.threads import check_body, touch


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
