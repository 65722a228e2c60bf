"""Commenting on lines of a pull request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.acts.threads import check_body, touch
from tests.world.github.errors import invalid
from tests.world.github.gitdiff import changes
from tests.world.github.records import Pull, Review, ReviewComment
from tests.world.github.shapes import pulls as shapes
from tests.world.github.shapes.reviews import review_comment

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core


def add_note(core: Core, pull: Pull, actor: Actor, given: dict[str, Any], review: int | None = None) -> ReviewComment:
    """A comment on a line (or, without one, on the file) of the diff."""
    body = check_body("PullRequestReviewComment", given.get("body"))
    path, line = given.get("path"), given.get("line") or given.get("position")
    hunk = _hunk(core, pull, path)
    if hunk is None:
        raise invalid(
            "Validation Failed",
            {"resource": "PullRequestReviewComment", "code": "invalid", "field": "pull_request_review_thread.path"},
        )
    sha, now, store = given.get("commit_id") or pull.head_sha, core.now(), core.store
    number = store.next_id("review_comment", 900001)
    if review is None:
        review = store.put(
            Review(store.next_id("review", 800001), pull.repo, pull.number, actor.login, "", "COMMENTED", sha, now, now)
        ).id
    note = store.put(
        ReviewComment(
            number, pull.repo, pull.number, review, actor.login, body, str(path), sha, sha, hunk, now, now, line,
            given.get("start_line"), given.get("side") or "RIGHT",
        )
    )  # fmt: skip
    touch(core, (pull.repo.lower(), pull.number))
    _tell_note(core, pull, note, actor)
    return note


def answer_note(core: Core, pull: Pull, actor: Actor, first: ReviewComment, body: object) -> ReviewComment:
    text, now = check_body("PullRequestReviewComment", body), core.now()
    number = core.store.next_id("review_comment", 900001)
    top = first.in_reply_to or first.id
    note = replace(first, id=number, user=actor.login, body=text, in_reply_to=top, created=now, updated=now)
    core.store.put(note)
    _tell_note(core, pull, note, actor)
    return note


def _hunk(core: Core, pull: Pull, path: object) -> str | None:
    from tests.world.github.acts.mergeability import fork_point

    for change in changes(core.git(pull.repo), fork_point(core, pull), pull.head_sha):
        if change.filename == path:
            return change.patch or ""
    return None


def _tell_note(core: Core, pull: Pull, note: ReviewComment, actor: Actor) -> None:
    payload = {"comment": review_comment(core, note), "pull_request": shapes.simple(core, pull)}
    core.happened(pull.repo, "pull_request_review_comment", "created", actor.signed, payload, number=pull.number)
