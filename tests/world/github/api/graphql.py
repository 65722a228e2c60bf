"""The three GraphQL mutations that REST lacks: minimizeComment, unminimizeComment and resolveReviewThread."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.auth import require
from tests.world.github.call import Answer, Call
from tests.world.github.errors import ApiError
from tests.world.github.records import Comment, ReviewComment
from tests.world.github.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Callable

routes = Routes("graphql")
NAME = re.compile(r"mutation\b[^{]*\{\s*(?:\w+\s*:\s*)?(\w+)")
NODE = re.compile(r"([A-Z]+)_kwDO0*(\d+)")
CLASSIFIERS = {"ABUSE", "DUPLICATE", "LOW_QUALITY", "OFF_TOPIC", "OUTDATED", "RESOLVED", "SPAM"}


class GraphQLError(Exception):
    """GraphQL answers 200 with errors[]."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.data = {"type": kind, "message": message}


@routes.add("POST", "/graphql")
def run(call: Call) -> Answer:
    if call.actor.kind == "anonymous":
        raise ApiError(403, "API rate limit exceeded for 127.0.0.1.")
    match = NAME.search(str(call.body.get("query", "")))
    name = match[1] if match else ""
    given = (call.body.get("variables") or {}).get("input") or {}
    try:
        return Answer({"data": {name: MUTATIONS.get(name, unknown)(call, given | {"": name})}})
    except GraphQLError as error:
        return Answer({"data": {name: None} if match else None, "errors": [error.data]})


def _node(call: Call, node_id: object) -> Comment | ReviewComment:
    match = NODE.fullmatch(str(node_id))
    kinds: dict[str, type[Comment | ReviewComment]] = {"IC": Comment, "PRRC": ReviewComment, "PRRT": ReviewComment}
    kind = kinds.get(match[1]) if match else None
    found = call.core.store.get(kind, int(match[2])) if match and kind else None
    if found is None:
        raise GraphQLError("NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'")
    return found


def _may(call: Call, found: Comment | ReviewComment) -> None:
    try:
        require(call.core, call.actor, call.core.repository(found.repo), "write")
    except ApiError as error:
        message = f"{call.actor.login} does not have the correct permissions to execute this mutation"
        raise GraphQLError("FORBIDDEN", message) from error


def unknown(_: Call, given: dict[str, Any]) -> dict[str, Any]:
    raise GraphQLError("undefinedField", f"Field '{given['']}' doesn't exist on type 'Mutation'")


def minimize(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    found = _node(call, given.get("subjectId"))
    if given.get("classifier") not in CLASSIFIERS:
        raise GraphQLError("argumentLiteralsIncompatible", "Argument 'classifier' on InputObject has an invalid value")
    _may(call, found)
    call.core.store.put(replace(found, minimized=given["classifier"].lower()))
    return {"minimizedComment": {"isMinimized": True, "minimizedReason": given["classifier"].lower()}}


def unminimize(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    found = _node(call, given.get("subjectId"))
    _may(call, found)
    call.core.store.put(replace(found, minimized=None))
    return {"unminimizedComment": {"isMinimized": False, "minimizedReason": None}}


def resolve(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """A thread goes by the node id of its first comment, with PRRT for PRRC."""
    found = _node(call, given.get("threadId"))
    if not isinstance(found, ReviewComment):
        raise GraphQLError("NOT_FOUND", "Could not resolve to a PullRequestReviewThread")
    _may(call, found)
    call.core.store.put(replace(found, resolved=True))
    return {"thread": {"isResolved": True}}


MUTATIONS: dict[str, Callable[[Call, dict[str, Any]], dict[str, Any]]] = {
    "minimizeComment": minimize,
    "unminimizeComment": unminimize,
    "resolveReviewThread": resolve,
}
