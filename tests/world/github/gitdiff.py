"""What changed between two trees, as the compare and files endpoints list it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pygit2.enums import DeltaStatus, DiffFind

if TYPE_CHECKING:
    import pygit2

    from tests.world.github.git import GitRepository

STATUS = {
    DeltaStatus.ADDED: "added",
    DeltaStatus.DELETED: "removed",
    DeltaStatus.RENAMED: "renamed",
    DeltaStatus.COPIED: "copied",
    DeltaStatus.TYPECHANGE: "changed",
}


@dataclass(frozen=True)
class FileChange:
    """One file of a diff; ``patch`` is None for binary files and for ones too large to show."""

    filename: str
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None
    previous: str | None


PATCH_LIMIT = 1_000_000


def changes(git: GitRepository, old: str | None, new: str) -> list[FileChange]:
    tree = git.tree(new)
    diff = tree.diff_to_tree(swap=True) if old is None else git.tree(old).diff_to_tree(tree)
    diff.find_similar(flags=DiffFind.FIND_RENAMES)
    return [_change(patch) for patch in diff if patch is not None]


def count(git: GitRepository, old: str, new: str) -> tuple[int, int, int]:
    """Files, lines added and lines removed, without building patches."""
    stats = git.tree(old).diff_to_tree(git.tree(new)).stats
    return stats.files_changed, stats.insertions, stats.deletions


def _change(patch: pygit2.Patch) -> FileChange:
    delta = patch.delta
    status = STATUS.get(DeltaStatus(delta.status), "modified")
    _, additions, deletions = patch.line_stats
    side = delta.old_file if status == "removed" else delta.new_file
    renamed = status in {"renamed", "copied"}
    text = None if delta.is_binary else _hunks(patch)
    return FileChange(
        filename=side.path,
        status=status,
        sha=str(side.id),
        additions=additions,
        deletions=deletions,
        patch=text,
        previous=delta.old_file.path if renamed else None,
    )


def _hunks(patch: pygit2.Patch) -> str | None:
    """The patch from its first hunk on, as GitHub shows it."""
    data = patch.data
    if len(data) > PATCH_LIMIT:
        return None
    text = data.decode("utf-8", "replace")
    start = text.find("\n@@ ")
    return text[start + 1 :].rstrip("\n") if start >= 0 else None
