"""Git trees and blobs (docs: REST, Git database)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from tests.world.github.call import Answer, Call
from tests.world.github.errors import ApiError, failed, not_found
from tests.world.github.git import BLOB, COMMIT, EXECUTABLE, LINK, TREE, Changes, GitError
from tests.world.github.routes import REPO, SHA, Routes

routes = Routes("git/trees")
MODES = {f"{mode:06o}": mode for mode in (BLOB, EXECUTABLE, LINK, TREE, COMMIT)}
TREE_LIMIT = 100_000  # docs: Get a tree, recursive listing


@routes.add("GET", f"{REPO}/git/trees/<path:tree>", need="read")
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


@routes.add("POST", f"{REPO}/git/trees", need="write", git=True)
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


@routes.add("GET", f"{REPO}/git/blobs/<sha>", need="read")
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


@routes.add("POST", f"{REPO}/git/blobs", need="write", git=True)
def create_blob(call: Call) -> Answer:
    text = call.need("Blob", "content")
    try:
        data = base64.b64decode(text) if call.body.get("encoding") == "base64" else text.encode()
    except binascii.Error as error:
        raise failed("Blob", "content is not valid Base64") from error
    sha = call.git.write_blob(data)
    return Answer({"sha": sha, "url": f"{call.core.url}/repos/{call.repo.full_name}/git/blobs/{sha}"}, 201)
