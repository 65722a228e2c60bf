"""Issues (docs: REST, Issues). Every pull request is an issue too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.world.github.acts import pulls, threads
from tests.world.github.acts.labels import set_labels
from tests.world.github.api.reviews import signed_in
from tests.world.github.call import Answer, Call, page
from tests.world.github.errors import invalid_field
from tests.world.github.records import Issue, Pull
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import issues as shapes

routes = Routes("issues/issues")
ISSUE = f"{REPO}/issues/<int:number>"


def since(call: Call, items: list[Any]) -> list[Any]:
    moment = call.moment("since")
    return items if moment is None else [item for item in items if item.updated >= moment]


def in_order(call: Call, items: list[Any], default: str) -> list[Any]:
    key = "updated" if call.query("sort") == "updated" else "created"
    items.sort(key=lambda item: (getattr(item, key), item.id))
    return items[::-1] if call.query("direction", default) == "desc" else items


@routes.add("GET", f"{REPO}/issues", need="read")
def listed(call: Call) -> Answer:
    state, wanted = call.query("state", "open"), [name for name in call.query("labels").split(",") if name]
    creator = call.query("creator").lower()
    found = [
        issue
        for issue in since(call, call.core.store.group(Issue, call.repo.key))
        if state in {"all", issue.state} and set(wanted) <= set(issue.labels) and creator in {"", issue.user.lower()}
    ]
    return page(call, in_order(call, found, "desc"), lambda issue: shapes.issue(call.core, issue))


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
            issue = set_labels(call.core, issue, call.body["labels"], actor)
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
        set_labels(call.core, call.issue, call.body["labels"], actor)
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
