"""Merging, by git itself: test merges, squashes and rebases on a bare repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygit2

from tests.world.github.git import Person

if TYPE_CHECKING:
    from tests.world.github.git import GitRepository


def merged_tree(git: GitRepository, base: str, head: str) -> str | None:
    """The tree of ``head`` merged into ``base``, or None on conflict."""
    try:
        index = git.raw.merge_commits(pygit2.Oid(hex=base), pygit2.Oid(hex=head))
    except pygit2.GitError:
        return None
    return None if index.conflicts else str(index.write_tree(git.raw))


def merge_commit(git: GitRepository, base: str, head: str, message: str, by: Person) -> str | None:
    tree = merged_tree(git, base, head)
    return git.write_commit(tree, [base, head], message, by) if tree else None


def squash_commit(git: GitRepository, base: str, head: str, message: str, by: Person) -> str | None:
    tree = merged_tree(git, base, head)
    return git.write_commit(tree, [base], message, by) if tree else None


def rebased(git: GitRepository, base: str, head: str, by: Person) -> str | None:
    """The tip after replaying what ``head`` has and ``base`` lacks, one commit after the other."""
    tip = base
    for commit in reversed(list(git.history(head, hide=base))):
        if len(commit.parents) != 1:
            continue
        index = git.raw.merge_trees(commit.parents[0].tree, git.commit(tip).tree, commit.tree)
        if index.conflicts:
            return None
        author = Person(commit.author.name, commit.author.email, commit.author.time, commit.author.offset)
        tip = git.write_commit(str(index.write_tree(git.raw)), [tip], commit.message, author, by)
    return tip
