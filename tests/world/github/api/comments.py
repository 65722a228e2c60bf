"""Comments on issues and pull requests (docs: REST, Issue comments)."""

from __future__ import annotations

from tests.world.github.acts import comments as acts
from tests.world.github.api.issues import in_order, since
from tests.world.github.api.reviews import signed_in
from tests.world.github.call import NOTHING, Answer, Call, page
from tests.world.github.records import Comment
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import issues as shapes

routes = Routes("issues/comments")
ISSUE = f"{REPO}/issues/<int:number>"
COMMENT = f"{REPO}/issues/comments/<int:comment>"


@routes.add("GET", f"{ISSUE}/comments", need="read")
def comment_list(call: Call) -> Answer:
    """By ascending id; the thread's list knows ``since`` only."""
    found = since(call, call.core.store.group(Comment, call.issue.key))
    return page(call, found, lambda comment: shapes.comment(call.core, comment))


@routes.add("GET", f"{REPO}/issues/comments", need="read")
def comment_list_all(call: Call) -> Answer:
    mine = [comment for comment in call.core.store.all(Comment) if comment.repo.lower() == call.repo.key]
    found = since(call, mine)
    ordered = in_order(call, found, "desc") if call.query("sort") else found
    return page(call, ordered, lambda comment: shapes.comment(call.core, comment))


@routes.add("POST", f"{ISSUE}/comments", need="read")
def comment_create(call: Call) -> Answer:
    comment = acts.add_comment(call.core, call.issue, call.body.get("body"), signed_in(call))
    return Answer(shapes.comment(call.core, comment), 201)


@routes.add("GET", COMMENT, need="read")
def comment_get(call: Call) -> Answer:
    comment = call.find(Comment, call.args["comment"])
    return Answer(shapes.comment(call.core, comment), modified=comment.updated)


@routes.add("PATCH", COMMENT, need="read")
def comment_change(call: Call) -> Answer:
    """Whoever has write role may edit anybody's comment."""
    comment = _editable(call)
    return Answer(shapes.comment(call.core, acts.change_comment(call.core, comment, call.body.get("body"), call.actor)))


@routes.add("DELETE", COMMENT, need="read")
def comment_delete(call: Call) -> Answer:
    acts.remove_comment(call.core, _editable(call), call.actor)
    return NOTHING


def _editable(call: Call) -> Comment:
    comment = call.find(Comment, call.args["comment"])
    if comment.user.lower() != signed_in(call).login.lower():
        call.require("write")
    return comment
