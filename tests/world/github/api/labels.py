"""Labels of a repository and of an issue (docs: REST, Labels)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.world.github.acts import labels as acts
from tests.world.github.call import NOTHING, Answer, Call, page
from tests.world.github.errors import ApiError, not_found
from tests.world.github.records import Issue, Label
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import issues as shapes

routes = Routes("issues/labels")
ISSUE = f"{REPO}/issues/<int:number>"
LABEL = f"{REPO}/labels/<path:label>"


@routes.add("GET", f"{REPO}/labels", need="read")
def label_list(call: Call) -> Answer:
    found = call.core.store.group(Label, call.repo.key)
    return page(call, found, lambda label: shapes.label(call.core, label))


@routes.add("POST", f"{REPO}/labels", need="write")
def label_create(call: Call) -> Answer:
    color, words = call.body.get("color") or "ededed", call.text("description")
    made = acts.new_label(call.core, call.repo, call.actor, call.body.get("name"), color, words)
    return Answer(shapes.label(call.core, made), 201)


def _label(call: Call) -> Label:
    found = acts.find_label(call.core, call.repo, call.args["label"])
    if found is None:
        raise not_found()
    return found


@routes.add("GET", LABEL, need="read")
def label_get(call: Call) -> Answer:
    return Answer(shapes.label(call.core, _label(call)))


@routes.add("PATCH", LABEL, need="write")
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


@routes.add("DELETE", LABEL, need="write")
def label_delete(call: Call) -> Answer:
    gone = _label(call)
    call.core.store.drop(gone)
    for issue in call.core.store.group(Issue, call.repo.key):
        if gone.name in issue.labels:
            left = tuple(name for name in issue.labels if name != gone.name)
            call.core.store.put(replace(issue, labels=left))
    return NOTHING


@routes.add("GET", f"{ISSUE}/labels", need="read")
def on_issue(call: Call) -> Answer:
    return page(call, shapes.labels(call.core, call.issue), lambda label: label)


def _named(call: Call) -> list[Any]:
    names = call.body.get("labels", call.body.get("", []))
    if not isinstance(names, list):
        raise ApiError(422, "Invalid request.\n\nFor 'links/1/schema', nil is not an array.")
    return names


@routes.add("POST", f"{ISSUE}/labels", need="triage")
def add_to_issue(call: Call) -> Answer:
    issue = acts.set_labels(call.core, call.issue, [*call.issue.labels, *_named(call)], call.actor)
    return Answer(shapes.labels(call.core, issue))


@routes.add("PUT", f"{ISSUE}/labels", need="triage")
def set_on_issue(call: Call) -> Answer:
    return Answer(shapes.labels(call.core, acts.set_labels(call.core, call.issue, _named(call), call.actor)))


@routes.add("DELETE", f"{ISSUE}/labels", need="triage")
def clear_issue(call: Call) -> Answer:
    acts.set_labels(call.core, call.issue, [], call.actor)
    return NOTHING


@routes.add("DELETE", f"{ISSUE}/labels/<path:label>", need="triage")
def take_from_issue(call: Call) -> Answer:
    name = call.args["label"].lower()
    left = [label for label in call.issue.labels if label.lower() != name]
    if len(left) == len(call.issue.labels):
        raise not_found("Label does not exist")
    return Answer(shapes.labels(call.core, acts.set_labels(call.core, call.issue, left, call.actor)))
