"""Git commits and annotated tags (docs: REST, Git database)."""

from __future__ import annotations

from typing import Any

from tests.world.github.call import Answer, Call
from tests.world.github.dates import iso, parse
from tests.world.github.errors import ApiError, invalid, not_found
from tests.world.github.git import Person
from tests.world.github.routes import REPO, SHA, Routes
from tests.world.github.shapes.commits import git_commit

routes = Routes("git/commits")


@routes.add("GET", f"{REPO}/git/commits/<sha>", need="read")
def get_commit(call: Call) -> Answer:
    sha = call.args["sha"]
    if not SHA.fullmatch(sha) or call.git.kind(sha) != "commit":
        raise not_found()
    return Answer(git_commit(call.core, call.repo, sha))


@routes.add("POST", f"{REPO}/git/commits", need="write", git=True)
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


@routes.add("POST", f"{REPO}/git/tags", need="write", git=True)
def create_tag(call: Call) -> Answer:
    name, message = call.need("Tag", "tag"), call.need("Tag", "message")
    target, by = call.need("Tag", "object"), person(call, "tagger")
    if call.git.kind(target) is None:
        raise ApiError(422, "Object does not exist")
    sha = call.git.write_tag(name, target, message, by)
    return Answer(_tag(call, sha), 201)


@routes.add("GET", f"{REPO}/git/tags/<sha>", need="read")
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
