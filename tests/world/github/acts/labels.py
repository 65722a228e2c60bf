"""Labels, and setting them on a thread."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.errors import failed, invalid, invalid_field
from tests.world.github.grants import check_new_label
from tests.world.github.records import Issue, Label, Repository
from tests.world.github.shapes import issues as shapes

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core
from tests.world.github.acts.threads import tell_issue

LABEL_LIMIT = 50
LABELS_PER_ISSUE = 100


def find_label(core: Core, repo: Repository, name: str) -> Label | None:
    """Label names are compared without case."""
    return next((label for label in core.store.group(Label, repo.key) if label.name.lower() == name.lower()), None)


def new_label(
    core: Core, repo: Repository, actor: Actor, name: object, color: str = "ededed", description: str | None = None
) -> Label:
    check_new_label(actor)
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
    """Exactly these labels; one that does not exist is created for who may, as GitHub does."""
    repo = core.repository(issue.repo)
    wanted: list[str] = []
    for item in names:
        name = item.get("name") if isinstance(item, dict) else item
        if not isinstance(name, str):
            raise invalid("Invalid request.\n\nFor 'items', nil is not a string.")
        label = find_label(core, repo, name) or new_label(core, repo, actor, name)
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
