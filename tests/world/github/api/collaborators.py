"""Who may do what in a repository (docs: REST, Collaborators)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.world.github.auth import LEVELS, role
from tests.world.github.call import Answer, Call, page
from tests.world.github.errors import ApiError, forbidden, not_found
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import repositories as shapes
from tests.world.github.shapes.users import user

if TYPE_CHECKING:
    from tests.world.github.core import Core
    from tests.world.github.records import Repository

routes = Routes("collaborators/collaborators")


@routes.add("GET", f"{REPO}/collaborators/<login>/permission", need="read")
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


@routes.add("GET", f"{REPO}/collaborators", need="write")
def listed(call: Call) -> Answer:
    repo = call.repo
    people = [(repo.owner, "admin"), *repo.collaborators]

    def shape(item: tuple[str, str]) -> dict[str, object]:
        return user(call.core, item[0]) | {"permissions": shapes.permissions(item[1]), "role_name": item[1]}

    return page(call, people, shape)


@routes.add("GET", f"{REPO}/collaborators/<login>", need="write")
def is_collaborator(call: Call) -> Answer:
    granted = {name.lower() for name, _ in call.repo.collaborators} | {call.repo.owner.lower()}
    if call.args["login"].lower() not in granted:
        raise not_found()
    return Answer(status=204)


@routes.add("PUT", f"{REPO}/collaborators/<login>", need="admin")
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
