"""Accounts, credentials and apps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tests.world.github.records.base import Key, Numbered, Record


@dataclass(frozen=True)
class User(Numbered):
    node: ClassVar[str] = "U"
    login: str
    type: str = "User"
    created: float = 0.0

    @property
    def group(self) -> Key:
        return self.login.lower()


@dataclass(frozen=True)
class Token(Record):
    """A credential. ``kind`` decides what it may do: personal, app (installation token) or actions."""

    token: str
    login: str
    kind: str = "personal"
    expires: float | None = None
    app_id: int | None = None
    owner: str | None = None  # installation tokens reach the repositories of this account only
    grants: tuple[tuple[str, str], ...] | None = None  # the `permissions` of one Actions job

    @property
    def key(self) -> Key:
        return self.token


@dataclass(frozen=True)
class App(Numbered):
    node: ClassVar[str] = "A"
    slug: str
    login: str
    owner: str
    public_key_pem: str = field(repr=False)
    created: float = 0.0


@dataclass(frozen=True)
class Installation(Numbered):
    app_id: int
    owner: str
    created: float

    @property
    def group(self) -> Key:
        return self.app_id
