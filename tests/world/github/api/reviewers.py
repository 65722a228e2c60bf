"""Asking for reviews (docs: REST, Review requests)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.acts import pulls as acts
from tests.world.github.call import Answer, Call
from tests.world.github.errors import ApiError
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import pulls as shapes

if TYPE_CHECKING:
    from tests.world.github.records import Issue, Pull

routes = Routes("pulls/review-requests")
PULL = f"{REPO}/pulls/<int:number>"


def _thread(call: Call, pull: Pull) -> Issue:
    return shapes.thread(call.core, pull)


@routes.add("GET", f"{PULL}/requested_reviewers", need="read")
def reviewers(call: Call) -> Answer:
    from tests.world.github.shapes.users import user

    return Answer({"users": [user(call.core, login) for login in call.pull.reviewers], "teams": []})


@routes.add("POST", f"{PULL}/requested_reviewers", need="read")
def request_reviewers(call: Call) -> Answer:
    """Only people with access can be asked, and never the author."""
    call.require("triage")
    pull, wanted = call.pull, call.body.get("reviewers") or []
    have = {call.repo.owner.lower()} | {name.lower() for name, _ in call.repo.collaborators}
    for login in wanted:
        if login.lower() == _thread(call, pull).user.lower():
            raise ApiError(422, "Review cannot be requested from pull request author.")
        if login.lower() not in have:
            raise ApiError(422, "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.")  # fmt: skip
    pull = call.core.store.put(replace(pull, reviewers=tuple(dict.fromkeys([*pull.reviewers, *wanted]))))
    for login in wanted:
        acts.tell_pull(call.core, pull, "review_requested", call.actor, requested_reviewer={"login": login})
    return Answer(shapes.simple(call.core, pull), 201)


@routes.add("DELETE", f"{PULL}/requested_reviewers", need="triage")
def unrequest_reviewers(call: Call) -> Answer:
    gone: list[Any] = [login.lower() for login in call.body.get("reviewers") or []]
    left = tuple(login for login in call.pull.reviewers if login.lower() not in gone)
    return Answer(shapes.simple(call.core, call.core.store.put(replace(call.pull, reviewers=left))))
