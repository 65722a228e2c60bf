"""What somebody decides when their collection adopts Accession. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.adopting.permissions import Identity

Mode = Literal["actions", "service"]

_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}")
_CURATOR = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9-]{0,38})):([1-9][0-9]{0,17})")
_SOURCE = re.compile(rf"({_REPOSITORY.pattern})@([0-9a-f]{{40}})")
_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]{0,99}")
_NO_BRANCH = re.compile(r"\.\.|//|\.lock(/|\Z)|/\.|[./]\Z")
EVIDENCE_BRANCH = "accession-evidence"
_NAME, _KEYWORD = 256, 64
"""Characters, as `schemas/config.schema.json` has them."""


@dataclass(frozen=True)
class Curator:
    """Somebody who may approve: the numeric id decides, because logins can change hands."""

    login: str
    id: int


@dataclass(frozen=True)
class Source:
    """Where Accession's own workflow is taken from: a repository, and the one commit that is trusted."""

    repository: str
    sha: str


@dataclass(frozen=True)
class Adoption:
    """`source` is needed for Actions only."""

    repository: str
    mode: Mode = "actions"
    app: bool = False
    name: str = ""
    keywords: tuple[str, ...] = ()
    curators: tuple[Curator, ...] = ()
    publish_branch: str = "main"
    source: Source | None = None

    @property
    def identity(self) -> Identity:
        """As whom the bot speaks to GitHub."""
        if self.app:
            return "app"
        return "actions" if self.mode == "actions" else "token"

    @property
    def title(self) -> str:
        """The collection's name, by default its repository's."""
        return self.name or self.repository.rpartition("/")[2]

    def check(self) -> Adoption:
        """Itself; raises `ConfigError` for what would not work later."""
        if not _REPOSITORY.fullmatch(self.repository):
            raise _wrong(f"{self.repository!r} is no repository: give it as OWNER/NAME.")
        if not _BRANCH.fullmatch(self.publish_branch) or _NO_BRANCH.search(self.publish_branch):
            raise _wrong(f"--publish-branch: {self.publish_branch!r} is no name of a branch.")
        if self.publish_branch == EVIDENCE_BRANCH:
            raise _wrong(f"--publish-branch: {EVIDENCE_BRANCH} is written over by the bot, take another one.")
        if self.app and self.mode == "actions":
            raise _wrong("--app: in Actions the bot speaks with Actions' own token; an App goes with --mode service.")
        if len(self.name) > _NAME or not self.title.isprintable():
            raise _wrong(f"--name: at most {_NAME} characters, on one line.")
        for keyword in self.keywords:
            if not 0 < len(keyword) <= _KEYWORD or not keyword.isprintable():
                raise _wrong(f"--keyword: {keyword[:80]!r} has not 1 to {_KEYWORD} characters on one line.")
        return self


def curator(text: str) -> Curator:
    """`LOGIN:ID`."""
    found = _CURATOR.fullmatch(text)
    if not found:
        raise _wrong(
            f"--curator: {text[:80]!r} is not LOGIN:ID; the id stands at https://api.github.com/users/LOGIN as `id`."
        )
    return Curator(found[1], int(found[2]))


def source(text: str) -> Source:
    """`OWNER/NAME@SHA`, the sha in full: a branch or tag could be moved to other code."""
    found = _SOURCE.fullmatch(text)
    if not found:
        raise _wrong(f"--accession: {text[:120]!r} is not OWNER/NAME@SHA with the 40 digits of a commit.")
    return Source(found[1], found[2])


def _wrong(message: str) -> ConfigError:
    return ConfigError(message, reason="usage")
