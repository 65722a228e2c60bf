"""Moving a ref, with everything that follows from it on GitHub."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.acts.mergeability import shape_of
from tests.world.github.records import Issue, Pull, Repository, Review

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core

ZERO = "0" * 40
CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)\b", re.IGNORECASE)
PUSH_COMMITS = 20


def push(core: Core, repo: Repository, ref: str, sha: str | None, actor: Actor) -> None:
    """Set a full ref (None deletes it), tell the hooks, and let pull requests follow."""
    git = core.git(repo)
    before = git.ref(ref)
    if sha is None:
        git.delete_ref(ref)
    else:
        git.set_ref(ref, sha)
    repo = core.store.put(replace(repo, pushed=core.now()))
    core.happened(repo.full_name, "push", None, actor.signed, _payload(core, repo, ref, (before, sha), actor), ref=ref)
    if ref.startswith("refs/heads/"):
        branch = ref.removeprefix("refs/heads/")
        _heads_follow(core, repo, branch, sha, actor)
        if sha is not None:
            _bases_follow(core, repo, branch, sha, actor)
            if branch == repo.default_branch:
                _keywords(core, repo, before, sha, actor)


def _payload(
    core: Core, repo: Repository, ref: str, span: tuple[str | None, str | None], actor: Actor
) -> dict[str, Any]:
    before, after = span
    git = core.git(repo)
    listed = []
    if after and git.kind(after) == "commit":
        for commit in git.history(after, hide=before):
            listed.append({"id": str(commit.id), "message": commit.message, "distinct": True})
            if len(listed) == PUSH_COMMITS:
                break
    return {
        "ref": ref,
        "before": before or ZERO,
        "after": after or ZERO,
        "created": before is None,
        "deleted": after is None,
        "forced": bool(before and after and not git.contains(after, before)),
        "base_ref": None,
        "compare": f"{core.url}/{repo.full_name}/compare/{before or ZERO}...{after or ZERO}",
        "commits": listed[::-1],
        "head_commit": listed[0] if listed else None,
        "pusher": {"name": actor.login},
    }


def _open(core: Core, pull: Pull) -> Issue | None:
    issue = core.store.get(Issue, pull.key)
    return issue if issue and issue.state == "open" else None


def _heads_follow(core: Core, repo: Repository, branch: str, sha: str | None, actor: Actor) -> None:
    from tests.world.github.acts.pulls import close_pull

    for pull in core.store.all(Pull):
        if (pull.head_repo, pull.head_ref) != (repo.full_name, branch) or not _open(core, pull):
            continue
        if sha is None:
            close_pull(core, pull, actor)
        elif sha != pull.head_sha:
            synchronize(core, pull, sha, actor)


def synchronize(core: Core, pull: Pull, sha: str, actor: Actor) -> None:
    """The head moved (event ``pull_request`` / ``synchronize``)."""
    from tests.world.github.acts.pulls import tell_pull

    git = core.git(pull.repo)
    base = git.branch(pull.base_ref) or pull.base_sha
    nulls = core.faults.mergeable_null_reads
    moved = core.store.put(replace(pull, head_sha=sha, base_sha=base, null_reads=nulls, merge_sha=None))
    git.set_ref(f"refs/pull/{pull.number}/head", sha)
    issue = core.store.get(Issue, pull.key)
    if issue:
        core.store.put(replace(issue, updated=core.now()))
    if core.faults.rebind_reviews:
        for review in core.store.group(Review, pull.key):
            core.store.put(replace(review, commit_id=sha))
    tell_pull(core, moved, "synchronize", actor, before=pull.head_sha, after=sha)


def _bases_follow(core: Core, repo: Repository, branch: str, sha: str, actor: Actor) -> None:
    """A moved base makes mergeability unknown again; a head that arrived in it counts as merged."""
    from tests.world.github.acts.pulls import mark_merged

    git = core.git(repo)
    for pull in core.store.group(Pull, repo.key):
        if pull.base_ref != branch or not _open(core, pull):
            continue
        if git.contains(sha, pull.head_sha) and shape_of(core, pull).commits == 0:
            mark_merged(core, pull, sha, actor)
        elif core.faults.mergeable_null_reads:
            core.store.put(replace(pull, null_reads=core.faults.mergeable_null_reads))


def _keywords(core: Core, repo: Repository, before: str | None, after: str, actor: Actor) -> None:
    """A "Closes #12" in a commit on the default branch closes issue 12 (docs: Linking a pull request to an issue)."""
    for commit in core.git(repo).history(after, hide=before):
        close_mentioned(core, repo, commit.message, actor)


def close_mentioned(core: Core, repo: Repository, text: str, actor: Actor) -> None:
    from tests.world.github.acts.threads import close_issue

    for number in CLOSES.findall(text):
        issue = core.store.get(Issue, (repo.key, int(number)))
        if issue and issue.state == "open" and not issue.is_pull:
            close_issue(core, issue, actor)
