"""Making people, credentials and places, in-process."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.world.github.acts import repositories, workflows
from tests.world.github.auth import LEVELS, human
from tests.world.github.core import Core
from tests.world.github.records import App, Repository, Token, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.world.github.grants import Granted


class Founding(Core):
    """Each verb is one transaction."""

    def add_user(self, login: str, *, type: str = "User") -> User:  # noqa: A002 - GitHub's own name for it
        with self.transaction():
            return self.ensure_user(login, type)

    def add_token(
        self, login: str, token: str, *, kind: str = "personal", permissions: Mapping[str, str] | None = None
    ) -> None:
        """A credential of kind personal, app (an installation token that never expires) or actions.

        ``permissions`` makes it a fine-grained one, e.g. ``{"contents": "write"}``.
        """
        if kind not in {"personal", "app", "actions"}:
            raise ValueError(kind)
        with self.transaction():
            self.ensure_user(login, "User" if kind == "personal" else "Bot")
            app_id = self._app_of(login) if kind == "app" else None
            self.store.put(Token(token, login, kind, app_id=app_id, permissions=_granted(permissions)))

    def add_app(
        self,
        app_id: int,
        public_key_pem: str,
        *,
        login: str = "accession[bot]",
        permissions: Mapping[str, str] | None = None,
    ) -> None:
        """A GitHub App, installed on every account that owns an original repository; its tokens have its permissions."""
        slug = login.removesuffix("[bot]")
        with self.transaction():
            self.ensure_user(login, "Bot")
            self.store.put(App(app_id, slug, login, "github", public_key_pem, self.now(), _granted(permissions)))

    def create_repository(
        self, full_name: str, files: Mapping[str, bytes | str], *, private: bool = False
    ) -> Repository:
        with self.transaction():
            return repositories.new_repository(self, full_name, files, private=private)

    def add_collaborator(self, full_name: str, login: str, permission: str) -> None:
        from tests.world.github.api.collaborators import set_role

        if permission not in LEVELS[1:]:
            raise ValueError(permission)
        with self.transaction():
            set_role(self, self.repository(full_name), login, permission)

    def protect_branch(self, full_name: str, branch: str = "main", *, protected: bool = True) -> None:
        """A protected branch moves through merged pull requests only (administrators' own tokens excepted)."""
        with self.transaction():
            repo = self.repository(full_name)
            others = tuple(name for name in repo.protected if name != branch)
            self.store.put(replace(repo, protected=(*others, branch) if protected else others))

    def require_resolution(self, full_name: str) -> None:
        """Merges wait until every thread on lines is resolved (docs: About protected branches)."""
        with self.transaction():
            self.store.put(replace(self.repository(full_name), resolve_conversations=True))

    def disable_workflow(self, full_name: str, file: str, *, why: str = "manually") -> None:
        """By somebody, or by GitHub: ``inactivity``."""
        with self.transaction():
            workflows.set_workflow(self, self.repository(full_name), file, f"disabled_{why}")

    def add_webhook(self, full_name: str, url: str, secret: str, events: tuple[str, ...] = ("*",)) -> None:
        with self.transaction():
            repo = self.repository(full_name)
            repositories.new_hook(self, repo, url, secret, tuple(events), human(repo.owner))

    def _app_of(self, login: str) -> int:
        """The app behind a bot's login; one that nobody registered gets an id of its own and no key."""
        known = [app.id for app in self.store.all(App) if app.login == login]
        if known:
            return known[0]
        slug, number = login.removesuffix("[bot]"), self.store.next_id("app", 900001)
        return self.store.put(App(number, slug, login, "github", "", self.now())).id


def _granted(permissions: Mapping[str, str] | None) -> Granted | None:
    return None if permissions is None else tuple(sorted(permissions.items()))
