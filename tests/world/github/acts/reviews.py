"""Reviewing pull requests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.acts.threads import check_body, touch
from tests.world.github.errors import ApiError, invalid, not_found
from tests.world.github.records import Pull, Review
from tests.world.github.shapes import pulls as shapes
from tests.world.github.shapes.reviews import review as shown_review

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core
from tests.world.github.acts.notes import add_note, check_notes
from tests.world.github.acts.thread_lines import is_part_of

STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED", "PENDING": "PENDING"}


def _check(core: Core, pull: Pull, event: str, body: str, actor: Actor, *, notes: bool) -> None:
    """Refuse what GitHub refuses: approving or requesting changes on one's own pull request, and saying nothing."""
    author = shapes.thread(core, pull).user
    if event not in STATES:
        raise invalid(
            "Unprocessable Entity",
            f"Variable $event of type PullRequestReviewEvent was provided invalid value: {event}",
        )
    if event == "APPROVE" and author.lower() == actor.login.lower():
        raise invalid("Unprocessable Entity", "Can not approve your own pull request")
    if event == "REQUEST_CHANGES" and author.lower() == actor.login.lower():
        raise invalid("Unprocessable Entity", "Can not request changes on your own pull request")
    if event in {"REQUEST_CHANGES", "COMMENT"} and not body and not notes:
        raise invalid("Unprocessable Entity", "Body can't be blank")


def add_review(
    core: Core, pull: Pull, actor: Actor, event: str, body: str, commit: str | None, notes: list[dict[str, Any]]
) -> Review:
    body = check_body("PullRequestReview", body, needed=False)
    _check(core, pull, event, body, actor, notes=bool(notes))
    sha = commit or pull.head_sha
    if not is_part_of(core, pull, sha):
        raise invalid("Unprocessable Entity", "The given commit_id is not part of the pull request")
    check_notes(core, pull, sha, notes)
    now, store = core.now(), core.store
    pending = event == "PENDING"
    review = store.put(
        Review(
            store.next_id("review", 800001), pull.repo, pull.number, actor.login, body, STATES[event], sha,
            None if pending else now, now,
        )
    )  # fmt: skip
    for note in notes:
        add_note(core, pull, actor, note | {"commit_id": sha}, review.id)
    if not pending:
        _tell(core, review, "submitted", actor)
    return review


def submit_review(core: Core, review: Review, actor: Actor, event: str, body: str | None) -> Review:
    pull = _pull(core, review)
    if review.submitted is not None:
        raise invalid("Unprocessable Entity", "Can not submit a review that is not pending")
    _check(core, pull, event, body or review.body, actor, notes=True)
    done = replace(review, state=STATES[event], body=body or review.body, submitted=core.now())
    core.store.put(done)
    _tell(core, done, "submitted", actor)
    return done


def dismiss_review(core: Core, review: Review, actor: Actor) -> Review:
    if review.state not in {"APPROVED", "CHANGES_REQUESTED"}:
        raise invalid("Unprocessable Entity", "Can not dismiss a commented pull request review")
    done = core.store.put(replace(review, state="DISMISSED"))
    _tell(core, done, "dismissed", actor)
    return done


def _pull(core: Core, review: Review) -> Pull:
    pull = core.store.get(Pull, review.group)
    if pull is None:
        raise not_found()
    return pull


def _tell(core: Core, review: Review, action: str, actor: Actor) -> None:
    touch(core, (review.repo.lower(), review.number))
    pull = _pull(core, review)
    if action == "submitted":
        waiting = tuple(login for login in pull.reviewers if login.lower() != actor.login.lower())
        pull = core.store.put(replace(pull, reviewers=waiting))
    shown = shown_review(core, review)
    payload = {"review": shown | {"state": review.state.lower()}, "pull_request": shapes.simple(core, pull)}
    core.happened(
        review.repo, "pull_request_review", action, actor.signed, payload, number=review.number, review=review.id
    )


def own(review: Review, actor: Actor) -> None:
    if review.user.lower() != actor.login.lower():
        raise ApiError(403, "Resource not accessible by integration" if actor.integration else "Forbidden")
