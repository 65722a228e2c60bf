"""Which commit of Accession this is: as pip noted it, or as the checkout that is run from stands. No network, no git.

Sources: PEP 610 (`direct_url.json`), https://git-scm.com/docs/gitrepository-layout.
"""

from __future__ import annotations

import json
import re
from importlib import metadata
from typing import TYPE_CHECKING

from bot.adopting.adoption import Source

if TYPE_CHECKING:
    from pathlib import Path

_SHA = re.compile(r"[0-9a-f]{40}")
_HOME = re.compile(
    r"(?:https://(?:[^@/]*@)?github\.com/|ssh://git@github\.com/|git@github\.com:)([\w.-]+/[\w.-]+?)(?:\.git)?/?"
)
_ORIGIN = re.compile(r'^\[remote "origin"\]\n(?:[ \t]+.*\n)*?[ \t]+url = (\S+)$', re.MULTILINE)


def find_source(checkout: Path, *, distribution: str = "accession") -> Source | None:
    """None where neither says it, or where it is not on GitHub."""
    return _installed(distribution) or _checked_out(checkout)


def _installed(distribution: str) -> Source | None:
    try:
        noted = json.loads(metadata.distribution(distribution).read_text("direct_url.json") or "{}")
        return _source(noted["url"], noted["vcs_info"]["commit_id"])
    except (metadata.PackageNotFoundError, KeyError, TypeError, ValueError):
        return None


def _checked_out(checkout: Path) -> Source | None:
    """`.git` is a folder, or in a linked working tree a file that names one, which names the common one."""
    try:
        folder = checkout / ".git"
        if folder.is_file():
            folder = checkout / folder.read_text().partition("gitdir: ")[2].strip()
        common = folder / (folder / "commondir").read_text().strip() if (folder / "commondir").exists() else folder
        origin = _ORIGIN.search((common / "config").read_text())
        return _source(origin[1], _head(folder, common)) if origin else None
    except (OSError, UnicodeDecodeError):
        return None


def _head(folder: Path, common: Path) -> str:
    """The commit of HEAD: itself, or of the branch that it names, which may be among the packed ones."""
    head = (folder / "HEAD").read_text().strip()
    name = head.removeprefix("ref: ")
    if name == head:
        return head
    if (common / name).is_file():
        return (common / name).read_text().strip()
    packed = (line.partition(" ") for line in (common / "packed-refs").read_text().splitlines())
    return next((sha for sha, _, ref in packed if ref == name), "")


def _source(url: str, sha: str) -> Source | None:
    home = _HOME.fullmatch(url.removeprefix("git+"))
    return Source(home[1], sha) if home and _SHA.fullmatch(sha) else None
