"""What REST lacks, through GraphQL: minimising comments, threads of review comments, several files written or read at once.

Source: docs, GraphQL, Reference.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tests.world.github.acts.notes import set_resolved
from tests.world.github.api.graphql_commits import commit_on_branch
from tests.world.github.api.graphql_objects import git_object
from tests.world.github.api.graphql_threads import thread, threads
from tests.world.github.auth import allows
from tests.world.github.call import Answer, Call
from tests.world.github.errors import ApiError, GraphQLError
from tests.world.github.grants import check_field
from tests.world.github.graphql_document import Field, SyntaxFault, read
from tests.world.github.records import Comment, Issue, Pull, ReviewComment
from tests.world.github.routes import Routes

routes = Routes("graphql")
NODE = re.compile(r"([A-Z]+)_kwDO0*(\d+)")
CLASSIFIERS = {"ABUSE", "DUPLICATE", "LOW_QUALITY", "OFF_TOPIC", "OUTDATED", "RESOLVED", "SPAM"}


@routes.add("POST", "/graphql")
def run(call: Call) -> Answer:
    if call.actor.kind == "anonymous":
        raise ApiError(403, "API rate limit exceeded for 127.0.0.1.")
    try:
        document = read(str(call.body.get("query", "")), call.body.get("variables") or {})
    except SyntaxFault as fault:
        return Answer({"errors": [{"message": f"Parse error: {fault}"}]}, wrote=False)
    known = MUTATIONS if document.kind == "mutation" else QUERIES
    data, errors = {}, []
    for wanted in document.fields:
        try:
            data[wanted.key] = select(_resolve(call, known, wanted, document.kind), wanted)
        except GraphQLError as error:
            data[wanted.key] = None
            errors.append(error.data | {"path": [wanted.key]})
    answer: dict[str, Any] = {"data": data}
    return Answer(answer | ({"errors": errors} if errors else {}), wrote=document.kind == "mutation")


def _resolve(call: Call, known: dict[str, Any], wanted: Field, kind: str) -> Any:
    if wanted.name not in known:
        raise GraphQLError("undefinedField", f"Field '{wanted.name}' doesn't exist on type '{kind.title()}'")
    if kind == "mutation":
        check_field(call, wanted.name)
    return known[wanted.name](call, wanted.arguments)


def select(value: Any, wanted: Field) -> Any:
    """The selected fields of an object; a function gets the field's arguments."""
    if isinstance(value, list):
        return [select(item, wanted) for item in value]
    if not isinstance(value, dict):
        return value
    if not wanted.fields:
        raise GraphQLError("selectionMismatch", f"Field must have selections (field '{wanted.name}')")
    found = {}
    for inner in wanted.fields:
        if inner.on and inner.on != value["__typename"]:
            continue
        if inner.name not in value:
            raise GraphQLError("undefinedField", f"Field '{inner.name}' doesn't exist on type '{value['__typename']}'")
        below = value[inner.name]
        found[inner.key] = select(below(inner.arguments) if callable(below) else below, inner)
    return found


# queries


def repository(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    name = f"{given.get('owner')}/{given.get('name')}"
    found = call.core.find_repository(name)
    if found is None or not allows(call.core, call.actor, found, "read"):
        raise GraphQLError("NOT_FOUND", f"Could not resolve to a Repository with the name '{name}'.")

    def pull_request(asked: dict[str, Any]) -> dict[str, Any]:
        check_field(call, "pullRequest", found)
        pull = call.core.store.get(Pull, (found.key, asked.get("number") or 0))
        if pull is None:
            raise GraphQLError("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {asked['number']}.")
        return {
            "__typename": "PullRequest",
            "id": pull.node_id,
            "number": pull.number,
            "reviewThreads": lambda page: threads(call, pull, page),
        }

    return {
        "__typename": "Repository",
        "nameWithOwner": found.full_name,
        "pullRequest": pull_request,
        "object": lambda asked: git_object(call, found, asked),
    }


# mutations


def _node(call: Call, node_id: object) -> Comment | ReviewComment:
    match = NODE.fullmatch(str(node_id))
    kinds: dict[str, type[Comment | ReviewComment]] = {"IC": Comment, "PRRC": ReviewComment, "PRRT": ReviewComment}
    kind = kinds.get(match[1]) if match else None
    found = call.core.store.get(kind, int(match[2])) if match and kind else None
    if found is None:
        raise GraphQLError("NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'")
    return found


def _may(call: Call, found: Comment | ReviewComment, *, author: bool = False) -> None:
    issue = call.core.store.get(Issue, found.group)
    if author and issue and issue.user.lower() == call.actor.login.lower():
        return
    if not allows(call.core, call.actor, call.core.repository(found.repo), "write"):
        message = f"{call.actor.login} does not have the correct permissions to execute this mutation"
        raise GraphQLError("FORBIDDEN", message)


def minimize(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    given = asked.get("input") or {}
    found = _node(call, given.get("subjectId"))
    if given.get("classifier") not in CLASSIFIERS:
        raise GraphQLError("argumentLiteralsIncompatible", "Argument 'classifier' on InputObject has an invalid value")
    _may(call, found)
    call.core.store.put(replace(found, minimized=given["classifier"].lower()))
    return _minimized(minimized=True, reason=given["classifier"].lower(), field="minimizedComment")


def unminimize(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    found = _node(call, (asked.get("input") or {}).get("subjectId"))
    _may(call, found)
    call.core.store.put(replace(found, minimized=None))
    return _minimized(minimized=False, reason=None, field="unminimizedComment")


def _minimized(*, minimized: bool, reason: str | None, field: str) -> dict[str, Any]:
    shown = {"__typename": "Minimizable", "isMinimized": minimized, "minimizedReason": reason}
    return {"__typename": "Payload", "clientMutationId": None, field: shown}


def _set(call: Call, asked: dict[str, Any], *, resolved: bool) -> dict[str, Any]:
    """A thread goes by the node id of its first comment, with PRRT for PRRC."""
    node_id = str((asked.get("input") or {}).get("threadId"))
    found = _node(call, node_id)
    if not isinstance(found, ReviewComment) or not node_id.startswith("PRRT_") or found.in_reply_to is not None:
        raise GraphQLError("NOT_FOUND", f"Could not resolve to a PullRequestReviewThread with the id of '{node_id}'")
    _may(call, found, author=True)
    changed = set_resolved(call.core, found, call.actor, resolved=resolved)
    return {"__typename": "Payload", "clientMutationId": None, "thread": thread(call, changed)}


def resolve(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    return _set(call, asked, resolved=True)


def unresolve(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    return _set(call, asked, resolved=False)


QUERIES: dict[str, Any] = {"repository": repository}
MUTATIONS: dict[str, Any] = {
    "minimizeComment": minimize,
    "unminimizeComment": unminimize,
    "createCommitOnBranch": commit_on_branch,
    "resolveReviewThread": resolve,
    "unresolveReviewThread": unresolve,
}
