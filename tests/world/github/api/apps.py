"""GitHub Apps: who they are, where they are installed, and their hourly tokens (docs: REST, GitHub Apps)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from tests.world.github.call import Answer, Call, page
from tests.world.github.dates import iso
from tests.world.github.errors import ApiError, not_found
from tests.world.github.records import App, Installation, Repository, Token
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import apps as shapes
from tests.world.github.shapes.repositories import minimal

if TYPE_CHECKING:
    from tests.world.github.core import Core

routes = Routes("apps/apps")
TOKEN_SECONDS = 3600


def installation_of(core: Core, app: App, owner: str) -> Installation:
    """The app's installation on an account, made when first asked for."""
    for found in core.store.group(Installation, app.id):
        if found.owner.lower() == owner.lower():
            return found
    return core.store.put(Installation(core.store.next_id("installation", 200001), app.id, owner, core.now()))


def _app(call: Call) -> App:
    found = call.core.store.get(App, call.actor.app_id or 0)
    if call.actor.kind != "jwt" or found is None:
        raise ApiError(401, "A JSON web token could not be decoded")
    return found


@routes.add("GET", "/app")
def me(call: Call) -> Answer:
    return Answer(shapes.app(call.core, _app(call)))


@routes.add("GET", "/app/installations")
def installations(call: Call) -> Answer:
    app = _app(call)
    owners = dict.fromkeys(repo.owner for repo in call.core.store.all(Repository) if repo.parent is None)
    found = [installation_of(call.core, app, owner) for owner in owners]
    return page(call, found, lambda item: shapes.installation(call.core, item))


@routes.add("GET", "/app/installations/<int:installation>")
def one(call: Call) -> Answer:
    return Answer(shapes.installation(call.core, _installation(call)))


def _installation(call: Call) -> Installation:
    found = call.core.store.get(Installation, call.args["installation"])
    if found is None or found.app_id != _app(call).id:
        raise not_found()
    return found


@routes.add("GET", f"{REPO}/installation")
def of_repository(call: Call) -> Answer:
    app, repo = _app(call), call.core.find_repository(f"{call.args['owner']}/{call.args['name']}")
    if repo is None or repo.parent is not None:
        raise not_found()
    return Answer(shapes.installation(call.core, installation_of(call.core, app, repo.owner)))


@routes.add("POST", "/app/installations/<int:installation>/access_tokens", ledger=False)
def token(call: Call) -> Answer:
    """A token for one hour."""
    app, found = _app(call), _installation(call)
    expires = call.core.now() + TOKEN_SECONDS
    secret = "ghs_" + secrets.token_hex(18)
    call.core.store.put(Token(secret, app.login, "app", expires, app.id, found.owner, app.permissions))
    answer = {"token": secret, "expires_at": iso(expires), "permissions": shapes.permissions(app)}
    return Answer(answer | {"repository_selection": "all"}, 201)


@routes.add("GET", "/installation/repositories")
def repositories(call: Call) -> Answer:
    if call.actor.kind != "app":
        raise ApiError(403, "You must authenticate with an installation access token in order to list repositories for an installation.")  # fmt: skip
    mine = [
        repo
        for repo in call.core.store.all(Repository)
        if repo.parent is None and call.actor.owner in {None, repo.owner}
    ]
    return page(call, mine, lambda repo: minimal(call.core, repo), "repositories")
