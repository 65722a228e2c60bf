"""Commenting on lines of a pull request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.acts.thread_lines import in_diff, is_part_of, patch_of
from tests.world.github.acts.threads import check_body, touch
from tests.world.github.errors import ApiError, invalid, invalid_field
from tests.world.github.records import Pull, Review, ReviewComment
from tests.world.github.shapes import pulls as shapes
from tests.world.github.shapes.reviews import review_comment

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core


RESOURCE, THREAD = "PullRequestReviewComment", "pull_request_review_thread"
REVIEW_WORDS = {
    "path": "Path could not be resolved",
    "line": "Line could not be resolved",
    "start_line": "Start line must precede the end line.",
}


def add_note(core: Core, pull: Pull, actor: Actor, given: dict[str, Any], review: int | None = None) -> ReviewComment:
    """A comment on a line (or, without one, on the file) of the diff."""
    body, hunk = check_note(core, pull, given)
    path, line = given.get("path"), given.get("line") or given.get("position")
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


def check_note(core: Core, pull: Pull, given: dict[str, Any]) -> tuple[str, str]:
    """Body and diff of the file; refused where the commit, the file or the lines are not the pull request's."""
    body, sha = check_body(RESOURCE, given.get("body")), given.get("commit_id") or pull.head_sha
    if not is_part_of(core, pull, sha):
        raise invalid_field(RESOURCE, "commit_id", "custom", "commit_id is not part of the pull request")
    hunk = patch_of(core, pull, given.get("path"), sha)
    if hunk is None:
        raise invalid_field(RESOURCE, f"{THREAD}.path", "invalid")
    line, start, side = given.get("line"), given.get("start_line"), given.get("side") or "RIGHT"
    if start is not None and (line is None or start >= line):
        said = f"{THREAD}.start_line must precede the end line."
        raise invalid_field(RESOURCE, f"{THREAD}.start_line", "custom", said)
    if line is not None and not in_diff(hunk, side, start or line, line):
        raise invalid_field(RESOURCE, f"{THREAD}.line", "custom", f"{THREAD}.line must be part of the diff")
    return body, hunk


def check_notes(core: Core, pull: Pull, sha: str, notes: list[dict[str, Any]]) -> None:
    """The comments of a review, all before the first is made: one that is refused refuses the review."""
    for note in notes:
        try:
            check_note(core, pull, note | {"commit_id": sha})
        except ApiError as error:
            field = str((error.errors or [{}])[0].get("field", ""))
            word = REVIEW_WORDS.get(field.removeprefix(f"{THREAD}."))
            raise invalid("Unprocessable Entity", word or error.message) from error


def _tell_note(core: Core, pull: Pull, note: ReviewComment, actor: Actor) -> None:
    payload = {"comment": review_comment(core, note), "pull_request": shapes.simple(core, pull)}
    core.happened(pull.repo, "pull_request_review_comment", "created", actor.signed, payload, number=pull.number)


def set_resolved(core: Core, note: ReviewComment, actor: Actor, *, resolved: bool) -> ReviewComment:
    """Resolve a thread by its first comment, or open it again; twice is once."""
    if note.resolved == resolved:
        return note
    changed = core.store.put(replace(note, resolved=resolved, resolved_by=actor.login if resolved else None))
    touch(core, (note.repo.lower(), note.number))
    return changed
