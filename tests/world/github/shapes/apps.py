"""GitHub Apps and their installations as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.world.github.dates import iso
from tests.world.github.shapes.urls import INSTALLATION, fill
from tests.world.github.shapes.users import user

if TYPE_CHECKING:
    from tests.world.github.core import Core
    from tests.world.github.records import App, Installation

PERMISSIONS = {
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
EVENTS = ["check_run", "issue_comment", "pull_request", "pull_request_review", "push"]


def permissions(record: App) -> dict[str, str]:
    return PERMISSIONS if record.permissions is None else dict(record.permissions)


def app(core: Core, record: App) -> dict[str, Any]:
    """``integration``."""
    return {
        "id": record.id,
        "slug": record.slug,
        "node_id": record.node_id,
        "client_id": f"Iv1.{record.id:016x}",
        "owner": user(core, record.owner),
        "name": record.slug,
        "description": None,
        "external_url": core.url or "http://localhost",
        "html_url": f"{core.url}/apps/{record.slug}",
        "created_at": iso(record.created),
        "updated_at": iso(record.created),
        "permissions": permissions(record),
        "events": EVENTS,
    }


def app_or_none(core: Core, app_id: int | None) -> dict[str, Any] | None:
    return None if app_id is None else app(core, core.app(app_id))


def installation(core: Core, record: Installation) -> dict[str, Any]:
    owner = core.ensure_user(record.owner)
    return fill(core.url, INSTALLATION, id=record.id) | {
        "id": record.id,
        "account": user(core, record.owner),
        "repository_selection": "all",
        "app_id": record.app_id,
        "app_slug": core.app(record.app_id).slug,
        "target_id": owner.id,
        "target_type": owner.type,
        "permissions": permissions(core.app(record.app_id)),
        "events": EVENTS,
        "created_at": iso(record.created),
        "updated_at": iso(record.created),
        "single_file_name": None,
        "suspended_by": None,
        "suspended_at": None,
    }
