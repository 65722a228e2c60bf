"""The door's part in suggestions: reviews with comments on lines, threads, and GraphQL's own way to fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import GatewayError, UnknownOutcomeError
from bot.gateways.github_api import THREADS_A_REQUEST
from bot.gateways.github_json import pull_file
from bot.gateways.github_wire import Exchange
from bot.records.github import LineComment, User
from tests.gateways.github_doors import LOGINS, ZOO, Doors, doors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATH = "a.txt"
LINES = "".join(f"line {n}\n" for n in range(1, 151))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path) as opened:
        yield opened


@pytest.fixture(params=["personal", "app", "actions"])
def any_hub(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Doors]:
    with doors(tmp_path, request.param) as opened:
        yield opened


def post(hub, number, *lines, commit=None):
    comments = [LineComment(PATH, first, last, f"say {last}") for first, last in lines]
    head = commit or hub.api.pull(number).head_sha
    hub.api.create_review(number, commit=head, body="look", comments=comments)


def submitted(hub):
    return hub.submission(**{PATH: LINES})


def test_a_review_comments_on_lines_and_takes_no_side(any_hub):
    number = submitted(any_hub)
    writes = any_hub.counted("write")
    post(any_hub, number, (4, 4), (6, 8))
    assert any_hub.counted("write") == writes + 1
    (review,) = any_hub.api.reviews(number)
    assert review.state == "COMMENTED"
    found = any_hub.api.review_comments(number)
    assert [(c.body, c.author) for c in found] == [
        ("say 4", any_hub.api.viewer().user),
        ("say 8", any_hub.api.viewer().user),
    ]
    made = any_hub.world.review_comments(ZOO, number)
    assert [(note.start_line, note.line, note.side) for note in made] == [(None, 4, "RIGHT"), (6, 8, "RIGHT")]


def test_an_unchanged_listing_of_comments_costs_nothing(hub):
    number = submitted(hub)
    post(hub, number, (4, 4))
    first = hub.api.review_comments(number)
    reads = hub.counted("read")
    assert hub.api.review_comments(number) == first
    assert hub.counted("read") == reads


def test_comments_on_lines_are_read_over_pages(hub):
    number = submitted(hub)
    post(hub, number, *((n, n) for n in range(1, 121)))
    assert [c.body for c in hub.api.review_comments(number)] == [f"say {n}" for n in range(1, 121)]


def test_a_line_that_the_diff_does_not_show_is_refused_for_good(hub):
    number = submitted(hub)
    with pytest.raises(GatewayError) as found:
        post(hub, number, (4, 4), (150, 151))
    assert (found.value.transient, found.value.status) == (False, 422)
    assert "Line could not be resolved" in found.value.message
    assert hub.api.review_comments(number) == ()


@pytest.mark.parametrize("fault", ["error-after", "cut-after"])
def test_a_review_whose_answer_was_lost_is_not_sent_again(hub, fault):
    number = submitted(hub)
    head = hub.api.pull(number).head_sha
    hub.faults.add(fault, method="POST", path="/reviews")
    with pytest.raises(UnknownOutcomeError):
        post(hub, number, (4, 4), commit=head)
    assert len(hub.api.review_comments(number)) == 1


def test_a_deleted_comment_on_a_line_is_gone_and_may_be_gone_before(hub):
    number = submitted(hub)
    post(hub, number, (4, 4))
    (comment,) = hub.api.review_comments(number)
    hub.api.delete_review_comment(comment.id)
    hub.api.delete_review_comment(comment.id)
    assert hub.api.review_comments(number) == ()


# threads


def test_threads_are_resolved_and_opened_again(any_hub):
    number = submitted(any_hub)
    post(any_hub, number, (1, 1), (2, 2), (3, 3))
    one, two, three = any_hub.api.review_threads(number)
    assert [t.comment for t in (one, two, three)] == [c.id for c in any_hub.api.review_comments(number)]
    assert not any(t.resolved for t in (one, two, three))
    writes = any_hub.counted("write")
    any_hub.api.set_threads(resolved=[one.node_id, two.node_id], unresolved=[])
    any_hub.api.set_threads(resolved=[three.node_id], unresolved=[two.node_id])
    assert any_hub.counted("write") == writes + 2
    found = any_hub.api.review_threads(number)
    assert [t.resolved for t in found] == [True, False, True]
    by = any_hub.api.viewer().user.login.removesuffix("[bot]")
    assert [t.resolved_by for t in found] == [by, None, by]


def test_doing_it_twice_is_doing_it_once_and_nothing_is_no_write(hub):
    number = submitted(hub)
    post(hub, number, (1, 1))
    (thread,) = hub.api.review_threads(number)
    for _ in range(2):
        hub.api.set_threads(resolved=[thread.node_id], unresolved=[])
    writes = hub.counted("write")
    hub.api.set_threads(resolved=[], unresolved=[])
    assert hub.counted("write") == writes
    assert hub.api.review_threads(number)[0].resolved


def test_many_threads_come_in_pages_and_go_in_pieces(hub):
    number = submitted(hub)
    post(hub, number, *((n, n) for n in range(1, 121)))
    found = hub.api.review_threads(number)
    assert len(found) == 120
    writes = hub.counted("write")
    hub.api.set_threads(resolved=[t.node_id for t in found], unresolved=[])
    assert hub.counted("write") == writes + -(-120 // THREADS_A_REQUEST)
    assert all(t.resolved for t in hub.api.review_threads(number))


def test_a_persons_answer_is_no_thread_and_a_persons_resolution_is_theirs(hub):
    number = submitted(hub)
    post(hub, number, (1, 1))
    (comment,) = hub.api.review_comments(number)
    hub.world.resolve_thread(comment.id, login="curator")
    (thread,) = hub.api.review_threads(number)
    assert (thread.comment, thread.resolved, thread.resolved_by) == (comment.id, True, "curator")


def test_a_query_is_repeated_as_a_read_and_is_no_write(hub):
    number = submitted(hub)
    post(hub, number, (1, 1))
    hub.faults.add("error-before", method="POST", path="/graphql", status=502, times=2)
    writes, reads = len(hub.world.writes), hub.counted("read")
    assert len(hub.api.review_threads(number)) == 1
    assert hub.counted("read") == reads + 3, "each try is a call"
    assert len(hub.world.writes) == writes


def test_a_query_that_never_gets_an_answer_is_transient(hub):
    number = submitted(hub)
    for fault, said in (("cut-before", "cannot be reached"), ("error-before", "cannot be reached (500")):
        hub.faults.clear()
        hub.faults.add(fault, method="POST", path="/graphql", times=None)
        with pytest.raises(GatewayError) as found:
            hub.api.review_threads(number)
        assert found.value.transient
        assert said in found.value.message


def test_what_graphql_refuses_with_200_is_an_error_for_good(hub):
    with pytest.raises(GatewayError) as found:
        hub.api.review_threads(99)
    assert (found.value.reason, found.value.transient) == ("graphql", False)
    assert "with the number of 99" in found.value.message
    with pytest.raises(GatewayError, match="global id"):
        hub.api.set_threads(resolved=["PRRT_kwDO0000000007"], unresolved=[])


def test_graphqls_own_limit_is_transient(hub, monkeypatch):
    limited = '{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}'
    monkeypatch.setattr(hub.transport._wire, "send", lambda *a: Exchange(200, {}, limited))
    with pytest.raises(GatewayError) as found:
        hub.api.review_threads(1)
    assert (found.value.reason, found.value.transient) == ("rate-limited", True)


@pytest.mark.parametrize("text", ["", "[]", "{}", '"x"', "not JSON"])
def test_what_is_no_graphql_is_transient(hub, monkeypatch, text):
    monkeypatch.setattr(hub.transport._wire, "send", lambda *a: Exchange(200, {}, text))
    for ask in (lambda: hub.api.review_threads(1), lambda: hub.api.set_threads(resolved=["x"], unresolved=[])):
        with pytest.raises(GatewayError) as found:
            ask()
        assert found.value.transient


@pytest.mark.parametrize("fault", ["error-after", "cut-after"])
def test_a_resolution_whose_answer_was_lost_is_unknown_and_happened(hub, fault):
    number = submitted(hub)
    post(hub, number, (1, 1))
    (thread,) = hub.api.review_threads(number)
    hub.faults.add(fault, method="POST", path="/graphql")
    with pytest.raises(UnknownOutcomeError):
        hub.api.set_threads(resolved=[thread.node_id], unresolved=[])
    assert hub.api.review_threads(number)[0].resolved


def test_without_write_access_nothing_is_resolved(tmp_path):
    with doors(tmp_path) as hub:
        number = submitted(hub)
        post(hub, number, (1, 1))
        (thread,) = hub.api.review_threads(number)
        hub.world.add_collaborator(ZOO, LOGINS["personal"], "read")
        with pytest.raises(GatewayError, match="correct permissions"):
            hub.api.set_threads(resolved=[thread.node_id], unresolved=[])


# which lines a diff shows


def test_lines_shown_are_those_of_the_new_side(hub):
    number = submitted(hub)
    assert {f.path: f.shown for f in hub.api.pull_files(number)} == {PATH: ((1, 150),)}
    hub.world.commit_files(ZOO, "main", {"old.txt": LINES}, author="curator")
    changed = LINES.replace("line 20\n", "new\n").replace("line 90\n", "")
    other = hub.submission("other", **{"old.txt": changed})
    (file,) = hub.api.pull_files(other)
    assert file.shown == ((17, 23), (87, 92))


@pytest.mark.parametrize(
    ("patch", "shown"),
    [
        ("@@ -0,0 +1 @@\n+x", ((1, 1),)),
        ("@@ -1 +0,0 @@\n-x", ((0, -1),)),
        ("@@ -1,2 +3,4 @@ def f():\n+@@ -9 +9 @@", ((3, 6),)),
        (None, ()),
        ("", ()),
    ],
)  # fmt: skip
def test_parts_of_a_diff(patch, shown):
    assert pull_file({"filename": "a", "status": "added", "sha": "s", "patch": patch}).shown == shown


def test_comments_of_accounts_that_are_gone_are_nobodys(hub, monkeypatch):
    monkeypatch.setattr(hub.transport, "pages", lambda path: iter([{"id": 1, "user": None, "body": None}]))
    assert [(c.author, c.body) for c in hub.api.review_comments(1)] == [(User(0, "ghost"), "")]
