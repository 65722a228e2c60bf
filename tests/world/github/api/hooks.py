"""Webhooks of a repository and their deliveries (docs: REST, Repository webhooks)."""

from __future__ import annotations

from dataclasses import replace

from tests.world.github.acts.repositories import new_hook
from tests.world.github.call import NOTHING, Answer, Call, page
from tests.world.github.errors import ApiError, invalid_field, not_found
from tests.world.github.hookshot import headers
from tests.world.github.records import Delivery, Hook
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import hooks as shapes

routes = Routes("repos/webhooks")


@routes.add("GET", f"{REPO}/hooks", need="admin")
def hook_list(call: Call) -> Answer:
    return page(call, call.core.store.group(Hook, call.repo.key), lambda hook: shapes.hook(call.core, hook))


@routes.add("POST", f"{REPO}/hooks", need="admin")
def hook_create(call: Call) -> Answer:
    config = call.need("Hook", "config", dict)
    if not isinstance(config.get("url"), str):
        raise invalid_field("Hook", "url", "missing_field")
    if any(hook.url == config["url"] for hook in call.core.store.group(Hook, call.repo.key)):
        raise ApiError(422, "Validation Failed", [{"resource": "Hook", "code": "custom", "message": "Hook already exists on this repository"}])  # fmt: skip
    events = tuple(call.body.get("events") or ["push"])
    made = new_hook(call.core, call.repo, config["url"], config.get("secret", ""), events, call.actor)
    return Answer(shapes.hook(call.core, made), 201)


@routes.add("GET", f"{REPO}/hooks/<int:hook>", need="admin")
def hook_get(call: Call) -> Answer:
    return Answer(shapes.hook(call.core, call.find(Hook, call.args["hook"])))


@routes.add("DELETE", f"{REPO}/hooks/<int:hook>", need="admin")
def hook_delete(call: Call) -> Answer:
    call.core.store.drop(call.find(Hook, call.args["hook"]))
    return NOTHING


@routes.add("PATCH", f"{REPO}/hooks/<int:hook>", need="admin")
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
    return Answer(shapes.hook(call.core, call.core.store.put(changed)))


@routes.add("GET", f"{REPO}/hooks/<int:hook>/deliveries", need="admin")
def deliveries(call: Call) -> Answer:
    hook = call.find(Hook, call.args["hook"])
    return page(call, call.core.store.group(Delivery, hook.id)[::-1], shapes.delivery)


def _delivery(call: Call) -> tuple[Hook, Delivery]:
    hook = call.find(Hook, call.args["hook"])
    found = call.core.store.get(Delivery, call.args["delivery"])
    if found is None or found.hook_id != hook.id:
        raise not_found()
    return hook, found


@routes.add("GET", f"{REPO}/hooks/<int:hook>/deliveries/<int:delivery>", need="admin")
def delivery(call: Call) -> Answer:
    hook, found = _delivery(call)
    return Answer(shapes.delivery(found, headers(hook, found, found.payload.encode())))


@routes.add("POST", f"{REPO}/hooks/<int:hook>/deliveries/<int:delivery>/attempts", need="admin")
def redeliver(call: Call) -> Answer:
    _, found = _delivery(call)
    call.core.hookshot.redeliver(found)
    return Answer({}, 202)
