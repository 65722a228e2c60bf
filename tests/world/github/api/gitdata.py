"""Git refs, trees, blobs, commits and tags (docs: REST, Git database)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from tests.world.github.acts.pushes import push
from tests.world.github.call import NOTHING, Answer, Call
from tests.world.github.dates import iso, parse
from tests.world.github.errors import ApiError, failed, invalid, not_found
from tests.world.github.git import BLOB, COMMIT, EXECUTABLE, LINK, TREE, Changes, GitError, Person
from tests.world.github.guard import may_move
from tests.world.github.routes import REPO, SHA, Routes
from tests.world.github.shapes import repositories as shapes
from tests.world.github.shapes.commits import git_commit

refs = Routes("git/refs")
objects = Routes("git/trees")
MODES = {f"{mode:06o}": mode for mode in (BLOB, EXECUTABLE, LINK, TREE, COMMIT)}
TREE_LIMIT = 100_000  # docs: Get a tree, recursive listing


@refs.add("GET", f"{REPO}/git/ref/<path:ref>", f"{REPO}/git/refs/<path:ref>", need="read")
def get(call: Call) -> Answer:
    name = f"refs/{call.args['ref']}"
    sha = call.git.ref(name)
    if sha is None:
        raise not_found()
    return Answer(shapes.ref(call.core, call.repo, name, sha))


@refs.add("GET", f"{REPO}/git/matching-refs/<path:ref>", f"{REPO}/git/matching-refs", need="read")
def matching(call: Call) -> Answer:
    found = call.git.refs(f"refs/{call.args.get('ref', '')}")
    return Answer([shapes.ref(call.core, call.repo, name, sha) for name, sha in found.items()])


@refs.add("POST", f"{REPO}/git/refs", need="write", git=True)
def create(call: Call) -> Answer:
    name, sha = call.need("Reference", "ref"), call.need("Reference", "sha")
    if not name.startswith("refs/") or name.count("/") < 2:
        raise ApiError(422, "Reference name must start with 'refs/' and have at least two slashes.")
    if name.startswith("refs/pull/") or ".." in name or name.endswith((".lock", "/")) or set(name) & set(" ~^:?*[\\"):
        raise ApiError(422, f"{name} is not a valid ref name.")
    if not SHA.fullmatch(sha):
        raise invalid("The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
    if call.git.kind(sha) is None:
        raise ApiError(422, "Object does not exist")
    if call.git.ref(name):
        raise ApiError(422, "Reference already exists")
    may_move(call, name, sha)
    push(call.core, call.repo, name, sha, call.actor)
    return Answer(shapes.ref(call.core, call.repo, name, sha), 201)


@refs.add("PATCH", f"{REPO}/git/refs/<path:ref>", need="read")
def update(call: Call) -> Answer:
    name, sha = f"refs/{call.args['ref']}", call.need("Reference", "sha")
    may_move(call, name, sha)
    old = call.git.ref(name)
    if old is None:
        raise ApiError(422, "Reference does not exist")
    if call.git.kind(sha) is None:
        raise ApiError(422, "Object does not exist")
    if not call.body.get("force") and not call.git.contains(sha, old):
        raise ApiError(422, "Update is not a fast forward")
    push(call.core, call.repo, name, sha, call.actor)
    return Answer(shapes.ref(call.core, call.repo, name, sha))


@refs.add("DELETE", f"{REPO}/git/refs/<path:ref>", need="write", git=True)
def delete(call: Call) -> Answer:
    name = f"refs/{call.args['ref']}"
    may_move(call, name, None)
    if call.git.ref(name) is None:
        raise ApiError(422, "Reference does not exist")
    push(call.core, call.repo, name, None, call.actor)
    return NOTHING


@objects.add("GET", f"{REPO}/git/trees/<path:tree>", need="read")
def tree(call: Call) -> Answer:
    name = call.args["tree"]
    sha = call.git.resolve(name) or name
    try:
        found = str(call.git.tree(sha).id)
    except (GitError, ValueError) as error:
        raise not_found() from error
    entries = list(call.git.listing(found, recursive=bool(call.query("recursive"))))
    return Answer(_tree(call, found, entries[:TREE_LIMIT], truncated=len(entries) > TREE_LIMIT))


def _tree(call: Call, sha: str, entries: list[Any], *, truncated: bool = False) -> dict[str, Any]:
    root = f"{call.core.url}/repos/{call.repo.full_name}/git"
    lines = []
    for item in entries:
        line = {"path": item.path, "mode": f"{item.mode:06o}", "type": item.type, "sha": item.sha}
        line |= {"url": f"{root}/{item.type}s/{item.sha}"}
        lines.append(line | ({"size": call.git.size(item.sha)} if item.type == "blob" else {}))
    return {"sha": sha, "url": f"{root}/trees/{sha}", "tree": lines, "truncated": truncated}


@objects.add("POST", f"{REPO}/git/trees", need="write", git=True)
def create_tree(call: Call) -> Answer:
    """A tree with inline ``content``; ``sha: null`` deletes (docs: Create a tree)."""
    base = call.text("base_tree")
    if base is not None and call.git.kind(base) not in {"tree", "commit"}:
        raise ApiError(422, "base_tree is not a valid tree oid")
    changes: Changes = {}
    for item in call.need("Tree", "tree", list):
        path = item.get("path", "") if isinstance(item, dict) else ""
        if not path or path.startswith("/") or any(part in {"", ".", "..", ".git"} for part in path.split("/")):
            raise ApiError(422, "tree.path contains a malformed path component")
        changes[path] = _tree_entry(call, item)
    try:
        sha = call.git.write_tree(base, changes)
    except (ValueError, KeyError) as error:
        raise ApiError(422, "tree could not be written") from error
    return Answer(_tree(call, sha, list(call.git.listing(sha))), 201)


def _tree_entry(call: Call, item: dict[str, Any]) -> tuple[int, str] | None:
    mode = MODES.get(str(item.get("mode")))
    if mode is None:
        raise ApiError(422, "Must supply a valid tree.mode")
    if isinstance(item.get("content"), str):
        return mode, call.git.write_blob(item["content"].encode())
    if "sha" not in item:
        raise ApiError(422, "Must supply either tree.sha or tree.content")
    sha = item["sha"]
    if sha is None:
        return None
    if mode != COMMIT and call.git.kind(sha) != ("tree" if mode == TREE else "blob"):
        raise ApiError(422, f"tree.sha {sha} is not a valid {'tree' if mode == TREE else 'blob'}")
    return mode, sha


@objects.add("GET", f"{REPO}/git/blobs/<sha>", need="read")
def blob(call: Call) -> Answer:
    sha = call.args["sha"]
    if not SHA.fullmatch(sha) or call.git.kind(sha) != "blob":
        raise not_found()
    data = call.git.blob(sha)
    if call.accepts("raw"):
        return Answer(raw=data, content_type="application/vnd.github.raw+json; charset=utf-8")
    url = f"{call.core.url}/repos/{call.repo.full_name}/git/blobs/{sha}"
    content = base64.encodebytes(data).decode()
    return Answer(
        {"sha": sha, "node_id": f"B_{sha}", "size": len(data), "url": url, "content": content, "encoding": "base64"}
    )


@objects.add("POST", f"{REPO}/git/blobs", need="write", git=True)
def create_blob(call: Call) -> Answer:
    text = call.need("Blob", "content")
    try:
        data = base64.b64decode(text) if call.body.get("encoding") == "base64" else text.encode()
    except binascii.Error as error:
        raise failed("Blob", "content is not valid Base64") from error
    sha = call.git.write_blob(data)
    return Answer({"sha": sha, "url": f"{call.core.url}/repos/{call.repo.full_name}/git/blobs/{sha}"}, 201)


@objects.add("GET", f"{REPO}/git/commits/<sha>", need="read")
def get_commit(call: Call) -> Answer:
    sha = call.args["sha"]
    if not SHA.fullmatch(sha) or call.git.kind(sha) != "commit":
        raise not_found()
    return Answer(git_commit(call.core, call.repo, sha))


@objects.add("POST", f"{REPO}/git/commits", need="write", git=True)
def create_commit(call: Call) -> Answer:
    """A commit; with author and committer dates given it has the same sha every time."""
    message, tree_sha = call.need("Commit", "message"), call.need("Commit", "tree")
    parents = call.body.get("parents") or []
    if call.git.kind(tree_sha) != "tree":
        raise ApiError(422, "Tree SHA does not exist")
    if any(call.git.kind(str(sha)) != "commit" for sha in parents):
        raise ApiError(422, "Parent SHA does not exist or is not a commit object")
    author = person(call, "author")
    committer = person(call, "committer") if "committer" in call.body else author
    sha = call.git.write_commit(tree_sha, parents, message, author, committer)
    return Answer(git_commit(call.core, call.repo, sha), 201)


def person(call: Call, field: str) -> Person:
    """Who the body names, else the actor."""
    own = call.core.person(call.actor.login)
    given = call.body.get(field)
    if not isinstance(given, dict):
        return own
    if not given.get("name") or not given.get("email"):
        raise invalid(f'Invalid request.\n\n"name", "email" weren\'t supplied for \'{field}\'.')
    if not given.get("date"):
        return Person(given["name"], given["email"], own.time)
    try:
        moment = parse(given["date"])
    except ValueError as error:
        raise ApiError(422, f"{given['date']} is not a valid date-time") from error
    offset = moment.utcoffset()
    return Person(
        given["name"], given["email"], int(moment.timestamp()), int(offset.total_seconds() // 60) if offset else 0
    )


@objects.add("POST", f"{REPO}/git/tags", need="write", git=True)
def create_tag(call: Call) -> Answer:
    import pygit2
    from pygit2.enums import ObjectType

    name, message = call.need("Tag", "tag"), call.need("Tag", "message")
    target, by = call.need("Tag", "object"), person(call, "tagger")
    kind = call.git.kind(target)
    if kind is None:
        raise ApiError(422, "Object does not exist")
    from tests.world.github.git import signature

    oid = pygit2.Oid(hex=target)
    kinds = {"commit": ObjectType.COMMIT, "tree": ObjectType.TREE, "blob": ObjectType.BLOB, "tag": ObjectType.TAG}
    sha = str(call.git.raw.create_tag(name, oid, kinds[kind], signature(by), message))
    return Answer(_tag(call, sha), 201)


@objects.add("GET", f"{REPO}/git/tags/<sha>", need="read")
def get_tag(call: Call) -> Answer:
    if not SHA.fullmatch(call.args["sha"]) or call.git.kind(call.args["sha"]) != "tag":
        raise not_found()
    return Answer(_tag(call, call.args["sha"]))


def _tag(call: Call, sha: str) -> dict[str, Any]:
    import pygit2

    tag = call.git.raw[sha]
    if not isinstance(tag, pygit2.Tag):
        raise not_found()
    root, target = f"{call.core.url}/repos/{call.repo.full_name}/git", str(tag.target)
    kind, by = call.git.kind(target) or "commit", tag.tagger
    tagger = {"name": by.name, "email": by.email, "date": iso(by.time)}
    return {
        "node_id": f"TA_{sha}",
        "tag": tag.name,
        "sha": sha,
        "url": f"{root}/tags/{sha}",
        "message": tag.message,
        "tagger": tagger,
        "object": {"sha": target, "type": kind, "url": f"{root}/{kind}s/{target}"},
        "verification": {
            "verified": False,
            "reason": "unsigned",
            "signature": None,
            "payload": None,
            "verified_at": None,
        },
    }
