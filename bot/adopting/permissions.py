"""Which calls the bot makes on GitHub, and the permission that each of them needs. Pure data, and what follows from it.

Source of the permissions: https://docs.github.com/rest/authentication/permissions-required-for-github-apps. It names
"Pull requests" for comments and labels on pull requests; "Issues" alone is needed to read who closed one, and since 2025 to make
a label that is not there yet (https://github.com/actions/labeler/issues/870). What GraphQL needs is not documented:
https://github.com/orgs/community/discussions/44650 says it for threads.
`tests/adopting/test_permissions.py` holds the table to the gateway's own words and to the calls of a whole road, and shows
that a permission less breaks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["read", "write"]
Identity = Literal["app", "token", "actions"]
"""As whom the bot speaks: a GitHub App, a fine-grained personal token, or the token of GitHub Actions."""

EVERYBODY: tuple[Identity, ...] = ("app", "token", "actions")
_CHECKS: tuple[Identity, ...] = ("app", "actions")
"""Only Apps, and Actions' own token, may write check runs; a personal token writes a commit status instead."""


@dataclass(frozen=True)
class Call:
    """One endpoint below a repository (`{}` stands for a name or number), or a field of GraphQL."""

    verb: str
    path: str
    permission: str
    level: Level
    why: str
    by: tuple[Identity, ...] = EVERYBODY


def _reads(permission: str, why: str, *paths: str, by: tuple[Identity, ...] = EVERYBODY) -> tuple[Call, ...]:
    return tuple(Call("GET", path, permission, "read", why, by) for path in paths)


def _writes(
    permission: str, why: str, *calls: tuple[str, str], by: tuple[Identity, ...] = EVERYBODY
) -> tuple[Call, ...]:
    return tuple(Call(verb, path, permission, "write", why, by) for verb, path in calls)


GRAPHQL = "GraphQL"

CALLS: tuple[Call, ...] = (
    *_reads("metadata", "which branch is the default one", ""),
    *_reads("metadata", "whether somebody who approves has write access", "/collaborators/{}/permission"),
    *_reads("contents", "policy, entries and branches as they are", "/git/ref/{}", "/git/commits/{}"),
    *_reads("contents", "policy, entries and branches as they are", "/git/trees/{}", "/git/blobs/{}"),
    *_reads("contents", "policy, entries and branches as they are", "/git/matching-refs/heads/{}"),
    *_reads("contents", "policy, entries and branches as they are", "/contents/{}"),
    Call(GRAPHQL, "object", "contents", "read", "policy, entries and branches as they are"),
    *_writes(
        "contents",
        "an entry: its commit, its branch, the tag that reserves its id",
        ("POST", "/git/trees"),
        ("POST", "/git/commits"),
    ),
    *_writes("contents", "an entry: its commit, its branch, the tag that reserves its id", ("POST", "/git/refs")),
    *_writes("contents", "corrections taken by command, old evidence dropped", ("PATCH", "/git/refs/{}")),
    *_writes("contents", "branches of closed pull requests, removed", ("DELETE", "/git/refs/{}")),
    *_writes("contents", "`collection.json`", ("PUT", "/contents/{}")),
    *_writes("contents", "the merge, bound to the commit that was checked", ("PUT", "/pulls/{}/merge")),
    *_writes("contents", "pictures and tensors on the evidence branch", (GRAPHQL, "createCommitOnBranch")),
    *_writes(
        "contents",
        "the bot's own suggestions, resolved when they are taken",
        (GRAPHQL, "resolveReviewThread"),
        (GRAPHQL, "unresolveReviewThread"),
    ),
    *_reads(
        "pull_requests",
        "pull requests, approvals and comments as they are",
        "/pulls",
        "/pulls/{}",
        "/pulls/{}/files",
        "/pulls/{}/commits",
    ),
    *_reads(
        "pull_requests", "pull requests, approvals and comments as they are", "/pulls/{}/reviews", "/issues/{}/comments"
    ),
    *_reads("pull_requests", "pull requests, approvals and comments as they are", "/pulls/{}/comments"),
    Call(GRAPHQL, "reviewThreads", "pull_requests", "read", "pull requests, approvals and comments as they are"),
    *_writes("pull_requests", "one pull request for an upload, closed when it is superseded", ("POST", "/pulls")),
    *_writes("pull_requests", "one pull request for an upload, closed when it is superseded", ("PATCH", "/pulls/{}")),
    *_writes("pull_requests", "the report", ("POST", "/issues/{}/comments"), ("PATCH", "/issues/comments/{}")),
    *_writes("pull_requests", "the report", ("DELETE", "/issues/comments/{}")),
    *_writes("pull_requests", "the label that shows the stage", ("PATCH", "/issues/{}")),
    *_writes("pull_requests", "suggestions on lines", ("POST", "/pulls/{}/reviews"), ("DELETE", "/pulls/comments/{}")),
    *_reads("issues", "who closed a pull request: declined, or withdrawn", "/issues/{}"),
    *_writes("issues", "labels that are not there yet are made", ("PATCH", "/issues/{}")),
    *_reads("checks", "the check run with findings on the lines", "/commits/{}/check-runs", by=_CHECKS),
    *_reads("checks", "whether somebody asks for a check again", "/commits/{}/check-suites", by=("app",)),
    *_writes(
        "checks",
        "the check run with findings on the lines",
        ("POST", "/check-runs"),
        ("PATCH", "/check-runs/{}"),
        by=_CHECKS,
    ),
    *_reads("statuses", "the commit status", "/commits/{}/statuses", by=("token",)),
    *_writes("statuses", "the commit status", ("POST", "/statuses/{}"), by=("token",)),
    *_writes(
        "actions",
        "checks started on the default branch, never from a pull request's own files",
        ("POST", "/actions/workflows/{}/dispatches"),
        by=("actions",),
    ),
    *_reads("actions", "whether somebody disabled a workflow", "/actions/workflows/{}", by=("actions",)),
    *_writes(
        "actions",
        "workflows kept enabled in a quiet repository",
        ("PUT", "/actions/workflows/{}/enable"),
        by=("actions",),
    ),
)
"""In the order of permissions as the settings show them."""

TITLES: Mapping[str, str] = {
    "metadata": "Metadata",
    "contents": "Contents",
    "pull_requests": "Pull requests",
    "issues": "Issues",
    "checks": "Checks",
    "statuses": "Commit statuses",
    "actions": "Actions",
}
"""As GitHub's settings call them."""


@dataclass(frozen=True)
class Event:
    """A webhook event: what it tells the service sooner than its next sweep would see it, and what GitHub asks for it."""

    name: str
    permission: str
    why: str


EVENTS: tuple[Event, ...] = (
    Event("pull_request", "pull_requests", "opened, pushed to, closed"),
    Event("pull_request_review", "pull_requests", "approved, changes asked for, dismissed"),
    Event("pull_request_review_comment", "pull_requests", "a word on a line"),
    Event("pull_request_review_thread", "pull_requests", "a suggestion resolved"),
    Event("issue_comment", "issues", "a command, or our report edited by somebody"),
    Event("push", "contents", "the policy or an entry changed on the default branch"),
    Event("check_run", "checks", "somebody asks for a check again"),
    Event("check_suite", "checks", "somebody asks for all checks again"),
)
"""Each only names a subject; one that is lost is made up for by the sweep."""


def permissions(identity: Identity) -> dict[str, Level]:
    """The least that lets every call through, by name in the order of `TITLES`."""
    calls = [call for call in CALLS if identity in call.by]
    found: dict[str, Level] = {}
    for name in TITLES:
        levels = {call.level for call in calls if call.permission == name}
        if levels:
            found[name] = "write" if "write" in levels else "read"
    return found


def reasons(identity: Identity, permission: str) -> tuple[str, ...]:
    """What a permission is for, each reason once."""
    calls = (call for call in CALLS if identity in call.by and call.permission == permission)
    return tuple(dict.fromkeys(call.why for call in calls))


def events(identity: Identity) -> tuple[Event, ...]:
    """Those that GitHub sends for what is granted; a repository's own webhook needs no permission of the bot."""
    granted = permissions(identity)
    return tuple(event for event in EVENTS if identity != "app" or event.permission in granted)
