"""One request: who asks, and what of the archive it may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .answers import UNAUTHORIZED, ZenodoError

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from .records import Record, User
    from .search import Index
    from .shelf import Shelf
    from .store import Store

TOO_LATE = "The file cannot be changed: the record is published."


@dataclass(frozen=True)
class Asking:
    request: Request
    user: User | None
    shelf: Shelf
    base: str
    world: Any
    """The ZenodoWorld, for its switches."""

    @property
    def store(self) -> Store:
        return self.shelf.store

    @property
    def args(self) -> dict[str, str]:
        return self.request.args.to_dict()

    @property
    def owner(self) -> int:
        """Who is signed in; Zenodo's 401 for guests."""
        if self.user is None:
            raise ZenodoError(401, UNAUTHORIZED)
        return self.user.id

    def index(self) -> Index:
        found: Index = self.world.index()
        return found

    def may_read(self, record: Record) -> bool:
        """Whether the files are open, or the asker's own."""
        return not record.restricted or (self.user is not None and self.user.id == record.owner)


def signed_in(request: Request, users: dict[str, User]) -> User | None:
    """The token's user, from `Authorization: Bearer` or `?access_token=`; 401 for a token that is none."""
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ").strip() if header else request.args.get("access_token", "")
    if token and token not in users:
        raise ZenodoError(401, UNAUTHORIZED)
    return users.get(token)
