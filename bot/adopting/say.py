"""What `accession init` says: what became of each file, and the chapters of what is left to do. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adopting.steps import chapters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.adopting.adoption import Adoption
    from bot.adopting.write_files import Written

_DONE = {
    "written": "written",
    "unchanged": "as it should be",
    "replaced": "replaced",
    "kept": "differs, left alone",
}
_DRY = {**_DONE, "written": "would be written", "replaced": "would be replaced"}


def report(adoption: Adoption, written: Sequence[Written], *, dry_run: bool) -> str:
    """All of it, as Markdown that reads well in a terminal."""
    words = _DRY if dry_run else _DONE
    lines = [f"{one.path}: {words[one.outcome]}" for one in written]
    kept = [one.path for one in written if one.outcome == "kept"]
    if kept:
        lines += ["", "Somebody changed what was left alone. --force replaces it; `git diff` shows by what."]
    head = f"# Accession for {adoption.repository}\n\n" + "\n".join(lines)
    parts = (f"## {number}. {title}\n\n{text}" for number, (title, text) in enumerate(chapters(adoption), 1))
    return "\n\n".join((head, *parts)) + "\n"
