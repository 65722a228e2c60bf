"""Reviews (docs: REST, Pull request reviews)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.world.github.acts import reviews as acts
from tests.world.github.acts.threads import check_body
from tests.world.github.call import Answer, Call, page
from tests.world.github.errors import ApiError, invalid, not_found
from tests.world.github.records import Review, ReviewComment
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import reviews as shapes

if TYPE_CHECKING:
    from tests.world.github.auth import Actor

routes = Routes("pulls/reviews")
PULL = f"{REPO}/pulls/<int:number>"
REVIEW = f"{PULL}/reviews/<int:review>"


def signed_in(call: Call) -> Actor:
    if call.actor.kind == "anonymous":
        raise ApiError(401, "Requires authentication")
    return call.actor


def _review(call: Call) -> Review:
    found = call.find(Review, call.args["review"])
    hidden = found.submitted is None and found.user.lower() != call.actor.login.lower()
    if found.number != call.pull.number or hidden:
        raise not_found()
    return found


@routes.add("GET", f"{PULL}/reviews", need="read")
def listed(call: Call) -> Answer:
    """Oldest first; a pending review is seen by its author only."""
    found = call.core.store.group(Review, call.pull.key)
    seen = [item for item in found if item.submitted is not None or item.user == call.actor.login]
    return page(call, seen, lambda review: shapes.review(call.core, review))


@routes.add("POST", f"{PULL}/reviews", need="read")
def create(call: Call) -> Answer:
    event = call.body.get("event") or "PENDING"
    review = acts.add_review(
        call.core,
        call.pull,
        signed_in(call),
        event,
        call.text("body") or "",
        call.text("commit_id"),
        call.body.get("comments") or [],
    )
    return Answer(shapes.review(call.core, review))


@routes.add("GET", REVIEW, need="read")
def get(call: Call) -> Answer:
    return Answer(shapes.review(call.core, _review(call)))


@routes.add("PUT", REVIEW, need="read")
def change(call: Call) -> Answer:
    review = _review(call)
    acts.own(review, call.actor)
    body = check_body("PullRequestReview", call.need("PullRequestReview", "body"))
    return Answer(shapes.review(call.core, call.core.store.put(replace(review, body=body))))


@routes.add("DELETE", REVIEW, need="read")
def delete(call: Call) -> Answer:
    review = _review(call)
    acts.own(review, call.actor)
    if review.submitted is not None:
        raise invalid("Unprocessable Entity", "Can not delete a non-pending pull request review")
    call.core.store.drop(review)
    return Answer(shapes.review(call.core, review))


@routes.add("POST", f"{REVIEW}/events", need="read")
def submit(call: Call) -> Answer:
    review = _review(call)
    acts.own(review, call.actor)
    done = acts.submit_review(call.core, review, call.actor, call.need("PullRequestReview", "event"), call.text("body"))
    return Answer(shapes.review(call.core, done))


@routes.add("PUT", f"{REVIEW}/dismissals", need="write")
def dismiss(call: Call) -> Answer:
    call.need("PullRequestReview", "message")
    return Answer(shapes.review(call.core, acts.dismiss_review(call.core, _review(call), call.actor)))


@routes.add("GET", f"{REVIEW}/comments", need="read")
def of_review(call: Call) -> Answer:
    review = _review(call)
    found = [note for note in call.core.store.group(ReviewComment, call.pull.key) if note.review_id == review.id]

    def shape(note: ReviewComment) -> dict[str, object]:
        data = shapes.review_comment(call.core, note)
        return data | {"position": note.line or 1, "original_position": note.line or 1}

    return page(call, found, shape)
