"""Whether a pull request merges, as git says; and what it amounts to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.world.github import gitdiff
from tests.world.github.git import GitRepository, Person
from tests.world.github.gitmerge import merge_commit

if TYPE_CHECKING:
    from tests.world.github.core import Core
    from tests.world.github.records import Pull

MERGER = ("GitHub", "noreply@github.com")


@dataclass(frozen=True)
class Extent:
    """How large a pull request is."""

    commits: int
    files: int
    additions: int
    deletions: int


def base_tip(core: Core, pull: Pull) -> str:
    """What the pull request is compared with: the branch as it is now, or as it was when merged."""
    tip = None if pull.merged is not None else core.git(pull.repo).branch(pull.base_ref)
    return tip or pull.base_sha


def fork_point(core: Core, pull: Pull) -> str | None:
    return core.git(pull.repo).merge_base(base_tip(core, pull), pull.head_sha)


def shape_of(core: Core, pull: Pull) -> Extent:
    git, base = core.git(pull.repo), base_tip(core, pull)
    key = ("extent", base, pull.head_sha)
    if key not in git.memo:
        git.memo[key] = _extent(git, base, pull.head_sha)
    found: Extent = git.memo[key]
    return found


def _extent(git: GitRepository, base: str, head: str) -> Extent:
    ahead, _ = git.ahead_behind(head, base)
    start = git.merge_base(base, head)
    return Extent(ahead, *gitdiff.count(git, start, head)) if start else Extent(ahead, 0, 0, 0)


def _test_merge(git: GitRepository, base: str, head: str) -> str | None:
    """GitHub's test merge commit; the committer's time is the head's, so that it is the same every time."""
    key = ("merge", base, head)
    if key not in git.memo:
        by = Person(*MERGER, git.commit(head).commit_time)
        git.memo[key] = merge_commit(git, base, head, f"Merge {head} into {base}", by)
    found: str | None = git.memo[key]
    return found


def mergeable(core: Core, pull: Pull) -> bool:
    """Ask git; keeps ``refs/pull/N/merge`` and the record's ``merge_sha`` in step."""
    git = core.git(pull.repo)
    test = _test_merge(git, base_tip(core, pull), pull.head_sha)
    if test != pull.merge_sha:
        core.store.put(replace(pull, merge_sha=test))
    name = f"refs/pull/{pull.number}/merge"
    if test and git.ref(name) != test:
        git.set_ref(name, test)
    elif test is None and git.ref(name):
        git.delete_ref(name)
    return test is not None


def read_mergeable(core: Core, pull: Pull) -> bool | None:
    """What a get answers: null for merged ones, and at first while GitHub is still "computing"."""
    if pull.merged is not None:
        return None
    if pull.null_reads > 0:
        core.store.put(replace(pull, null_reads=pull.null_reads - 1))
        return None
    return mergeable(core, pull)


def mergeable_state(core: Core, pull: Pull, answer: bool | None) -> str:  # noqa: FBT001 - GitHub's three-valued field
    """Clean | behind is not told apart | dirty | draft | unknown (docs: GraphQL MergeStateStatus)."""
    if answer is None:
        return "unknown"
    if not answer:
        return "dirty"
    return "draft" if pull.draft else "clean"
