"""Repositories, forks, branches, tags, hooks and dispatches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.world.github.acts.repositories import fork, new_hook
from tests.world.github.auth import permission
from tests.world.github.call import NOTHING, Answer, Call, page
from tests.world.github.errors import ApiError, invalid_field, not_found
from tests.world.github.hookshot import headers
from tests.world.github.records import Delivery, Hook
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import checks
from tests.world.github.shapes import repositories as shapes
from tests.world.github.shapes.commits import commit

routes = Routes("repos/repos")
branches = Routes("branches/branches")
hooks = Routes("repos/webhooks")
PROTECTION = {"enabled": True, "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []}}


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


@routes.add("POST", f"{REPO}/actions/workflows/<workflow>/dispatches", need="write")
def workflow_dispatch(call: Call) -> Answer:
    """Recorded only; the workflow file must exist on the default branch."""
    ref, workflow = call.need("WorkflowDispatch", "ref"), call.args["workflow"]
    if call.git.entry(call.git.branch(call.repo.default_branch) or "", f".github/workflows/{workflow}") is None:
        raise not_found()
    if call.git.resolve(ref) is None:
        raise ApiError(422, f"No ref found for: {ref}")
    detail = {"workflow": workflow, "ref": ref, "inputs": call.body.get("inputs", {})}
    call.core.happened(call.repo.full_name, "workflow_dispatch", None, call.actor.signed, detail, body=detail)
    return NOTHING


@branches.add("GET", f"{REPO}/branches", need="read")
def branch_list(call: Call) -> Answer:
    names = {ref.removeprefix("refs/heads/"): sha for ref, sha in call.git.refs("refs/heads/").items()}
    asked = call.query("protected")
    listed = [name for name in names if not asked or (name in call.repo.protected) == (asked == "true")]
    return page(call, listed, lambda name: shapes.branch(call.core, call.repo, name, names[name]))


@branches.add("GET", f"{REPO}/branches/<path:branch>", need="read")
def branch(call: Call) -> Answer:
    name = call.args["branch"]
    sha = call.git.branch(name)
    if sha is None:
        raise not_found("Branch not found")
    url = f"{call.core.url}/repos/{call.repo.full_name}/branches/{name}"
    guarded = name in call.repo.protected
    extra = {
        "commit": commit(call.core, call.repo, sha),
        "_links": {"self": url, "html": f"{call.core.url}/{call.repo.full_name}/tree/{name}"},
        "protection": PROTECTION | {"enabled": guarded},
        "protection_url": url + "/protection",
    }
    return Answer(shapes.branch(call.core, call.repo, name, sha) | extra)


@hooks.add("GET", f"{REPO}/hooks", need="admin")
def hook_list(call: Call) -> Answer:
    return page(call, call.core.store.group(Hook, call.repo.key), lambda hook: checks.hook(call.core, hook))


@hooks.add("POST", f"{REPO}/hooks", need="admin")
def hook_create(call: Call) -> Answer:
    config = call.need("Hook", "config", dict)
    if not isinstance(config.get("url"), str):
        raise invalid_field("Hook", "url", "missing_field")
    if any(hook.url == config["url"] for hook in call.core.store.group(Hook, call.repo.key)):
        raise ApiError(422, "Validation Failed", [{"resource": "Hook", "code": "custom", "message": "Hook already exists on this repository"}])  # fmt: skip
    events = tuple(call.body.get("events") or ["push"])
    made = new_hook(call.core, call.repo, config["url"], config.get("secret", ""), events, call.actor)
    return Answer(checks.hook(call.core, made), 201)


@hooks.add("GET", f"{REPO}/hooks/<int:hook>", need="admin")
def hook_get(call: Call) -> Answer:
    return Answer(checks.hook(call.core, call.find(Hook, call.args["hook"])))


@hooks.add("DELETE", f"{REPO}/hooks/<int:hook>", need="admin")
def hook_delete(call: Call) -> Answer:
    call.core.store.drop(call.find(Hook, call.args["hook"]))
    return NOTHING


@hooks.add("PATCH", f"{REPO}/hooks/<int:hook>", need="admin")
def hook_change(call: Call) -> Answer:
    hook = call.find(Hook, call.args["hook"])
    config = call.body.get("config", {})
    changed = replace(
        hook,
        url=config.get("url", hook.url),
        secret=config.get("secret", hook.secret),
        events=tuple(call.body.get("events", hook.events)),
        active=call.body.get("active", hook.active),
    )
    return Answer(checks.hook(call.core, call.core.store.put(changed)))


@hooks.add("GET", f"{REPO}/hooks/<int:hook>/deliveries", need="admin")
def deliveries(call: Call) -> Answer:
    hook = call.find(Hook, call.args["hook"])
    return page(call, call.core.store.group(Delivery, hook.id)[::-1], checks.delivery)


def _delivery(call: Call) -> tuple[Hook, Delivery]:
    hook = call.find(Hook, call.args["hook"])
    found = call.core.store.get(Delivery, call.args["delivery"])
    if found is None or found.hook_id != hook.id:
        raise not_found()
    return hook, found


@hooks.add("GET", f"{REPO}/hooks/<int:hook>/deliveries/<int:delivery>", need="admin")
def delivery(call: Call) -> Answer:
    hook, found = _delivery(call)
    return Answer(checks.delivery(found, headers(hook, found, found.payload.encode())))


@hooks.add("POST", f"{REPO}/hooks/<int:hook>/deliveries/<int:delivery>/attempts", need="admin")
def redeliver(call: Call) -> Answer:
    _, found = _delivery(call)
    call.core.hookshot.redeliver(found)
    return Answer({}, 202)
