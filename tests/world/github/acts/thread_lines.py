"""Where a comment on lines stands: what a diff shows, and what became of the lines since."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from tests.world.github.acts.mergeability import base_tip, fork_point
from tests.world.github.gitdiff import changes

if TYPE_CHECKING:
    from tests.world.github.core import Core
    from tests.world.github.records import Pull, ReviewComment

HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


def patch_of(core: Core, pull: Pull, path: object, sha: str) -> str | None:
    """The diff of one file up to a commit; None where the pull request does not change it, empty where it is not shown."""
    for change in changes(core.git(pull.repo), fork_point(core, pull), sha):
        if change.filename == path:
            return change.patch or ""
    return None


def in_diff(patch: str, side: str, start: int, end: int) -> bool:
    """Whether both lines are in one part of the diff."""
    for found in HUNK.finditer(patch):
        first, length = (found[3], found[4]) if side == "RIGHT" else (found[1], found[2])
        if int(first) <= start <= end < int(first) + int(length or 1):
            return True
    return False


def is_part_of(core: Core, pull: Pull, sha: str) -> bool:
    """Whether a commit is one of the pull request's."""
    git = core.git(pull.repo)
    if git.kind(sha) != "commit":
        return False
    tip = base_tip(core, pull)
    return git.contains(pull.head_sha, sha) and not git.contains(tip, sha)


def lines_now(core: Core, pull: Pull, note: ReviewComment) -> tuple[int | None, int] | None:
    """First (None for one line alone) and last line at the head; None where the lines changed: the comment is outdated."""
    if note.line is None:
        return None
    old, new = (_lines(core, pull, note.path, sha) for sha in (note.original_commit_id, pull.head_sha))
    start = note.start_line or note.line
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        if block.a < start <= note.line <= block.a + block.size:
            shift = block.b - block.a
            return note.start_line and note.start_line + shift, note.line + shift
    return None


def _lines(core: Core, pull: Pull, path: str, sha: str) -> list[bytes]:
    git = core.git(pull.repo)
    entry = git.entry(sha, path)
    return git.blob(entry.sha).split(b"\n") if entry else []
