"""Reviews with comments on lines, their threads through GraphQL, and what GitHub refuses of either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.github_hub import ZOO, Hub, hub_at
from tests.world.github.graphql_document import SyntaxFault, changes_something, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

R = f"/repos/{ZOO}"
LINES = "".join(f"line {n}\n" for n in range(1, 41))
THREADS = """
query($number: Int!, $first: Int, $after: String) {
  repository(owner: "zoo", name: "collection") {
    pullRequest(number: $number) {
      reviewThreads(first: $first, after: $after) {
        nodes { id isResolved isOutdated line startLine viewerCanResolve resolvedBy { login }
                comments(first: 1) { nodes { databaseId author { login } } } }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
    }
  }
}
"""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        yield hub


@pytest.fixture
def number(hub: Hub) -> int:
    """A pull request with a new file of 40 lines, and a change of line 20 in one that was there."""
    hub.world.commit_files(ZOO, "main", {"old.txt": LINES}, author="bob")
    return hub.submission("x", **{"a.txt": LINES, "old.txt": LINES.replace("line 20\n", "new 20\n")})


def note(path="a.txt", line=2, **more):
    return {"path": path, "line": line, "side": "RIGHT", "body": "say"} | more


def post(hub, number, *notes, **more):
    body = {"event": "COMMENT", "body": "look", "comments": list(notes)} | more
    return hub.post(f"{R}/pulls/{number}/reviews", **body)


def ask(hub, query, token="bot-token", **variables):
    return hub.post("/graphql", token, query=query, variables=variables).json()


def threads(hub, number, **page):
    return ask(hub, THREADS, number=number, **page)["data"]["repository"]["pullRequest"]["reviewThreads"]


def notes(hub, number):
    return hub.get(f"{R}/pulls/{number}/comments").json()


# reviews


def test_a_review_carries_comments_on_one_line_and_on_several(hub, number):
    head = hub.world.pull(ZOO, number).head_sha
    answer = post(hub, number, note(), note(line=9, start_line=7, start_side="RIGHT"), commit_id=head)
    assert (answer.status_code, answer.json()["state"]) == (200, "COMMENTED")
    found = notes(hub, number)
    assert [(n["start_line"], n["line"], n["original_line"], n["commit_id"]) for n in found] == [
        (None, 2, 2, head), (7, 9, 9, head),
    ]  # fmt: skip
    assert {n["pull_request_review_id"] for n in found} == {answer.json()["id"]}


REFUSED = {
    "a line below the end": (note(line=41), "Line could not be resolved"),
    "a line that the diff does not show": (note("old.txt", 3), "Line could not be resolved"),
    "lines over the edge of the diff": (note("old.txt", 24, start_line=20), "Line could not be resolved"),
    "a first line below the last": (note(line=4, start_line=5), "Start line must precede the end line."),
    "a first line that is the last": (note(line=4, start_line=4), "Start line must precede the end line."),
    "a file that is not changed": (note("README.md", 1), "Path could not be resolved"),
    "a file that is not there": (note("no.txt", 1), "Path could not be resolved"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_one_comment_that_does_not_fit_refuses_the_whole_review(hub, number, case):
    bad, said = REFUSED[case]
    answer = post(hub, number, note(), bad)
    assert answer.status_code == 422
    assert said in answer.json()["errors"]
    assert notes(hub, number) == []
    assert hub.world.reviews(ZOO, number) == []


def test_lines_around_a_change_are_shown_too(hub, number):
    assert post(hub, number, note("old.txt", 17), note("old.txt", 23, start_line=20)).status_code == 200


def test_the_commit_must_be_one_of_the_pull_requests(hub, number):
    main = hub.world.refs(ZOO)["refs/heads/main"]
    other = hub.world.commit_files(ZOO, "elsewhere", {"x": "x"}, author="bob")
    for sha in (main, other, "0" * 40):
        answer = post(hub, number, note(), commit_id=sha)
        assert answer.status_code == 422
        assert "not part of the pull request" in answer.json()["errors"][0]
    older = hub.world.pull(ZOO, number).head_sha
    hub.world.commit_files(ZOO, "x", {"more.txt": "x"}, author="alice")
    assert post(hub, number, note(), commit_id=older).status_code == 200


def test_a_single_comment_is_held_to_the_same(hub, number):
    head = hub.world.pull(ZOO, number).head_sha
    answer = hub.post(f"{R}/pulls/{number}/comments", **note(line=41), commit_id=head)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"] == "pull_request_review_thread.line must be part of the diff"


def test_a_comment_follows_its_lines_until_they_change(hub, number):
    post(hub, number, note(line=5), note(line=9, start_line=8))
    hub.world.commit_files(ZOO, "x", {"a.txt": "new\n" + LINES.replace("line 8\n", "other\n")}, author="alice")
    here, gone = notes(hub, number)
    assert (here["line"], here["original_line"]) == (6, 5)
    assert "line" not in gone
    assert gone["original_line"] == 9
    shown = threads(hub, number)["nodes"]
    assert [(t["isOutdated"], t["line"]) for t in shown] == [(False, 6), (True, None)]
    page = hub.call("GET", f"/{ZOO}/pull/{number}", token="").text
    assert "commented on a.txt line 8-9 (outdated)" in page


def test_comments_are_listed_in_pages(hub, number):
    post(hub, number, *(note(line=n) for n in range(1, 36)))
    first = hub.get(f"{R}/pulls/{number}/comments?per_page=30")
    assert len(first.json()) == 30
    assert 'rel="next"' in first.headers["Link"]


# threads


def test_threads_are_listed_in_pages(hub, number):
    post(hub, number, *(note(line=n) for n in range(1, 4)))
    first = threads(hub, number, first=2)
    assert [t["comments"]["nodes"][0]["databaseId"] for t in first["nodes"]] == [900001, 900002]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    rest = threads(hub, number, first=2, after=first["pageInfo"]["endCursor"])
    assert [t["comments"]["nodes"][0]["databaseId"] for t in rest["nodes"]] == [900003]
    assert rest["pageInfo"]["hasNextPage"] is False


def test_an_answer_makes_no_thread_of_its_own(hub, number):
    post(hub, number, note())
    hub.post(f"{R}/pulls/{number}/comments/900001/replies", "alice-token", body="why")
    assert len(threads(hub, number)["nodes"]) == 1


def test_several_are_resolved_and_opened_again_in_one_document(hub, number):
    post(hub, number, note(line=1), note(line=2))
    one, two = (t["id"] for t in threads(hub, number)["nodes"])
    both = (
        "mutation($a: ID!, $b: ID!) { a: resolveReviewThread(input: {threadId: $a}) { thread { id isResolved } } "
        "b: %s(input: {threadId: $b}) { thread { isResolved } } }"
    )
    answer = ask(hub, both % "resolveReviewThread", a=one, b=two)
    assert answer["data"] == {"a": {"thread": {"id": one, "isResolved": True}}, "b": {"thread": {"isResolved": True}}}
    assert [t["resolvedBy"] for t in threads(hub, number)["nodes"]] == [{"login": "accession-bot"}] * 2
    ask(hub, both % "unresolveReviewThread", a=one, b=two)
    assert [(t["isResolved"], t["resolvedBy"]) for t in threads(hub, number)["nodes"]] == [
        (True, {"login": "accession-bot"}), (False, None),
    ]  # fmt: skip


def test_who_resolved_first_is_remembered(hub, number):
    post(hub, number, note())
    hub.world.resolve_thread(900001, login="bob")
    (found,) = threads(hub, number)["nodes"]
    ask(
        hub, "mutation($t: ID!) { resolveReviewThread(input: {threadId: $t}) { thread { isResolved } } }", t=found["id"]
    )
    assert threads(hub, number)["nodes"][0]["resolvedBy"] == {"login": "bob"}


def test_an_apps_login_goes_without_its_ending(hub, number):
    hub.post(f"{R}/pulls/{number}/reviews", "app-token", event="COMMENT", body="x", comments=[note()])
    (found,) = threads(hub, number)["nodes"]
    assert found["comments"]["nodes"][0]["author"] == {"login": "accession"}
    assert notes(hub, number)[0]["user"]["login"] == "accession[bot]"


RESOLVE = "mutation($t: ID!) { resolveReviewThread(input: {threadId: $t}) { thread { isResolved } } }"


def test_who_may_not_write_may_not_resolve_but_on_their_own_pull_request(hub, number):
    post(hub, number, note())
    (found,) = threads(hub, number)["nodes"]
    hub.world.add_user("mallory")
    hub.world.add_token("mallory", "mallory-token")
    refused = ask(hub, RESOLVE, "mallory-token", t=found["id"])
    assert refused["errors"][0]["type"] == "FORBIDDEN"
    assert refused["data"] == {"resolveReviewThread": None}
    assert ask(hub, RESOLVE, "alice-token", t=found["id"])["data"]["resolveReviewThread"]["thread"]["isResolved"]


@pytest.mark.parametrize("node", ["PRRT_kwDO0000000007", "PRRC_kwDO0000900001", "x", None])
def test_what_is_no_thread_is_not_found(hub, number, node):
    post(hub, number, note())
    assert ask(hub, RESOLVE, t=node)["errors"][0]["type"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ('query { repository(owner: "zoo", name: "none") { id } }', "Could not resolve to a Repository"),
        ('{ repository(owner: "zoo", name: "collection") { pullRequest(number: 99) { id } } }', "with the number of 99"),
        ('{ repository(owner: "zoo", name: "collection") { colour } }', "Field 'colour' doesn't exist"),
        ('{ repository(owner: "zoo", name: "collection") }', "must have selections"),
        ("{ viewer { login } }", "Field 'viewer' doesn't exist on type 'Query'"),
        ("{ repository(", "Parse error"),
        ("nonsense", "Parse error"),
        ("{ a % b }", "Parse error"),
    ],
)  # fmt: skip
def test_what_graphql_refuses(hub, number, query, said):
    answer = hub.post("/graphql", query=query)
    assert answer.status_code == 200
    assert said in answer.json()["errors"][0]["message"]


def test_a_private_repository_is_hidden_from_strangers(hub):
    hub.world.create_repository("zoo/secret", {"a": "b"}, private=True)
    query = '{ repository(owner: "zoo", name: "secret") { nameWithOwner } }'
    assert ask(hub, query, "alice-token")["errors"][0]["type"] == "NOT_FOUND"
    assert ask(hub, query, "zoo-token")["data"]["repository"] == {"nameWithOwner": "zoo/secret"}


def test_a_query_is_no_write_and_no_content(hub, number):
    hub.world.faults.update({"content_limits": True, "content_per_minute": 1})
    before = len(hub.world.writes)
    for _ in range(3):
        assert threads(hub, number)["nodes"] == []
    assert len(hub.world.writes) == before
    post(hub, number, note())
    assert hub.post("/graphql", query=RESOLVE, variables={"t": "x"}).status_code == 403


# conversations that must be resolved


def test_a_merge_waits_for_open_conversations_where_the_repository_wants_it(hub, number):
    hub.world.require_resolution(ZOO)
    hub.world.comment_on_line(ZOO, number, "a.txt", 3, login="alice", body="why")
    answer = hub.call("PUT", f"{R}/pulls/{number}/merge", json={})
    assert answer.status_code == 405
    assert "conversation must be resolved" in answer.json()["message"]
    hub.world.resolve_thread(900001, login="alice")
    assert hub.call("PUT", f"{R}/pulls/{number}/merge", json={}).status_code == 200


# the language


def test_a_document_is_read_with_aliases_arguments_and_variables():
    text = """# a comment
    mutation Named($t: ID!) { one: a(input: {x: $t, y: [1, "b\\"c", true, null, ENUM]}) { b(n: -3) { c } d } }"""
    assert changes_something(text)
    document = read(text.replace("[1", "{z: 1}").replace(', "b\\"c", true, null, ENUM]', ""), {"t": "T"})
    (one,) = document.fields
    assert (document.kind, one.key, one.name) == ("mutation", "one", "a")
    assert one.arguments == {"input": {"x": "T", "y": {"z": 1}}}
    assert [(field.name, field.arguments) for field in one.fields] == [("b", {"n": -3}), ("d", {})]


@pytest.mark.parametrize("text", ["", "{", "query", "{ a(", "{ a: }", "{ a(x: [1]) }", "\x00"])
def test_what_is_no_document_is_a_syntax_fault(text):
    with pytest.raises(SyntaxFault):
        read(text, {})


@pytest.mark.parametrize("text", ["query { mutation }", "{ mutation }", "mutations", "# mutation\nquery { a }"])
def test_a_query_changes_nothing(text):
    assert not changes_something(text)
