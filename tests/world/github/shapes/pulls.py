"""Pull requests as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.world.github.acts.mergeability import mergeable_state, shape_of
from tests.world.github.dates import iso, maybe_iso
from tests.world.github.records import Comment, Issue, Pull, ReviewComment
from tests.world.github.shapes.issues import labels
from tests.world.github.shapes.repositories import minimal
from tests.world.github.shapes.urls import PULL, fill
from tests.world.github.shapes.users import association, maybe_user, user

if TYPE_CHECKING:
    from tests.world.github.core import Core


def thread(core: Core, pull: Pull) -> Issue:
    found = core.store.get(Issue, pull.key)
    if found is None:
        raise LookupError(pull.key)
    return found


def simple(core: Core, pull: Pull) -> dict[str, Any]:
    """``pull-request-simple``: a line of the list, without ``mergeable`` and counts."""
    issue = thread(core, pull)
    links = fill(core.url, PULL, repo=pull.repo, number=pull.number, sha=pull.head_sha)
    return links | {
        "id": pull.id,
        "node_id": pull.node_id,
        "number": pull.number,
        "state": issue.state,
        "locked": False,
        "active_lock_reason": None,
        "title": issue.title,
        "user": user(core, issue.user),
        "body": issue.body,
        "labels": [label | {"description": label["description"] or ""} for label in labels(core, issue)],
        "milestone": None,
        "created_at": iso(issue.created),
        "updated_at": iso(issue.updated),
        "closed_at": maybe_iso(issue.closed),
        "merged_at": maybe_iso(pull.merged),
        "merge_commit_sha": pull.merge_sha,
        "assignee": maybe_user(core, next(iter(issue.assignees), None)),
        "assignees": [user(core, login) for login in issue.assignees],
        "requested_reviewers": [user(core, login) for login in pull.reviewers],
        "requested_teams": [],
        "draft": pull.draft,
        "head": side(core, pull.head_repo, pull.head_ref, pull.head_sha),
        "base": side(core, pull.repo, pull.base_ref, pull.base_sha),
        "_links": _links(links),
        "author_association": association(core, pull.repo, issue.user),
        "auto_merge": None,
    }


def full(core: Core, pull: Pull, mergeable: bool | None) -> dict[str, Any]:  # noqa: FBT001 - a field of the answer
    """``pull-request``: the single get."""
    numbers = shape_of(core, pull)
    return simple(core, pull) | {
        "merged": pull.merged is not None,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": mergeable_state(core, pull, mergeable),
        "merged_by": maybe_user(core, pull.merged_by),
        "comments": len(core.store.group(Comment, pull.key)),
        "review_comments": len(core.store.group(ReviewComment, pull.key)),
        "maintainer_can_modify": pull.maintainer_can_modify,
        "commits": numbers.commits,
        "additions": numbers.additions,
        "deletions": numbers.deletions,
        "changed_files": numbers.files,
    }


def side(core: Core, full_name: str, ref: str, sha: str) -> dict[str, Any]:
    repo = core.repository(full_name)
    return {
        "label": f"{repo.owner}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(core, repo.owner),
        "repo": minimal(core, repo),
    }


def tiny(core: Core, pull: Pull) -> dict[str, Any]:
    """``pull-request-minimal``, as check runs list it."""

    def end(full_name: str, ref: str, sha: str) -> dict[str, Any]:
        repo = core.repository(full_name)
        short = {"id": repo.id, "url": f"{core.url}/repos/{repo.full_name}", "name": repo.name}
        return {"ref": ref, "sha": sha, "repo": short}

    return {
        "id": pull.id,
        "number": pull.number,
        "url": f"{core.url}/repos/{pull.repo}/pulls/{pull.number}",
        "head": end(pull.head_repo, pull.head_ref, pull.head_sha),
        "base": end(pull.repo, pull.base_ref, pull.base_sha),
    }


def _links(urls: dict[str, str]) -> dict[str, dict[str, str]]:
    names = {"self": "url", "html": "html_url", "issue": "issue_url", "comments": "comments_url"}
    names |= {"review_comments": "review_comments_url", "review_comment": "review_comment_url"}
    names |= {"commits": "commits_url", "statuses": "statuses_url"}
    return {name: {"href": urls[source]} for name, source in names.items()}
