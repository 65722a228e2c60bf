"""From payloads to typed events: the fields that we use, held to their kind; the rest is ignored for a named reason."""

import copy

import pytest

from bot.intake.shape import ShapeError
from bot.intake.webhook import NAMES, event_of
from bot.records import webhook as to
from tests.serving.doors import EVERY, REPOSITORY, comment_event, pull_event, push_event, review_event

HEAD = "a" * 40
RERUN = {**EVERY, "action": "rerequested"}
CHECK = {**RERUN, "check_run": {"id": 1100001, "head_sha": HEAD, "pull_requests": [{"number": 3}, {"number": 4}]}}
SUITE = {**RERUN, "check_suite": {"head_sha": HEAD, "pull_requests": []}}
LINE = {**EVERY, "action": "created", "pull_request": {"number": 12}}
THREAD = {**LINE, "action": "resolved"}
REACH = {**EVERY, "action": "publicized"}
INSTALLED = {"action": "created", "repositories": [{"full_name": "zoo/other"}, {"full_name": REPOSITORY}]}
ADDED = {"action": "added", "repositories_added": [{"full_name": "Zoo/Collection"}]}

READ = [
    ("pull_request", pull_event(), to.PullEvent("opened", 12, HEAD, 5)),
    ("pull_request", pull_event("synchronize"), to.PullEvent("synchronize", 12, HEAD, 5)),
    ("pull_request", pull_event("closed"), to.PullEvent("closed", 12, "", 5)),
    ("pull_request", pull_event("labeled"), to.PullEvent("labeled", 12, "", 5)),
    ("issue_comment", comment_event(), to.CommentEvent("created", 12, 900, 5)),
    ("issue_comment", comment_event("deleted"), to.CommentEvent("deleted", 12, 900, 5)),
    ("pull_request_review", review_event(), to.ReviewEvent("submitted", 12, 70, takes_side=True, sender=5)),
    (
        "pull_request_review",
        review_event(state="COMMENTED"),
        to.ReviewEvent("submitted", 12, 70, takes_side=False, sender=5),
    ),
    ("pull_request_review_comment", LINE, to.LineEvent("created", 12, 5)),
    ("pull_request_review_thread", THREAD, to.LineEvent("resolved", 12, 5)),
    ("push", push_event("a", "b"), to.PushEvent(frozenset({"a", "b"}))),
    ("push", push_event("a", forced=True), to.PushEvent(None)),
    ("push", {**push_event(), "commits": []}, to.PushEvent(None)),
    ("push", {**push_event(), "commits": [{"added": ["a"]}] * 2048}, to.PushEvent(None)),
    ("check_run", CHECK, to.RerunEvent((3, 4), HEAD, 1100001)),
    ("check_suite", SUITE, to.RerunEvent((), HEAD)),
    ("repository", REACH, to.ReachEvent("publicized")),
    ("installation", INSTALLED, to.ReachEvent("created")),
    ("installation", {"action": "unsuspend"}, to.ReachEvent("unsuspend")),
    ("installation_repositories", ADDED, to.ReachEvent("added")),
]


@pytest.mark.parametrize(("name", "payload", "event"), READ)
def test_what_is_read(name, payload, event):
    assert event_of(name, payload, REPOSITORY) == event


def test_every_event_is_read_somewhere():
    assert {name for name, _, _ in READ} | {"ping"} == set(NAMES)


@pytest.mark.parametrize(
    ("name", "payload", "reason"),
    [
        ("ping", {}, "ping"),
        ("star", {}, "event"),
        ("workflow_run", {**EVERY, "action": "completed"}, "event"),
        ("pull_request", {**EVERY, "action": "assigned"}, "action"),
        ("check_run", {**EVERY, "action": "completed"}, "action"),
        ("pull_request", {**pull_event(), "repository": {"full_name": "zoo/other"}}, "other-repository"),
        ("installation", {"action": "created", "repositories": []}, "other-repository"),
        (
            "installation_repositories",
            {"action": "added", "repositories_added": [{"full_name": "a/b"}]},
            "other-repository",
        ),
        ("installation", {"action": "deleted"}, "action"),
        ("issue_comment", {**comment_event(), "issue": {"number": 3}}, "not-a-pull-request"),
        ("push", push_event("a", ref="refs/heads/other"), "other-branch"),
        ("push", push_event("a", ref="refs/tags/main"), "other-branch"),
        ("push", push_event("a", deleted=True), "other-branch"),
    ],
)
def test_what_is_ignored(name, payload, reason):
    assert event_of(name, payload, REPOSITORY) == to.Ignored(reason)
    assert reason in to.REASONS


def test_names_of_repositories_have_no_case():
    assert event_of("pull_request", pull_event(), "ZOO/Collection") == to.PullEvent("opened", 12, HEAD, 5)


def spoiled(payload, where, value):
    """The payload with one field replaced, or removed where the value is `...`."""
    found = copy.deepcopy(payload)
    *parents, last = where.split(".")
    at = found
    for name in parents:
        at = at[name]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return found


@pytest.mark.parametrize(
    ("name", "payload", "where"),
    [
        ("pull_request", pull_event(), "pull_request.number"),
        ("pull_request", pull_event(), "pull_request.head.sha"),
        ("pull_request", pull_event(), "action"),
        ("pull_request", pull_event(), "repository.full_name"),
        ("issue_comment", comment_event(), "issue.number"),
        ("issue_comment", comment_event(), "comment.id"),
        ("pull_request_review", review_event(), "review.id"),
        ("pull_request_review", review_event(), "review.state"),
        ("pull_request_review_comment", LINE, "pull_request.number"),
        ("push", push_event("a"), "ref"),
        ("push", push_event("a"), "commits"),
        ("push", push_event("a"), "repository.default_branch"),
        ("check_run", CHECK, "check_run.pull_requests"),
        ("check_run", CHECK, "check_run.head_sha"),
        ("check_run", CHECK, "check_run.id"),
    ],
)
@pytest.mark.parametrize("value", [..., None, True, {"a": 1}, -1, 0, 2**60, 1.5])
def test_what_is_not_its_kind_is_named(name, payload, where, value):
    with pytest.raises(ShapeError) as found:
        event_of(name, spoiled(payload, where, value), REPOSITORY)
    assert found.value.where == where


@pytest.mark.parametrize(
    ("name", "payload", "where", "value"),
    [
        ("pull_request", pull_event(), "pull_request.head.sha", "A" * 40),
        ("pull_request", pull_event(), "pull_request.head.sha", "\ud800"),
        ("pull_request", pull_event(), "pull_request", "12"),
        ("pull_request", pull_event(), "action", "<b>"),
        ("check_run", CHECK, "check_run.pull_requests", [{}]),
        ("check_run", CHECK, "check_run.pull_requests", [3]),
        ("push", push_event("a"), "commits", [3]),
        ("push", push_event("a"), "commits", [{"added": "a"}]),
        ("push", push_event("a"), "commits", [{"added": [1]}]),
        ("installation", INSTALLED, "repositories", [{}]),
        ("installation", INSTALLED, "repositories", {}),
        ("pull_request", pull_event(), "sender", {"id": "5"}),
    ],
)
def test_nor_is_what_is_wrong_within(name, payload, where, value):
    with pytest.raises(ShapeError):
        event_of(name, spoiled(payload, where, value), REPOSITORY)


@pytest.mark.parametrize("sender", [None, {"login": "ada"}])
def test_an_event_without_a_sender_is_read(sender):
    assert event_of("pull_request", {**pull_event(), "sender": sender}, REPOSITORY).sender == 0
