"""Files through the contents endpoint (docs: REST, Repository contents)."""

from __future__ import annotations

import base64
import binascii

from tests.world.github.acts.pushes import push
from tests.world.github.api.git_commits import person
from tests.world.github.call import Answer, Call
from tests.world.github.errors import ApiError, invalid, not_found
from tests.world.github.git import BLOB, TREE, Entry
from tests.world.github.guard import may_move
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import commits as shapes

routes = Routes("repos/contents")
CONTENTS = (f"{REPO}/contents/<path:path>", f"{REPO}/contents")


@routes.add("GET", *CONTENTS, need="read")
def get(call: Call) -> Answer:
    ref = call.query("ref") or call.repo.default_branch
    sha, path = call.git.resolve(ref), call.args.get("path", "").strip("/")
    if sha is None:
        raise not_found(f"No commit found for the ref {ref}")
    entry = call.git.entry(sha, path)
    if entry is None:
        raise not_found()
    if entry.mode == TREE:
        prefix = f"{path}/" if path else ""
        return Answer([shapes.file(call.core, call.repo, ref, item) for item in call.git.listing(entry.sha, prefix)])
    if call.accepts("raw"):
        return Answer(raw=call.git.blob(entry.sha), content_type="application/vnd.github.raw+json; charset=utf-8")
    return Answer(shapes.full_file(call.core, call.repo, ref, entry))


@routes.add("PUT", *CONTENTS, need="read")
def put(call: Call) -> Answer:
    """Create or update one file: 422 without the old blob's sha, 409 with a stale one."""
    path, branch, tip, old = _target(call)
    message, content = call.need("Content", "message"), call.need("Content", "content")
    try:
        data = base64.b64decode(content, validate=False)
    except binascii.Error as error:
        raise invalid("content is not valid Base64") from error
    if old is None and call.body.get("sha"):
        raise ApiError(409, f"{path} does not match {call.body['sha']}")
    if old is not None:
        _fresh(call, path, old)
    blob = call.git.write_blob(data)
    sha = _commit(call, branch, tip, {path: (old.mode if old else BLOB, blob)}, message)
    shown = shapes.file(call.core, call.repo, branch, Entry(path, BLOB, blob))
    return Answer({"content": shown, "commit": shapes.git_commit(call.core, call.repo, sha)}, 200 if old else 201)


@routes.add("DELETE", *CONTENTS, need="read")
def delete(call: Call) -> Answer:
    path, branch, tip, old = _target(call)
    if old is None:
        raise not_found()
    _fresh(call, path, old)
    sha = _commit(call, branch, tip, {path: None}, call.body.get("message") or call.query("message"))
    return Answer({"content": None, "commit": shapes.git_commit(call.core, call.repo, sha)})


def _target(call: Call) -> tuple[str, str, str, Entry | None]:
    """Path, branch, its tip, and what is at the path now."""
    path = call.args.get("path", "")
    branch = call.body.get("branch") or call.query("branch") or call.repo.default_branch
    branch = branch.removeprefix("refs/heads/")
    may_move(call, f"refs/heads/{branch}", "", status=409)
    tip = call.git.branch(branch)
    if tip is None:
        raise not_found(f"Branch {branch} not found")
    if not path or any(part in {"", ".", "..", ".git"} for part in path.split("/")):
        raise ApiError(422, "path contains a malformed path component")
    return path, branch, tip, call.git.entry(tip, path)


def _fresh(call: Call, path: str, old: Entry) -> None:
    sha = call.body.get("sha") or call.query("sha")
    if not sha:
        raise invalid('Invalid request.\n\n"sha" wasn\'t supplied.')
    if sha != old.sha:
        raise ApiError(409, f"{path} does not match {sha}")


def _commit(call: Call, branch: str, tip: str, change: dict[str, tuple[int, str] | None], message: str) -> str:
    tree = call.git.write_tree(tip, change)
    committer = person(call, "committer")
    author = person(call, "author") if "author" in call.body else committer
    sha = call.git.write_commit(tree, [tip], message, author, committer)
    push(call.core, call.repo, f"refs/heads/{branch}", sha, call.actor)
    return sha
