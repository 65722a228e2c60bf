"""Issues, comments and labels (docs: REST, Issues). Every pull request is an issue too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.world.github.acts import pulls, threads
from tests.world.github.api.reviews import signed_in
from tests.world.github.call import NOTHING, Answer, Call, page
from tests.world.github.dates import timestamp
from tests.world.github.errors import ApiError, invalid_field, not_found
from tests.world.github.records import Comment, Issue, Label, Pull
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import issues as shapes

routes = Routes("issues/issues")
comments = Routes("issues/comments")
labels = Routes("issues/labels")
ISSUE = f"{REPO}/issues/<int:number>"
COMMENT = f"{REPO}/issues/comments/<int:comment>"
LABEL = f"{REPO}/labels/<path:label>"


def _since(call: Call, items: list[Any]) -> list[Any]:
    since = call.query("since")
    return [item for item in items if item.updated >= timestamp(since)] if since else items


def _order(call: Call, items: list[Any], default: str) -> list[Any]:
    key = "updated" if call.query("sort") == "updated" else "created"
    items.sort(key=lambda item: (getattr(item, key), item.id))
    return items[::-1] if call.query("direction", default) == "desc" else items


@routes.add("GET", f"{REPO}/issues", need="read")
def listed(call: Call) -> Answer:
    state, wanted = call.query("state", "open"), [name for name in call.query("labels").split(",") if name]
    creator = call.query("creator").lower()
    found = [
        issue
        for issue in _since(call, call.core.store.group(Issue, call.repo.key))
        if state in {"all", issue.state} and set(wanted) <= set(issue.labels) and creator in {"", issue.user.lower()}
    ]
    return page(call, _order(call, found, "desc"), lambda issue: shapes.issue(call.core, issue))


@routes.add("POST", f"{REPO}/issues", need="read")
def create(call: Call) -> Answer:
    """Labels and assignees of people without triage role are silently dropped, as on GitHub."""
    actor, title = signed_in(call), call.need("Issue", "title")
    if not title.strip():
        raise invalid_field("Issue", "title", "missing_field")
    body = threads.check_body("Issue", call.body.get("body"), needed=False)
    issue = threads.open_issue(call.core, call.repo, title, body or None, actor)
    if call.may("triage"):
        if call.body.get("labels"):
            issue = threads.set_labels(call.core, issue, call.body["labels"], actor)
        if call.body.get("assignees"):
            issue = call.core.store.put(replace(issue, assignees=tuple(call.body["assignees"])))
    return Answer(shapes.issue(call.core, issue), 201)


@routes.add("GET", ISSUE, need="read")
def get(call: Call) -> Answer:
    return Answer(shapes.issue(call.core, call.issue), modified=call.issue.updated)


@routes.add("PATCH", ISSUE, need="read")
def change(call: Call) -> Answer:
    """Title, body, state, labels and assignees in one request."""
    actor = signed_in(call)
    if {"labels", "assignees"} & set(call.body) or call.issue.user.lower() != actor.login.lower():
        call.require("triage")
    edits: dict[str, Any] = {}
    if "body" in call.body:
        edits["body"] = threads.check_body("Issue", call.body["body"], needed=False)
    if call.body.get("title") is not None:
        edits["title"] = call.text("title")
    if isinstance(call.body.get("assignees"), list):
        edits["assignees"] = tuple(call.body["assignees"])
    if edits:
        issue = call.core.store.put(replace(call.issue, **edits, updated=call.core.now()))
        _tell(call, issue, "edited")
    if isinstance(call.body.get("labels"), list):
        threads.set_labels(call.core, call.issue, call.body["labels"], actor)
    _set_state(call, call.body.get("state"))
    return Answer(shapes.issue(call.core, call.issue))


def _tell(call: Call, issue: Issue, action: str) -> None:
    if issue.is_pull:
        pulls.tell_number(call.core, issue, action, call.actor)
    else:
        threads.tell_issue(call.core, issue, action, call.actor)


def _set_state(call: Call, wanted: object) -> None:
    issue = call.issue
    if wanted is None or wanted == issue.state:
        return
    if wanted not in {"open", "closed"}:
        raise invalid_field("Issue", "state", "invalid")
    pull = call.core.store.get(Pull, issue.key)
    if pull is not None:
        (pulls.close_pull if wanted == "closed" else pulls.reopen_pull)(call.core, pull, call.actor)
    elif wanted == "closed":
        threads.close_issue(call.core, issue, call.actor, call.body.get("state_reason") or "completed")
    else:
        threads.reopen_issue(call.core, issue, call.actor)


@comments.add("GET", f"{ISSUE}/comments", need="read")
def comment_list(call: Call) -> Answer:
    """By ascending id; the thread's list knows ``since`` only."""
    found = _since(call, call.core.store.group(Comment, call.issue.key))
    return page(call, found, lambda comment: shapes.comment(call.core, comment))


@comments.add("GET", f"{REPO}/issues/comments", need="read")
def comment_list_all(call: Call) -> Answer:
    mine = [comment for comment in call.core.store.all(Comment) if comment.repo.lower() == call.repo.key]
    found = _since(call, mine)
    ordered = _order(call, found, "desc") if call.query("sort") else found
    return page(call, ordered, lambda comment: shapes.comment(call.core, comment))


@comments.add("POST", f"{ISSUE}/comments", need="read")
def comment_create(call: Call) -> Answer:
    comment = threads.add_comment(call.core, call.issue, call.body.get("body"), signed_in(call))
    return Answer(shapes.comment(call.core, comment), 201)


@comments.add("GET", COMMENT, need="read")
def comment_get(call: Call) -> Answer:
    comment = call.find(Comment, call.args["comment"])
    return Answer(shapes.comment(call.core, comment), modified=comment.updated)


@comments.add("PATCH", COMMENT, need="read")
def comment_change(call: Call) -> Answer:
    """Whoever has write role may edit anybody's comment."""
    comment = _editable(call)
    return Answer(
        shapes.comment(call.core, threads.change_comment(call.core, comment, call.body.get("body"), call.actor))
    )


@comments.add("DELETE", COMMENT, need="read")
def comment_delete(call: Call) -> Answer:
    threads.remove_comment(call.core, _editable(call), call.actor)
    return NOTHING


def _editable(call: Call) -> Comment:
    comment = call.find(Comment, call.args["comment"])
    if comment.user.lower() != signed_in(call).login.lower():
        call.require("write")
    return comment


@labels.add("GET", f"{REPO}/labels", need="read")
def label_list(call: Call) -> Answer:
    found = call.core.store.group(Label, call.repo.key)
    return page(call, found, lambda label: shapes.label(call.core, label))


@labels.add("POST", f"{REPO}/labels", need="write")
def label_create(call: Call) -> Answer:
    made = threads.new_label(
        call.core, call.repo, call.body.get("name"), call.body.get("color") or "ededed", call.text("description")
    )
    return Answer(shapes.label(call.core, made), 201)


def _label(call: Call) -> Label:
    found = threads.find_label(call.core, call.repo, call.args["label"])
    if found is None:
        raise not_found()
    return found


@labels.add("GET", LABEL, need="read")
def label_get(call: Call) -> Answer:
    return Answer(shapes.label(call.core, _label(call)))


@labels.add("PATCH", LABEL, need="write")
def label_change(call: Call) -> Answer:
    old = _label(call)
    name = call.text("new_name") or old.name
    color = (call.text("color") or old.color).lstrip("#").lower()
    changed = call.core.store.put(
        replace(old, name=name, color=color, description=call.body.get("description", old.description))
    )
    for issue in call.core.store.group(Issue, call.repo.key):
        if old.name in issue.labels:
            renamed = tuple(name if label == old.name else label for label in issue.labels)
            call.core.store.put(replace(issue, labels=renamed))
    return Answer(shapes.label(call.core, changed))


@labels.add("DELETE", LABEL, need="write")
def label_delete(call: Call) -> Answer:
    gone = _label(call)
    call.core.store.drop(gone)
    for issue in call.core.store.group(Issue, call.repo.key):
        if gone.name in issue.labels:
            left = tuple(name for name in issue.labels if name != gone.name)
            call.core.store.put(replace(issue, labels=left))
    return NOTHING


@labels.add("GET", f"{ISSUE}/labels", need="read")
def on_issue(call: Call) -> Answer:
    return page(call, shapes.labels(call.core, call.issue), lambda label: label)


def _named(call: Call) -> list[Any]:
    names = call.body.get("labels", call.body.get("", []))
    if not isinstance(names, list):
        raise ApiError(422, "Invalid request.\n\nFor 'links/1/schema', nil is not an array.")
    return names


@labels.add("POST", f"{ISSUE}/labels", need="triage")
def add_to_issue(call: Call) -> Answer:
    issue = threads.set_labels(call.core, call.issue, [*call.issue.labels, *_named(call)], call.actor)
    return Answer(shapes.labels(call.core, issue))


@labels.add("PUT", f"{ISSUE}/labels", need="triage")
def set_on_issue(call: Call) -> Answer:
    return Answer(shapes.labels(call.core, threads.set_labels(call.core, call.issue, _named(call), call.actor)))


@labels.add("DELETE", f"{ISSUE}/labels", need="triage")
def clear_issue(call: Call) -> Answer:
    threads.set_labels(call.core, call.issue, [], call.actor)
    return NOTHING


@labels.add("DELETE", f"{ISSUE}/labels/<path:label>", need="triage")
def take_from_issue(call: Call) -> Answer:
    name = call.args["label"].lower()
    left = [label for label in call.issue.labels if label.lower() != name]
    if len(left) == len(call.issue.labels):
        raise not_found("Label does not exist")
    return Answer(shapes.labels(call.core, threads.set_labels(call.core, call.issue, left, call.actor)))
