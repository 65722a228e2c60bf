"""Users and the rate limit (docs: REST, Users; Rate limit)."""

from __future__ import annotations

from tests.world.github.auth import allows
from tests.world.github.call import Answer, Call, page
from tests.world.github.errors import ApiError, forbidden, not_found
from tests.world.github.records import Repository
from tests.world.github.routes import Routes
from tests.world.github.shapes import repositories as shapes
from tests.world.github.shapes.users import private_user, public_user

routes = Routes("users/users")
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


@limits.add("GET", "/rate_limit")
def rate_limit(call: Call) -> Answer:
    core = call.core.limits.core_resource(call.actor)
    idle = {"limit": 30, "remaining": 30, "used": 0, "reset": core["reset"]}
    return Answer({"resources": {"core": core, "search": idle, "graphql": core}, "rate": core})
