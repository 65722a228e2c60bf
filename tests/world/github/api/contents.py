"""Files through the contents endpoint, and commits and comparisons (docs: REST, Repository contents; Commits)."""

from __future__ import annotations

import base64
import binascii
from itertools import islice
from typing import Any

from tests.world.github.acts.pushes import push
from tests.world.github.api.gitdata import person
from tests.world.github.call import Answer, Call, page
from tests.world.github.dates import timestamp
from tests.world.github.errors import ApiError, invalid, not_found
from tests.world.github.git import BLOB, TREE, Entry
from tests.world.github.gitdiff import changes
from tests.world.github.guard import may_move
from tests.world.github.records import Pull, Repository
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import commits as shapes
from tests.world.github.shapes.pulls import simple
from tests.world.github.shapes.urls import COMPARE, fill

routes = Routes("repos/contents")
commits = Routes("commits/commits")
CONTENTS = (f"{REPO}/contents/<path:path>", f"{REPO}/contents")
COMPARE_COMMITS = 250


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


@commits.add("GET", f"{REPO}/commits", need="read")
def history(call: Call) -> Answer:
    start = call.query("sha") or call.repo.default_branch
    tip = call.git.resolve(start)
    if tip is None:
        raise not_found(f"No commit found for SHA: {start}")
    found = list(call.git.history(tip))
    if path := call.query("path"):
        found = [commit for commit in found if _touches(call, str(commit.id), path)]
    if since := call.query("since"):
        found = [commit for commit in found if commit.commit_time >= timestamp(since)]
    if until := call.query("until"):
        found = [commit for commit in found if commit.commit_time <= timestamp(until)]
    return page(call, found, lambda commit: shapes.commit(call.core, call.repo, str(commit.id)))


def _touches(call: Call, sha: str, path: str) -> bool:
    here = call.git.entry(sha, path)
    parents = call.git.commit(sha).parent_ids
    before = [call.git.entry(str(parent), path) for parent in parents]
    return here not in before if before else here is not None


@commits.add("GET", f"{REPO}/commits/<path:ref>", need="read")
def get_commit(call: Call) -> Answer:
    sha = call.git.resolve(call.args["ref"])
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {call.args['ref']}")
    if call.accepts("sha"):
        return Answer(raw=sha.encode(), content_type="application/vnd.github.sha; charset=utf-8")
    return Answer(shapes.full_commit(call.core, call.repo, sha))


@commits.add("GET", f"{REPO}/commits/<sha>/pulls", need="read")
def pulls_of(call: Call) -> Answer:
    sha = call.git.resolve(call.args["sha"])
    found = [pull for pull in call.core.store.group(Pull, call.repo.key) if sha in {pull.head_sha, pull.merge_sha}]
    return page(call, found, lambda pull: simple(call.core, pull))


@commits.add("GET", f"{REPO}/compare/<path:span>", need="read")
def compare(call: Call) -> Answer:
    """Three dots: head against its merge base with base. ``owner:branch`` names a fork's."""
    first, dots, second = call.args["span"].partition("...")
    base, head = _side(call, first), _side(call, second)
    if not dots or base is None or head is None:
        raise not_found()
    start = call.git.merge_base(base, head)
    if start is None:
        raise not_found(f"No common ancestor between {first} and {second}.")
    ahead, behind = call.git.ahead_behind(head, base)
    files = changes(call.git, start, head)
    between = [str(commit.id) for commit in islice(call.git.history(head, hide=base), COMPARE_COMMITS)][::-1]
    word = ("diverged" if behind else "ahead") if ahead else ("behind" if behind else "identical")
    links: dict[str, Any] = dict(fill(call.core.url, COMPARE, repo=call.repo.full_name, span=call.args["span"]))
    return Answer(
        links
        | {
            "base_commit": shapes.commit(call.core, call.repo, base),
            "merge_base_commit": shapes.commit(call.core, call.repo, start),
            "status": word,
            "ahead_by": ahead,
            "behind_by": behind,
            "total_commits": ahead,
            "commits": [shapes.commit(call.core, call.repo, sha) for sha in between],
            "files": [shapes.diff_entry(call.core, call.repo, head, file) for file in files[: shapes.DIFF_FILES]],
        }
    )


def _side(call: Call, name: str) -> str | None:
    owner, colon, branch = name.partition(":")
    if not colon:
        return call.git.resolve(name)
    for repo in call.core.network(_root(call)):
        if repo.owner.lower() == owner.lower():
            return call.core.git(repo).resolve(branch)
    return None


def _root(call: Call) -> Repository:
    return call.core.repository(call.repo.parent) if call.repo.parent else call.repo
