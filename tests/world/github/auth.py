"""Who is asking, and what they may do (docs: Authenticating to the REST API; Permission levels)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import jwt

from tests.world.github.core import ACTIONS_APP
from tests.world.github.errors import DOCS, ApiError, forbidden, not_found
from tests.world.github.records import App, Repository, Token

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from tests.world.github.core import Core

LEVELS = ("none", "read", "triage", "write", "maintain", "admin")
INTEGRATION = "Resource not accessible by integration"
JWT_MAX_SECONDS = 600


@dataclass(frozen=True)
class Actor:
    """The asker of one request. ``owner`` narrows an installation token to one account's repositories."""

    login: str
    kind: str  # anonymous | personal | app | actions | jwt | human (through the pages)
    token: str = ""
    app_id: int | None = None
    owner: str | None = None
    grants: tuple[tuple[str, str], ...] | None = None
    """What an Actions job declared as its `permissions`; None for a token that nothing narrows."""

    @property
    def integration(self) -> bool:
        return self.kind in {"app", "actions"}

    @property
    def signed(self) -> tuple[str, str]:
        """What ``Core.happened`` wants to know."""
        return self.login, self.kind


ANONYMOUS = Actor("", "anonymous")


def human(login: str) -> Actor:
    """Somebody acting in a browser."""
    return Actor(login, "human")


def identify(core: Core, request: Request) -> Actor:
    header = request.headers.get("Authorization", "")
    scheme, _, secret = header.partition(" ")
    if not header:
        return ANONYMOUS
    if scheme.lower() == "basic" and request.authorization:
        secret = request.authorization.password or request.authorization.username or ""
    elif scheme.lower() not in {"token", "bearer"}:
        raise bad_credentials()
    secret = secret.strip()
    return _by_jwt(core, secret) if secret.count(".") == 2 else _by_token(core, secret)


def bad_credentials(message: str = "Bad credentials") -> ApiError:
    return ApiError(401, message, docs=DOCS)


def _by_token(core: Core, secret: str) -> Actor:
    token = core.store.get(Token, secret)
    if token is None or (token.expires is not None and token.expires <= core.now()):
        raise bad_credentials()
    app_id = ACTIONS_APP if token.kind == "actions" and token.app_id is None else token.app_id
    return Actor(token.login, token.kind, secret, app_id, token.owner, token.grants)


def _by_jwt(core: Core, secret: str) -> Actor:
    """An app speaking for itself (docs: Generating a JSON Web Token for a GitHub App)."""
    message = "A JSON web token could not be decoded"
    try:
        issuer = int(jwt.decode(secret, options={"verify_signature": False}).get("iss", 0))
        app = core.store.get(App, issuer)
        if app is None:
            raise bad_credentials("Integration not found")
        # times are compared with the world's clock below, not with the machine's
        claims = jwt.decode(
            secret,
            app.public_key_pem,
            algorithms=["RS256"],
            options={"require": ["exp", "iat"], "verify_exp": False, "verify_iat": False, "verify_iss": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise bad_credentials(message) from error
    if claims["exp"] <= core.now():
        raise bad_credentials("'Expiration time' claim ('exp') must be a numeric value representing the future time")
    if claims["exp"] > core.now() + JWT_MAX_SECONDS + 60:
        raise bad_credentials("'Expiration time' claim ('exp') is too far in the future")
    return Actor(app.login, "jwt", secret, app.id)


def permission(core: Core, actor: Actor, repo: Repository) -> str:
    """The actor's role in a repository: a word of LEVELS."""
    if actor.kind in {"app", "actions"}:
        return _integration_role(actor, repo)
    return role(repo, actor.login)


def role(repo: Repository, login: str) -> str:
    if login and login.lower() == repo.owner.lower():
        return "admin"
    granted = {name.lower(): level for name, level in repo.collaborators}
    return granted.get(login.lower(), "none" if repo.private else "read")


def _integration_role(actor: Actor, repo: Repository) -> str:
    """Installed on originals, not on contributors' forks; never administrator."""
    installed = repo.parent is None and (actor.owner is None or actor.owner.lower() == repo.owner.lower())
    if installed:
        return "write"
    return "none" if repo.private else "read"


def allows(core: Core, actor: Actor, repo: Repository, level: str) -> bool:
    return LEVELS.index(permission(core, actor, repo)) >= LEVELS.index(level)


def require(core: Core, actor: Actor, repo: Repository, level: str, *, git: bool = False) -> None:
    """Refuse as GitHub does: what one may not see is 404, what one may not do is 403.

    Pushing git data with a personal token that has no push permission is answered 404 by GitHub, not 403.
    """
    if not allows(core, actor, repo, "read"):
        raise not_found()
    if allows(core, actor, repo, level):
        return
    if actor.kind == "anonymous":
        raise ApiError(401, "Requires authentication")
    if actor.integration:
        raise forbidden(INTEGRATION)
    if git:
        raise not_found()
    raise forbidden("Must have admin rights to Repository.")
