"""A pull request's diff, as text and as coloured HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.world.github.acts.mergeability import fork_point
from tests.world.github.gitdiff import FileChange, changes

if TYPE_CHECKING:
    from tests.world.github.core import Core
    from tests.world.github.records import Pull

SHOWN_FILES, SHOWN_LINES = 100, 2000


def files(core: Core, pull: Pull) -> list[FileChange]:
    return changes(core.git(pull.repo), fork_point(core, pull), pull.head_sha)


def unified(core: Core, pull: Pull) -> str:
    parts = []
    for file in files(core, pull):
        old = "/dev/null" if file.status == "added" else f"a/{file.previous or file.filename}"
        new = "/dev/null" if file.status == "removed" else f"b/{file.filename}"
        head = f"diff --git a/{file.previous or file.filename} b/{file.filename}"
        parts.append(f"{head}\n--- {old}\n+++ {new}\n{file.patch or ''}\n")
    return "".join(parts)


def coloured(core: Core, pull: Pull) -> str:
    found = files(core, pull)
    rest = f"<p>… and {len(found) - SHOWN_FILES} more files.</p>" if len(found) > SHOWN_FILES else ""
    return "".join(_file(pull, file) for file in found[:SHOWN_FILES]) + rest


def _file(pull: Pull, file: FileChange) -> str:
    lines = (file.patch or "Binary file or nothing to show").splitlines()
    body = "".join(_line(line) for line in lines[:SHOWN_LINES])
    link = f"/{pull.head_repo}/blob/{pull.head_sha}/{escape(file.filename)}"
    count = f'<b class="plus">+{file.additions}</b> <b class="minus">-{file.deletions}</b>'
    head = f'<summary><a href="{link}">{escape(file.filename)}</a> {count} <i>{file.status}</i></summary>'
    return f'<details class="file" open>{head}<pre class="diff">{body}</pre></details>'


def _line(line: str) -> str:
    kind = {"+": "add", "-": "del", "@": "hunk"}.get(line[:1], "same")
    return f'<span class="{kind}">{escape(line)}\n</span>'
