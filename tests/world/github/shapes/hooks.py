"""Webhooks and their deliveries as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.world.github.dates import iso
from tests.world.github.records import Delivery, Hook
from tests.world.github.shapes.urls import HOOK, fill

if TYPE_CHECKING:
    from tests.world.github.core import Core

SECRET = "********"  # docs: a hook's secret is never shown


def hook(core: Core, record: Hook) -> dict[str, Any]:
    config = {"url": record.url, "content_type": "json", "insecure_ssl": "0"}
    last = core.store.group(Delivery, record.id)[-1:]
    code = last[0].status_code if last else None
    return fill(core.url, HOOK, repo=record.repo, id=record.id) | {
        "type": "Repository",
        "id": record.id,
        "name": "web",
        "active": record.active,
        "events": list(record.events),
        "config": config | ({"secret": SECRET} if record.secret else {}),
        "created_at": iso(record.created),
        "updated_at": iso(record.created),
        "last_response": {"code": code, "status": "active" if code else "unused", "message": None},
    }


def delivery(record: Delivery, request_headers: dict[str, str] | None = None) -> dict[str, Any]:
    """``hook-delivery-item``, or with headers given the full ``hook-delivery``."""
    data: dict[str, Any] = {
        "id": record.id,
        "guid": record.guid,
        "delivered_at": iso(record.delivered),
        "redelivery": record.redelivery,
        "duration": record.duration,
        "status": record.status,
        "status_code": record.status_code,
        "event": record.event,
        "action": record.action,
        "installation_id": None,
        "repository_id": record.repository_id,
    }
    if request_headers is None:
        return data
    return data | {
        "url": "",
        "request": {"headers": request_headers, "payload": json.loads(record.payload)},
        "response": {"headers": {}, "payload": record.response},
    }
