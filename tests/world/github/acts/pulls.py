"""Opening and closing pull requests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.world.github.acts.pushes import close_mentioned
from tests.world.github.acts.threads import new_thread
from tests.world.github.errors import failed, invalid_field
from tests.world.github.records import Issue, Pull, Repository
from tests.world.github.shapes import pulls as shapes

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core


def tell_pull(core: Core, pull: Pull, action: str, actor: Actor, **extra: Any) -> None:
    payload = {"number": pull.number, "pull_request": shapes.full(core, pull, None)} | extra
    core.happened(pull.repo, "pull_request", action, actor.signed, payload, number=pull.number)


def tell_number(core: Core, issue: Issue, action: str, actor: Actor, **extra: Any) -> None:
    pull = core.store.get(Pull, issue.key)
    if pull:
        tell_pull(core, pull, action, actor, **extra)


def pulls_from(core: Core, repo: Repository, head: tuple[str, str], base: str) -> list[Pull]:
    """Open pull requests of this head (repository, branch) into this base."""
    found = [
        pull
        for pull in core.store.group(Pull, repo.key)
        if (pull.head_repo, pull.head_ref, pull.base_ref) == (*head, base)
    ]
    return [pull for pull in found if shapes.thread(core, pull).state == "open"]


def open_pull(
    core: Core,
    repo: Repository,
    head: tuple[Repository, str],
    base: str,
    text: tuple[str, str | None],
    actor: Actor,
    **options: bool,
) -> Pull:
    """Open a pull request. ``head`` is repository and branch, ``text`` title and body.

    Options are ``draft`` (default false) and ``maintainer_can_modify`` (default true; means something for forks only).

    Refusals are 422 with GitHub's sentences: unknown branches, nothing between them, and one that is open already.
    """
    source, branch = head
    git = core.git(repo)
    base_sha, head_sha = git.branch(base), core.git(source).branch(branch)
    if base_sha is None:
        raise invalid_field("PullRequest", "base", "invalid")
    if head_sha is None:
        raise invalid_field("PullRequest", "head", "invalid")
    if pulls_from(core, repo, (source.full_name, branch), base):
        raise failed("PullRequest", f"A pull request already exists for {source.owner}:{branch}.")
    label = branch if source.key == repo.key else f"{source.owner}:{branch}"
    if git.merge_base(base_sha, head_sha) is None:
        raise failed("PullRequest", f"The {label} branch has no history in common with {base}")
    if git.contains(base_sha, head_sha):
        raise failed("PullRequest", f"No commits between {base} and {label}")
    issue = new_thread(core, repo, *text, actor.login, is_pull=True)
    foreign = source.key != repo.key
    pull = core.store.put(
        Pull(
            core.store.next_id("pull", 600001),
            repo.full_name,
            issue.number,
            base,
            base_sha,
            source.full_name,
            branch,
            head_sha,
            draft=options.get("draft", False),
            maintainer_can_modify=foreign and options.get("maintainer_can_modify", True),
            created=issue.created,
            null_reads=core.faults.mergeable_null_reads,
        )
    )
    git.set_ref(f"refs/pull/{issue.number}/head", head_sha)
    tell_pull(core, pull, "opened", actor)
    return pull


def close_pull(core: Core, pull: Pull, actor: Actor) -> None:
    issue, now = shapes.thread(core, pull), core.now()
    core.store.put(replace(issue, state="closed", closed=now, closed_by=actor.login, updated=now))
    tell_pull(core, pull, "closed", actor)


def reopen_pull(core: Core, pull: Pull, actor: Actor) -> None:
    """Reopen; refused when merged, when the branch is gone or rewritten, or when another one took its place."""
    if pull.merged is not None:
        raise failed("PullRequest", "state cannot be changed. The pull request cannot be reopened.")
    head = (pull.head_repo, pull.head_ref)
    source = core.find_repository(pull.head_repo)
    sha = core.git(source).branch(pull.head_ref) if source else None
    if sha is None:
        raise failed("PullRequest", f"state cannot be changed. The {pull.head_ref} branch has been deleted.")
    if pulls_from(core, core.repository(pull.repo), head, pull.base_ref):
        owner = pull.head_repo.split("/")[0]
        raise failed(
            "PullRequest",
            f"state cannot be changed. There is already an open pull request from {owner}:{pull.head_ref}",
        )
    if not core.git(pull.repo).contains(sha, pull.head_sha):
        message = f"state cannot be changed. The {pull.head_ref} branch was force-pushed or recreated."
        raise failed("PullRequest", message)
    issue = shapes.thread(core, pull)
    core.store.put(replace(issue, state="open", closed=None, closed_by=None, updated=core.now()))
    pull = core.store.put(replace(pull, head_sha=sha))
    core.git(pull.repo).set_ref(f"refs/pull/{pull.number}/head", sha)
    tell_pull(core, pull, "reopened", actor)


def mark_merged(core: Core, pull: Pull, sha: str, actor: Actor) -> Pull:
    issue, now = shapes.thread(core, pull), core.now()
    core.store.put(replace(issue, state="closed", closed=now, closed_by=actor.login, updated=now))
    merged = core.store.put(replace(pull, merged=now, merged_by=actor.login, merge_sha=sha, null_reads=0))
    tell_pull(core, merged, "closed", actor)
    repo = core.repository(pull.repo)
    if pull.base_ref == repo.default_branch:
        close_mentioned(core, repo, issue.body or "", actor)
    return merged
