"""The world's own verbs over HTTP, ``POST /_world/<verb>`` with keyword arguments as JSON, and the fault switches."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from tests.world.github.errors import ApiError
from tests.world.github.routes import Routes

if TYPE_CHECKING:
    from tests.world.github.core import Core

control = Routes(area="world")
VERBS = frozenset(
    [
        "add_user",
        "add_token",
        "add_app",
        "create_repository",
        "add_collaborator",
        "protect_branch",
        "require_resolution",
        "rerequest",
        "comment_on_line",
        "resolve_thread",
        "add_webhook",
        "commit_files",
        "delete_branch",
        "fork",
        "open_pull",
        "review",
        "approve",
        "dismiss_review",
        "close_pull",
        "reopen_pull",
        "merge_pull",
        "open_issue",
        "comment",
        "edit_comment",
        "set_labels",
        "flush_webhooks",
        "pull",
        "pulls",
        "comments",
        "reviews",
        "review_comments",
        "labels",
        "statuses",
        "check_runs",
        "deliveries",
        "refs",
        "mergeable",
    ]
)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return list(value) if isinstance(value, tuple | set | frozenset) else str(value)


def _json(data: Any, status: int = 200) -> Response:
    return Response(json.dumps(data, default=_plain), status, mimetype="application/json")


def _body(request: Request) -> dict[str, Any]:
    text = request.get_data()
    try:
        data = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise ApiError(400, "not JSON") from error
    if not isinstance(data, dict):
        raise ApiError(400, "not an object")
    return data


@control.add("POST", "/_world/faults")
def set_faults(core: Core, request: Request) -> Response:
    try:
        core.faults.update(_body(request))
    except KeyError as error:
        return _json({"unknown": error.args}, 400)
    return _json(asdict(core.faults))


@control.add("GET", "/_world/faults")
def get_faults(core: Core, request: Request) -> Response:
    return _json(asdict(core.faults))


@control.add("DELETE", "/_world/faults")
def reset_faults(core: Core, request: Request) -> Response:
    core.faults.reset()
    core.limits.reset()
    return _json(asdict(core.faults))


@control.add("GET", "/_world/<ledger>")
def ledger(core: Core, request: Request, ledger: str) -> Response:
    """``writes``, ``requests``, ``events`` or ``violations``."""
    if ledger not in {"writes", "requests", "events", "violations"}:
        return _json({"unknown": ledger}, 404)
    return _json(getattr(core, ledger))


@control.add("POST", "/_world/<verb>")
def act(core: Core, request: Request, verb: str) -> Response:
    if verb not in VERBS:
        return _json({"unknown": verb}, 404)
    try:
        return _json(getattr(core, verb)(**_body(request)))
    except (TypeError, ValueError, LookupError) as error:
        return _json({"error": f"{type(error).__name__}: {error}"}, 400)
