"""Accounts as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.world.github.dates import iso
from tests.world.github.records import Repository
from tests.world.github.shapes.urls import USER, fill

if TYPE_CHECKING:
    from tests.world.github.core import Core
    from tests.world.github.records import User


def user(core: Core, login: str) -> dict[str, Any]:
    """``simple-user``."""
    account = core.ensure_user(login)
    return fill(core.url, USER, login=account.login) | {
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "gravatar_id": "",
        "type": account.type,
        "site_admin": False,
        "user_view_type": "public",
    }


def maybe_user(core: Core, login: str | None) -> dict[str, Any] | None:
    return user(core, login) if login else None


def public_user(core: Core, account: User) -> dict[str, Any]:
    blank = ("name", "company", "blog", "location", "email", "hireable", "bio", "twitter_username")
    return user(core, account.login) | {
        **dict.fromkeys(blank),
        "public_repos": sum(repo.owner == account.login for repo in core.store.all(Repository)),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": iso(account.created),
        "updated_at": iso(account.created),
    }


def private_user(core: Core, account: User) -> dict[str, Any]:
    counts = ("private_gists", "total_private_repos", "owned_private_repos", "disk_usage", "collaborators")
    return public_user(core, account) | dict.fromkeys(counts, 0) | {"two_factor_authentication": True}


def association(core: Core, full_name: str, login: str) -> str:
    """``author_association``."""
    from tests.world.github.auth import role

    repo = core.repository(full_name)
    if login.lower() == repo.owner.lower():
        return "OWNER"
    granted = {name.lower() for name, _ in repo.collaborators}
    return "COLLABORATOR" if role(repo, login) != "none" and login.lower() in granted else "NONE"
