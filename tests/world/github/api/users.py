"""Users, the rate limit, and what an account has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.world.github.auth import LEVELS, allows, role
from tests.world.github.call import Answer, Call, page
from tests.world.github.errors import ApiError, forbidden, not_found
from tests.world.github.records import Repository
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import repositories as shapes
from tests.world.github.shapes.users import private_user, public_user, user

if TYPE_CHECKING:
    from tests.world.github.core import Core

routes = Routes("users/users")
collaborators = Routes("collaborators/collaborators")
limits = Routes("rate-limit/rate-limit")


@routes.add("GET", "/user")
def me(call: Call) -> Answer:
    if call.actor.kind == "anonymous":
        raise ApiError(401, "Requires authentication")
    if call.actor.kind != "personal":
        raise forbidden("Resource not accessible by integration")
    return Answer(private_user(call.core, call.core.ensure_user(call.actor.login)))


@routes.add("GET", "/users/<login>")
def one(call: Call) -> Answer:
    found = call.core.user(call.args["login"])
    if found is None:
        raise not_found()
    return Answer(public_user(call.core, found))


@routes.add("GET", "/user/<int:account_id>")
def by_id(call: Call) -> Answer:
    from tests.world.github.records import User

    found = call.core.store.get(User, call.args["account_id"])
    if found is None:
        raise not_found()
    return Answer(public_user(call.core, found))


@routes.add("GET", "/users/<login>/repos")
def repositories(call: Call) -> Answer:
    login = call.args["login"].lower()
    mine = [repo for repo in call.core.store.all(Repository) if repo.owner.lower() == login]
    seen = [repo for repo in mine if allows(call.core, call.actor, repo, "read")]
    return page(call, seen, lambda repo: shapes.minimal(call.core, repo))


@collaborators.add("GET", f"{REPO}/collaborators/<login>/permission", need="read")
def permission(call: Call) -> Answer:
    """``permission`` knows only admin, write, read and none; ``role_name`` tells the finer ones."""
    if not call.may("write"):
        raise forbidden("Must have push access to view collaborator permission.")
    found = call.core.user(call.args["login"])
    if found is None:
        raise not_found(f"{call.args['login']} is not a user")
    have = role(call.repo, found.login)
    coarse = {"maintain": "write", "triage": "read"}.get(have, have)
    granted = {"permissions": shapes.permissions(have), "role_name": have}
    return Answer({"permission": coarse, "role_name": have, "user": user(call.core, found.login) | granted})


@collaborators.add("GET", f"{REPO}/collaborators", need="write")
def listed(call: Call) -> Answer:
    repo = call.repo
    people = [(repo.owner, "admin"), *repo.collaborators]

    def shape(item: tuple[str, str]) -> dict[str, object]:
        return user(call.core, item[0]) | {"permissions": shapes.permissions(item[1]), "role_name": item[1]}

    return page(call, people, shape)


@collaborators.add("GET", f"{REPO}/collaborators/<login>", need="write")
def is_collaborator(call: Call) -> Answer:
    granted = {name.lower() for name, _ in call.repo.collaborators} | {call.repo.owner.lower()}
    if call.args["login"].lower() not in granted:
        raise not_found()
    return Answer(status=204)


@collaborators.add("PUT", f"{REPO}/collaborators/<login>", need="admin")
def add(call: Call) -> Answer:
    level = {"pull": "read", "push": "write"}.get(
        call.body.get("permission", "push"), call.body.get("permission", "write")
    )
    if level not in LEVELS[1:]:
        raise ApiError(422, "Validation Failed")
    set_role(call.core, call.repo, call.args["login"], level)
    return Answer(status=204)


def set_role(core: Core, repo: Repository, login: str, level: str) -> None:
    from dataclasses import replace

    others = tuple(pair for pair in repo.collaborators if pair[0].lower() != login.lower())
    core.ensure_user(login)
    core.store.put(replace(repo, collaborators=(*others, (login, level))))


@limits.add("GET", "/rate_limit")
def rate_limit(call: Call) -> Answer:
    core = call.core.limits.core_resource(call.actor)
    idle = {"limit": 30, "remaining": 30, "used": 0, "reset": core["reset"]}
    return Answer({"resources": {"core": core, "search": idle, "graphql": core}, "rate": core})
