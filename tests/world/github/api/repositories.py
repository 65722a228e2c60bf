"""Repositories, forks, tags and dispatches (docs: REST, Repositories)."""

from __future__ import annotations

from typing import Any

from tests.world.github.acts.repositories import fork
from tests.world.github.auth import permission
from tests.world.github.call import NOTHING, Answer, Call, page
from tests.world.github.errors import ApiError
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import repositories as shapes

routes = Routes("repos/repos")


@routes.add("GET", REPO, need="read")
def get(call: Call) -> Answer:
    role = permission(call.core, call.actor, call.repo) if call.actor.login else None
    return Answer(shapes.full(call.core, call.repo, role), modified=call.repo.pushed)


@routes.add("GET", f"{REPO}/forks", need="read")
def forks(call: Call) -> Answer:
    found = [repo for repo in call.core.network(call.repo) if repo.parent == call.repo.full_name]
    return page(call, found[::-1], lambda repo: shapes.minimal(call.core, repo))


@routes.add("POST", f"{REPO}/forks", need="read")
def make_fork(call: Call) -> Answer:
    if call.actor.kind == "anonymous":
        raise ApiError(401, "Requires authentication")
    owner = call.body.get("organization") or call.actor.login
    made = fork(call.core, call.repo, owner, call.actor, call.text("name"))
    return Answer(shapes.full(call.core, made, "admin"), 202)


@routes.add("GET", f"{REPO}/tags", need="read")
def tags(call: Call) -> Answer:
    names = {ref.removeprefix("refs/tags/"): sha for ref, sha in call.git.refs("refs/tags/").items()}
    root = f"{call.core.url}/repos/{call.repo.full_name}"

    def shape(name: str) -> dict[str, Any]:
        sha = call.git.resolve(f"refs/tags/{name}")
        archives = {f"{kind}_url": f"{root}/{kind}/refs/tags/{name}" for kind in ("zipball", "tarball")}
        short = {"sha": sha, "url": f"{root}/commits/{sha}"}
        return {"name": name, "commit": short, "node_id": f"REF_{name}"} | archives

    return page(call, [name for name in names if call.git.resolve(f"refs/tags/{name}")], shape)


@routes.add("POST", f"{REPO}/dispatches", need="write")
def dispatch(call: Call) -> Answer:
    event = call.need("RepositoryDispatch", "event_type")
    payload = {"branch": call.repo.default_branch, "client_payload": call.body.get("client_payload")}
    call.core.happened(call.repo.full_name, "repository_dispatch", event, call.actor.signed, payload, body=call.body)
    return NOTHING
