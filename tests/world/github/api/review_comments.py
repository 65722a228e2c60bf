"""Comments on lines of a pull request (docs: REST, Pull request review comments)."""

from __future__ import annotations

from dataclasses import replace

from tests.world.github.acts import notes as acts
from tests.world.github.acts.threads import check_body
from tests.world.github.api.reviews import signed_in
from tests.world.github.call import NOTHING, Answer, Call, page
from tests.world.github.records import ReviewComment
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import reviews as shapes

routes = Routes("pulls/comments")
PULL = f"{REPO}/pulls/<int:number>"


@routes.add("GET", f"{PULL}/comments", need="read")
def note_list(call: Call) -> Answer:
    found = call.core.store.group(ReviewComment, call.pull.key)
    return page(call, found, lambda note: shapes.review_comment(call.core, note))


@routes.add("POST", f"{PULL}/comments", need="read")
def note_create(call: Call) -> Answer:
    actor = signed_in(call)
    if first := call.body.get("in_reply_to"):
        note = acts.answer_note(call.core, call.pull, actor, call.find(ReviewComment, first), call.body.get("body"))
    else:
        call.need("PullRequestReviewComment", "path")
        call.need("PullRequestReviewComment", "commit_id")
        note = acts.add_note(call.core, call.pull, actor, call.body)
    return Answer(shapes.review_comment(call.core, note), 201)


@routes.add("POST", f"{PULL}/comments/<int:note>/replies", need="read")
def note_reply(call: Call) -> Answer:
    first = call.find(ReviewComment, call.args["note"])
    note = acts.answer_note(call.core, call.pull, signed_in(call), first, call.body.get("body"))
    return Answer(shapes.review_comment(call.core, note), 201)


@routes.add("GET", f"{REPO}/pulls/comments/<int:note>", need="read")
def note_get(call: Call) -> Answer:
    return Answer(shapes.review_comment(call.core, call.find(ReviewComment, call.args["note"])))


@routes.add("PATCH", f"{REPO}/pulls/comments/<int:note>", need="read")
def note_change(call: Call) -> Answer:
    note = call.find(ReviewComment, call.args["note"])
    if note.user.lower() != call.actor.login.lower():
        call.require("write")
    body = check_body("PullRequestReviewComment", call.body.get("body"))
    changed = call.core.store.put(replace(note, body=body, updated=call.core.now()))
    return Answer(shapes.review_comment(call.core, changed))


@routes.add("DELETE", f"{REPO}/pulls/comments/<int:note>", need="read")
def note_delete(call: Call) -> Answer:
    note = call.find(ReviewComment, call.args["note"])
    if note.user.lower() != call.actor.login.lower():
        call.require("write")
    call.core.store.drop(note)
    return NOTHING
