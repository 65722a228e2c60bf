"""The world itself: faults, restart, its own verbs over HTTP, and the pages for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.github_hub import ZOO, Hub, hub_at
from tests.world.github import GitHubWorld, serve
from tests.world.github.web.markdown import render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

R = f"/repos/{ZOO}"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        yield hub


def test_stale_lists_hide_what_is_new(hub):
    number = hub.submission()
    hub.world.faults.stale_lists_seconds = 5
    assert list(hub.repo().get_pulls()) == []
    assert hub.repo().get_pull(number).number == number
    hub.clock.now += 6
    assert [pull.number for pull in hub.repo().get_pulls()] == [number]


def test_mergeable_is_null_at_first_and_again_after_a_push(hub):
    hub.world.faults.mergeable_null_reads = 2
    number = hub.submission()

    def read() -> bool | None:
        return hub.repo().get_pull(number).mergeable

    assert [read(), read(), read()] == [None, None, True]
    hub.world.commit_files(ZOO, "add/seal", {"b": "2"}, author="alice")
    assert [read(), read(), read()] == [None, None, True]


def test_reviews_can_be_rebound_to_a_new_head(hub):
    hub.world.faults.rebind_reviews = True
    number = hub.submission()
    hub.world.approve(ZOO, number, login="bob")
    new = hub.world.commit_files(ZOO, "add/seal", {"b": "2"}, author="alice")
    assert [review.commit_id for review in hub.repo().get_pull(number).get_reviews()] == [new]


def test_a_collaborator_edits_the_bots_comment(hub):
    number = hub.submission()
    comment = hub.repo().get_issue(number).create_comment("signed state")
    hub.world.edit_comment(comment.id, "forged", login="bob")
    assert hub.repo().get_issue(number).get_comment(comment.id).body == "forged"
    assert hub.world.comments(ZOO, number)[0].user == "accession-bot"


def test_everything_survives_a_restart(hub, tmp_path):
    number = hub.submission()
    hub.repo().get_issue(number).create_comment("kept")
    hub.repo("app-token").create_check_run("check", hub.world.pull(ZOO, number).head_sha)
    hub.world.approve(ZOO, number, login="bob")
    hub.repo().get_issue(number).edit(labels=["checking"])
    gone = hub.world.comment(ZOO, number, login="bob", body="gone")
    hub.repo().get_issue(number).get_comment(gone.id).delete()
    again = GitHubWorld(tmp_path / "github", clock=hub.clock)
    assert again.store.all(type(gone)) == hub.world.store.all(type(gone))
    assert again.pull(ZOO, number) == hub.world.pull(ZOO, number)
    assert again.reviews(ZOO, number) == hub.world.reviews(ZOO, number)
    assert again.refs(ZOO) == hub.world.refs(ZOO)
    assert again.writes == hub.world.writes
    with serve(again) as url:
        answer = hub.call("GET", f"{url}{R}/pulls/{number}")
        assert answer.json()["labels"][0]["name"] == "checking"
        assert again.comment(ZOO, number, login="bob", body="next").id == gone.id + 1


def test_own_verbs_over_http(hub):
    assert hub.post("/_world/add_user", login="dora").json()["id"] == 1007
    assert (
        hub.post("/_world/commit_files", full_name=ZOO, branch="x", files={"a": "1"}, author="dora").status_code == 200
    )
    number = hub.post("/_world/open_pull", full_name=ZOO, head="x", login="dora", title="X").json()
    assert hub.post("/_world/pull", full_name=ZOO, number=number).json()["user"] == "dora"
    assert hub.post("/_world/erase", x=1).status_code == 404
    assert hub.post("/_world/add_user", nonsense=1).status_code == 400
    assert [event["event"] for event in hub.get("/_world/events").json()] == ["push", "pull_request"]
    assert hub.world.writes == []


def test_faults_over_http(hub):
    assert hub.post("/_world/faults", rate_limit=1).json()["rate_limit"] == 1
    assert hub.post("/_world/faults", nonsense=1).status_code == 400
    assert hub.call("DELETE", "/_world/faults").json()["rate_limit"] == 0


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> <!-- marker --> \n\n[x](javascript:alert(3)) **bold**"


def page(hub: Hub, path: str) -> str:
    answer = hub.get(path, token="")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_pages_escape_hostile_text(hub):
    name = '<b onclick="x">.md'
    hub.world.commit_files(ZOO, "bad", {name: HOSTILE, "ok": "1"}, author="alice", message=HOSTILE)
    number = hub.world.open_pull(ZOO, "bad", login="alice", title=HOSTILE, body=HOSTILE)
    hub.world.comment(ZOO, number, login="bob", body=HOSTILE)
    hub.world.set_labels(ZOO, number, ["<i>label</i>"], login="bob")
    head = hub.world.pull(ZOO, number).head_sha
    note = {"path": HOSTILE, "start_line": 1, "end_line": 1, "annotation_level": "failure", "message": HOSTILE}
    output = {"title": HOSTILE, "summary": HOSTILE, "annotations": [note]}
    hub.repo("app-token").create_check_run(HOSTILE, head, status="completed", conclusion="failure", output=output)
    hub.repo().get_commit(head).create_status("failure", description="<u>d</u>", context=HOSTILE)
    text = page(hub, f"/{ZOO}/pull/{number}")
    for tag in (
        "<script",
        "onerror=alert(2)>",
        "<!-- marker",
        'href="javascript',
        "<i>label",
        "<u>d",
        '<b onclick="x"',
    ):
        assert tag not in text.replace("&lt;", "{")
    assert "<strong>bold</strong>" in text
    assert "<script" not in page(hub, f"/{ZOO}")
    assert "<script" not in page(hub, f"/{ZOO}/blob/bad/{name}")


def test_a_person_approves_and_merges_by_clicking(hub):
    number = hub.submission()
    path = f"/{ZOO}/pull/{number}"
    form = {"login": "bob", "act": "approve", "body": "fine"}
    assert hub.call("POST", path, "", data=form).status_code == 200
    assert hub.world.reviews(ZOO, number)[0].state == "APPROVED"
    refused = hub.call("POST", path, "", data=form | {"login": "alice"})
    assert refused.status_code == 422
    assert "Can not approve your own pull request" in refused.text
    assert hub.call("POST", path, "", data={"login": "alice", "act": "merge"}).status_code == 422
    assert hub.call("POST", path, "", data={"login": "bob", "act": "merge"}).status_code == 200
    assert hub.world.pull(ZOO, number).merged
    assert 'class="state merged"' in page(hub, path)


def test_pages_show_lists_files_and_diffs(hub):
    number = hub.submission("x", **{"README.md": "# New\n"})
    assert ZOO in page(hub, "/")
    assert "Add x" in page(hub, f"/{ZOO}")
    assert '<span class="del">-# Zoo' in page(hub, f"/{ZOO}/pull/{number}")
    assert "collection" in page(hub, f"/{ZOO}/blob/main/")
    assert "# Zoo" in page(hub, f"/{ZOO}/blob/main/README.md")
    assert page(hub, f"/{ZOO}/raw/main/README.md") == "# Zoo\n"
    assert "+# New" in page(hub, f"/{ZOO}/pull/{number}.diff")
    issue = hub.world.open_issue(ZOO, login="alice", title="Ask", body="*please*")
    assert "<em>please</em>" in page(hub, f"/{ZOO}/issues/{issue}")
    for absent in (f"/{ZOO}/pull/99", "/no/body", f"/{ZOO}/blob/main/none", f"/{ZOO}/issues/99"):
        assert hub.get(absent, token="").status_code == 404


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<details><summary>More</summary>\n\n*x*\n\n</details>", "<details><summary>More</summary>"),
        ("| a |\n|---|\n| ~~b~~ |", "<td>"),
        ("<!-- hidden -->", ""),
        ('<div style="x" onclick="y">z</div>', "<div>z</div>"),
        ("<iframe src=x>inside</iframe>after", "after"),
        ("</div></details>text", "text"),
        ("<b>open", "<b>open</b>"),
    ],
)
def test_markdown(text, html):
    shown = render(text)
    assert html in shown
    for word in ("hidden", "onclick", "iframe", "inside"):
        assert word not in shown
