"""Every verb of the door to GitHub, held against a GitHub of one's own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import requests

from bot import looks
from bot.errors import GatewayError, UnknownOutcomeError
from bot.gateways.github_json import GHOST, status, user, wanted_again
from bot.records.github import Annotation, StatusMark
from tests.gateways.github_doors import FILES, FOLDER, LOGINS, TOKENS, ZOO, Doors, doors, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHEN = datetime(2024, 5, 1, 10, tzinfo=UTC)
ABSENT = "0" * 40


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path) as opened:
        yield opened


@pytest.fixture(params=["personal", "app", "actions"])
def any_hub(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Doors]:
    with doors(tmp_path, request.param) as opened:
        yield opened


# who


@pytest.mark.parametrize("kind", ["personal", "app", "actions"])
def test_the_viewer_is_known_with_each_credential(tmp_path, kind):
    with doors(tmp_path, kind) as hub:
        viewer = hub.api.viewer()
        assert viewer.user.login == LOGINS[kind]
        assert viewer.user.id == hub.world.add_user(LOGINS[kind]).id
        assert viewer.check_runs == (kind != "personal")
        reads = hub.counted("read")
        assert hub.api.viewer() == viewer
        assert hub.counted("read") == reads


def test_a_user_is_found_or_is_none(hub):
    assert hub.api.user("ada").login == "ada"
    assert hub.api.user("nobody-of-this-name") is None
    assert user(None) == GHOST


def test_a_role_is_read_anew_each_time(hub):
    assert hub.api.permission("curator") == "maintain"
    hub.world.add_collaborator(ZOO, "curator", "read")
    assert hub.api.permission("curator") == "read"
    assert hub.api.permission("zoo") == "admin"
    assert hub.api.permission("nobody-of-this-name") == "none"


def test_the_default_branch_is_asked_for_once_by_a_look_also_where_it_writes(hub):
    with looks.look("pull 1"):
        assert hub.api.default_branch() == "main"
        before = hub.counted("read") + hub.counted("unchanged")
        hub.api.create_ref("heads/new", hub.main)
        assert hub.api.default_branch() == "main"
        assert hub.counted("read") + hub.counted("unchanged") == before


def test_another_default_branch_is_seen_by_the_next_look(hub):
    with looks.look("pull 1"):
        hub.api.default_branch()
    with looks.look("pull 1"):
        assert hub.api.default_branch() == "main"
    assert (hub.counted("read"), hub.counted("unchanged")) == (1, 1), "and costs nothing where it stands"
    hub.world.make_default(ZOO, "trunk")
    with looks.look("pull 1"):
        assert hub.api.default_branch() == "trunk"
    hub.world.make_default(ZOO, "main")
    assert hub.api.default_branch() == "main", "outside of a look it is asked for each time"


def test_a_repository_out_of_sight_is_said(hub):
    from bot.gateways.github_api import GitHubApi

    with pytest.raises(GatewayError) as found:
        GitHubApi(hub.transport, "zoo/elsewhere").default_branch()
    assert (found.value.reason, found.value.transient) == ("no-repository", False)


# git


def test_refs_are_found_or_none(any_hub):
    assert any_hub.api.ref("heads/main") == any_hub.main
    assert any_hub.api.ref("heads/nowhere") is None
    assert any_hub.api.ref("tags/id/brave-otter") is None


def test_a_commit_is_read(hub):
    sha = hub.world.commit_files(ZOO, "main", {"new.txt": "x"}, author="ada", message="Say\n\nConcept: c")
    found = hub.api.commit(sha)
    assert (found.sha, found.message.strip()) == (sha, "Say\n\nConcept: c")
    assert len(found.parents) == 1
    with pytest.raises(GatewayError) as absent:
        hub.api.commit(ABSENT)
    assert (absent.value.reason, absent.value.transient, absent.value.status) == ("not-found", True, 404)


def test_a_folder_lists_files_below_with_mode_size_and_sha(hub):
    found = {file.path: file for file in hub.api.folder(hub.main, "collection")}
    assert set(found) == {path for path in FILES if path.startswith("collection/")}
    rdf = found[f"{FOLDER}/rdf.yaml"]
    assert (rdf.mode, rdf.size) == ("100644", len("name: otter\n"))
    assert hub.api.blob(rdf.sha) == b"name: otter\n"
    assert hub.api.folder(hub.main, "collection/nothing/here") == ()
    assert [file.path for file in hub.api.folder(hub.main, FOLDER)] == [f"{FOLDER}/entry.yaml", f"{FOLDER}/rdf.yaml"]


def test_a_folder_of_the_name_of_a_file_is_empty(hub):
    assert hub.api.folder(hub.main, "README.md") == ()


def test_a_file_is_read_at_a_branch_or_commit(hub):
    sha, content = hub.api.file("README.md", "main")
    assert content == b"A zoo.\n"
    assert hub.api.file("README.md", hub.main) == (sha, content)
    assert hub.api.file("NOTHING.md", "main") is None


def test_a_file_over_a_megabyte_is_read_as_a_blob(hub):
    big = bytes(range(256)) * 4200
    hub.world.commit_files(ZOO, "main", {"big.bin": big}, author="ada")
    assert hub.api.file("big.bin", "main")[1] == big


def test_a_commit_is_the_same_for_the_same_arguments(any_hub):
    before = any_hub.main
    files = {"a/b.txt": b"b\n", "README.md": None}
    first = any_hub.api.create_commit(parent=before, files=files, message="Add a", when=WHEN)
    again = any_hub.api.create_commit(parent=before, files=files, message="Add a", when=WHEN)
    assert first == again
    commit = any_hub.api.commit(first)
    assert (commit.message, commit.parents) == ("Add a", (before,))
    assert any_hub.main == before
    assert any_hub.api.create_ref("heads/new", first)
    assert any_hub.world.file(ZOO, "a/b.txt", "new") == b"b\n"
    assert any_hub.world.file(ZOO, "README.md", "new") is None
    assert any_hub.world.file(ZOO, "collection/accession.yaml", "new") == b"approvals: 1\n"


def test_another_date_is_another_commit_and_no_files_keep_the_tree(hub):
    first = hub.api.create_commit(parent=hub.main, files={}, message="Nothing", when=WHEN)
    other = hub.api.create_commit(parent=hub.main, files={}, message="Nothing", when=WHEN.replace(hour=11))
    assert first != other
    assert hub.api.commit(first).tree == hub.api.commit(hub.main).tree


def test_a_ref_is_created_once(any_hub):
    assert any_hub.api.create_ref("tags/id/brave-otter", any_hub.main) is True
    assert any_hub.api.create_ref("tags/id/brave-otter", any_hub.main) is False
    assert any_hub.world.refs(ZOO)["refs/tags/id/brave-otter"] == any_hub.main


def test_a_ref_moves_forward_only(hub):
    old = hub.main
    new = hub.api.create_commit(parent=old, files={"x": b"x"}, message="x", when=WHEN)
    side = hub.api.create_commit(parent=old, files={"y": b"y"}, message="y", when=WHEN)
    assert hub.api.update_ref("heads/main", new) is True
    assert hub.main == new
    assert hub.api.update_ref("heads/main", side) is False
    assert hub.main == new


def test_a_deleted_ref_is_gone_and_may_be_gone_before(hub):
    hub.api.create_ref("heads/old", hub.main)
    hub.api.delete_ref("heads/old")
    assert "refs/heads/old" not in hub.world.refs(ZOO)
    writes = hub.counted("write")
    hub.api.delete_ref("heads/old")
    assert hub.counted("write") == writes


def test_a_file_is_put_in_one_write_unless_somebody_was_faster(hub):
    writes = hub.counted("write")
    first = hub.api.put_file(branch="main", path="new.json", content=b"{}", message="Publish", old=None)
    assert hub.counted("write") == writes + 1
    assert hub.main == first
    assert hub.api.put_file(branch="main", path="new.json", content=b"[]", message="Publish", old=None) is None
    assert hub.api.put_file(branch="main", path="new.json", content=b"[]", message="Publish", old=ABSENT) is None
    sha, _ = hub.api.file("new.json", "main")
    assert hub.api.put_file(branch="main", path="new.json", content=b"[]", message="Publish", old=sha) == hub.main
    assert hub.world.file(ZOO, "new.json") == b"[]"


def test_a_file_on_a_branch_that_is_not_there_is_an_error(hub):
    with pytest.raises(GatewayError) as found:
        hub.api.put_file(branch="nowhere", path="x", content=b"", message="x", old=None)
    assert found.value.reason == "not-found"


# pull requests


def test_pull_requests_are_listed_by_state_and_head(any_hub):
    first, second = any_hub.submission("add/a"), any_hub.submission("add/b")
    any_hub.world.close_pull(ZOO, second, login="curator")
    assert [p.number for p in any_hub.api.pulls(state="open")] == [first]
    assert [p.number for p in any_hub.api.pulls(state="all")] == [first, second]
    (found,) = any_hub.api.pulls(state="closed")
    assert (found.number, found.state, found.merged, found.head_branch) == (second, "closed", False, "add/b")
    assert (found.author.login, found.head_repository, found.title) == ("ada", ZOO, "Add add/b")
    assert [p.number for p in any_hub.api.pulls(state="all", head="zoo:add/a")] == [first]
    assert any_hub.api.pulls(state="all", head="zoo:add/c") == ()


def test_a_pull_request_is_read_as_it_stands(hub):
    number = hub.submission()
    hub.world.set_labels(ZOO, number, ["checking", "bug"], login="curator")
    found = hub.api.pull(number)
    assert (found.state, found.merged, found.base_branch, found.changed_files) == ("open", False, "main", 1)
    assert found.labels == {"checking", "bug"}
    assert found.head_sha == hub.world.pull(ZOO, number).head_sha
    assert found.url.endswith(f"/{ZOO}/pull/{number}")
    assert (found.closed_by, found.merged_by, found.merge_sha, found.private) == (None, None, None, False)


def test_who_closed_and_who_merged_is_known(hub):
    closed, merged = hub.submission("add/a"), hub.submission("add/b")
    hub.world.close_pull(ZOO, closed, login="ada")
    sha = hub.world.merge_pull(ZOO, merged, login="curator")
    assert hub.api.pull(closed).closed_by.login == "ada"
    found = hub.api.pull(merged)
    assert (found.merged, found.merged_by.login, found.merge_sha) == (True, "curator", sha)


def test_mergeable_is_none_at_first_then_known(hub):
    hub.world.faults.mergeable_null_reads = 1
    number = hub.submission()
    assert hub.api.pull(number).mergeable is None
    assert hub.api.pull(number).mergeable is True


def test_a_pull_request_that_is_not_there_is_an_error(hub):
    with pytest.raises(GatewayError) as found:
        hub.api.pull(99)
    assert found.value.reason == "not-found"


def test_changed_files_are_listed_over_pages(hub):
    files = {f"many/{n:03}.txt": "x" for n in range(130)}
    hub.world.commit_files(ZOO, "many", {**files, "README.md": "Changed.\n"}, author="ada")
    number = hub.world.open_pull(ZOO, "many", login="ada", title="Many")
    found = hub.api.pull_files(number)
    assert len(found) == 131 == hub.api.pull(number).changed_files
    by_path = {file.path: file for file in found}
    assert (by_path["README.md"].status, by_path["many/000.txt"].status) == ("modified", "added")
    assert by_path["many/000.txt"].sha == hub.world.files(ZOO, "many")["many/000.txt"].sha


def test_a_renamed_file_names_where_it_was(hub):
    hub.world.commit_files(ZOO, "move", {"README.md": None, "LIESMICH.md": "A zoo.\n"}, author="ada")
    number = hub.world.open_pull(ZOO, "move", login="ada", title="Move")
    assert {(f.path, f.status, f.previous) for f in hub.api.pull_files(number)} <= {
        ("LIESMICH.md", "renamed", "README.md"),
        ("LIESMICH.md", "added", None),
        ("README.md", "removed", None),
    }


def test_committers_are_all_who_wrote_a_commit(hub):
    number = hub.submission(login="ada")
    hub.world.commit_files(ZOO, "add/seal", {"x": "x"}, author="curator")
    commits = hub.api.pull_commits(number)
    assert [commit.people for commit in commits] == [{"ada"}, {"curator"}]
    assert [commit.message.strip() for commit in commits] == ["Update files", "Update files"]
    assert commits[-1].sha == hub.api.pull(number).head_sha


def test_reviews_are_read_and_anew_where_asked(hub):
    number = hub.submission()
    hub.world.review(ZOO, number, login="curator", state="REQUEST_CHANGES", body="Please")
    hub.world.approve(ZOO, number, login="curator")
    found = hub.api.reviews(number)
    assert [(r.author.login, r.state) for r in found] == [("curator", "CHANGES_REQUESTED"), ("curator", "APPROVED")]
    assert {r.commit for r in found} == {hub.world.pull(ZOO, number).head_sha}
    assert found[0].submitted_at.tzinfo is not None
    reads = hub.counted("read")
    assert hub.api.reviews(number, fresh=True) == found
    assert hub.counted("read") == reads + 1
    assert hub.api.reviews(number) == found


def test_a_pull_request_is_opened_once_and_closed(any_hub):
    any_hub.world.commit_files(ZOO, "add/new", {"x": "x"}, author="ada")
    number = any_hub.api.create_pull(head="add/new", title="Title", body="Body")
    found = any_hub.world.pull(ZOO, number)
    assert (found.title, found.body, found.user, found.base_ref) == (
        "Title",
        "Body",
        any_hub.api.viewer().user.login,
        "main",
    )
    with pytest.raises(GatewayError) as again:
        any_hub.api.create_pull(head="add/new", title="Title", body="Body")
    assert (again.value.reason, again.value.transient) == ("exists", False)
    any_hub.api.close_pull(number)
    assert any_hub.world.pull(ZOO, number).state == "closed"


def test_labels_are_set_in_one_write(any_hub):
    number = any_hub.submission()
    any_hub.world.set_labels(ZOO, number, ["old"], login="curator")
    writes = any_hub.counted("write")
    any_hub.api.set_labels(number, ["needs changes", "bug"])
    assert any_hub.counted("write") == writes + 1
    assert set(any_hub.world.labels(ZOO, number)) == {"bug", "needs changes"}


def test_a_merge_is_bound_to_the_head(any_hub):
    number = any_hub.submission()
    old = any_hub.world.pull(ZOO, number).head_sha
    any_hub.world.commit_files(ZOO, "add/seal", {"more.txt": "more"}, author="ada")
    head = any_hub.world.pull(ZOO, number).head_sha
    stale = any_hub.api.merge(number, sha=old, title="Accept")
    assert (stale.merged, stale.sha) == (False, None)
    assert "409" in stale.reason
    assert not any_hub.world.pull(ZOO, number).merged
    done = any_hub.api.merge(number, sha=head, title="Accept it")
    assert done.merged
    assert done.sha == any_hub.main
    assert any_hub.api.commit(done.sha).message.startswith("Accept it")
    twice = any_hub.api.merge(number, sha=head, title="Accept")
    assert not twice.merged
    assert "405" in twice.reason


def test_a_merge_that_is_refused_for_another_reason_is_an_error(hub):
    with pytest.raises(GatewayError) as found:
        hub.api.merge(99, sha=hub.main, title="x")
    assert found.value.status == 404


# comments


def test_comments_are_written_read_edited_and_deleted(any_hub):
    number = any_hub.submission()
    any_hub.world.comment(ZOO, number, login="ada", body="Hello\r\nthere")
    mine = any_hub.api.create_comment(number, "Report")
    found = any_hub.api.comments(number)
    assert [(c.author.login, c.body) for c in found] == [
        ("ada", "Hello\r\nthere"),
        (any_hub.api.viewer().user.login, "Report"),
    ]
    assert found[1].id == mine
    any_hub.api.edit_comment(mine, "Better")
    assert any_hub.api.comments(number)[1].body == "Better"
    any_hub.api.delete_comment(mine)
    any_hub.api.delete_comment(mine)
    assert [c.body for c in any_hub.api.comments(number)] == ["Hello\r\nthere"]


def test_comments_are_read_over_pages(hub):
    number = hub.submission()
    for n in range(101):
        hub.world.comment(ZOO, number, login="ada", body=f"{n}")
    assert [c.body for c in hub.api.comments(number)] == [f"{n}" for n in range(101)]


def test_a_comment_that_is_too_long_is_refused(hub):
    number = hub.submission()
    with pytest.raises(GatewayError) as found:
        hub.api.create_comment(number, "x" * 65_537)
    assert (found.value.reason, found.value.status, found.value.transient) == ("refused", 422, False)
    assert hub.world.comments(ZOO, number) == []


def test_deleting_without_permission_is_an_error(tmp_path):
    with doors(tmp_path) as hub:
        number = hub.submission()
        theirs = hub.world.comment(ZOO, number, login="ada", body="Hello")
        hub.world.add_collaborator(ZOO, "accession", "read")
        with pytest.raises(GatewayError) as found:
            hub.api.delete_comment(theirs.id)
        assert (found.value.reason, found.value.status) == ("forbidden", 403)


# marks


def annotations(count: int) -> list[Annotation]:
    return [Annotation(f"{FOLDER}/rdf.yaml", n, n, "failure", f"rule {n}", f"message {n}") for n in range(1, count + 1)]


@pytest.mark.parametrize("kind", ["app", "actions"])
@pytest.mark.parametrize(("count", "writes"), [(0, 1), (50, 1), (51, 2), (120, 3)])
def test_a_check_run_takes_all_annotations_in_pieces(tmp_path, kind, count, writes):
    with doors(tmp_path, kind) as hub:
        mark = StatusMark(hub.main, "failure", "2 things to change", "Summary", "0123456789ab")
        hub.api.create_mark(mark, annotations(count), url="https://github.example/pull/1")
        assert hub.counted("write") == writes
        (run,) = hub.world.check_runs(ZOO, hub.main)
        assert (run.name, run.status, run.conclusion, run.external_id) == (
            "accession",
            "completed",
            "failure",
            "0123456789ab",
        )
        assert [note["message"] for note in run.annotations] == [f"message {n}" for n in range(1, count + 1)]
        assert hub.api.marks(hub.main) == (mark,)


@pytest.mark.parametrize(
    ("conclusion", "shown"), [("success", "success"), ("failure", "failure"), ("neutral", "pending")]
)
def test_with_a_personal_token_the_mark_is_a_commit_status(hub, conclusion, shown):
    mark = StatusMark(hub.main, conclusion, "x" * 150, "Summary", "0123456789ab")
    hub.api.create_mark(mark, annotations(3), url="https://github.example/pull/1")
    (found,) = hub.world.statuses(ZOO, hub.main)
    assert (found.state, found.context, found.description) == (shown, "accession", "x" * 140)
    assert hub.world.check_runs(ZOO, hub.main) == []
    assert hub.api.marks(hub.main) == (StatusMark(hub.main, conclusion, "x" * 140, "", "0123456789ab"),)


def test_re_run_is_seen_until_another_check_run_is_made(tmp_path):
    with doors(tmp_path, "app") as hub:
        mark = StatusMark(hub.main, "success", "passed", "Summary", "0123456789ab")
        assert not hub.api.rerun_asked(hub.main), "without a check run there is no button"
        hub.api.create_mark(mark, (), url="https://github.example/pull/1")
        assert not hub.api.rerun_asked(hub.main)
        (first,) = hub.api.marks(hub.main)
        assert first.id == hub.world.check_runs(ZOO, hub.main)[0].id
        hub.world.rerequest(ZOO, first.id, login="curator")
        assert hub.api.rerun_asked(hub.main)
        hub.api.create_mark(mark, (), url="https://github.example/pull/1")
        assert not hub.api.rerun_asked(hub.main)
        assert max(found.id for found in hub.api.marks(hub.main)) > first.id


def test_re_run_of_another_apps_check_is_not_ours(tmp_path):
    with doors(tmp_path, "app") as hub:
        body = {"name": "accession", "head_sha": hub.main, "conclusion": "failure"}
        headers = {"Authorization": f"Bearer {TOKENS['actions']}"}
        made = requests.post(f"{hub.url}/repos/{ZOO}/check-runs", json=body, headers=headers, timeout=20).json()
        hub.world.rerequest(ZOO, made["id"], login="curator")
        assert not hub.api.rerun_asked(hub.main)


@pytest.mark.parametrize("kind", ["personal", "actions"])
def test_who_has_no_button_asks_nothing(tmp_path, kind):
    with doors(tmp_path, kind) as hub:
        before = len(hub.world.requests)
        assert not hub.api.rerun_asked(hub.main)
        assert len(hub.world.requests) == before


def test_a_suite_without_an_app_is_not_ours():
    assert not wanted_again({"app": None, "status": "queued"}, "accession[bot]")


def test_marks_of_others_are_not_ours(hub):
    hub.world.add_status(ZOO, hub.main, "ci", "error", login="curator")
    assert hub.api.marks(hub.main) == ()
    assert status({"state": "error", "target_url": None, "description": None}, "a").external_id == ""


# doubt: a write whose answer was lost


@pytest.mark.parametrize("fault", ["error-after", "cut-after", "cut-midway", "slow"])
def test_a_comment_whose_answer_was_lost_is_not_sent_again(hub, fault):
    number = hub.submission()
    hub.faults.add(fault, method="POST", path="/comments", times=None)
    if fault == "slow":
        hub.api.create_comment(number, "Report")
    else:
        with pytest.raises(UnknownOutcomeError) as found:
            hub.api.create_comment(number, "Report")
        assert (found.value.reason, found.value.transient) == ("unknown-outcome", True)
    hub.faults.clear()
    assert [c.body for c in hub.world.comments(ZOO, number)] == ["Report"]


@pytest.mark.parametrize("fault", ["error-before", "cut-before"])
def test_a_comment_that_never_arrived_is_unknown_too(hub, fault):
    number = hub.submission()
    hub.faults.add(fault, method="POST", path="/comments")
    with pytest.raises(UnknownOutcomeError):
        hub.api.create_comment(number, "Report")
    assert len(hub.faults.log) == 1
    assert hub.world.comments(ZOO, number) == []


def test_a_merge_whose_answer_was_lost_is_unknown_and_happened_once(hub):
    number = hub.submission()
    head = hub.world.pull(ZOO, number).head_sha
    hub.faults.add("cut-after", method="PUT", path="/merge")
    with pytest.raises(UnknownOutcomeError):
        hub.api.merge(number, sha=head, title="Accept")
    assert hub.api.pull(number).merged


# credentials


@pytest.mark.parametrize("token", ["a-wrong-token-0123456789", *TOKENS.values()])
def test_no_token_is_in_any_error_or_repr(tmp_path, token):
    with doors(tmp_path, token=token) as hub:
        errors = []
        for call in (
            lambda: hub.api.pull(99),
            lambda: hub.api.create_comment(99, "x"),
            lambda: hub.api.create_pull(head="nowhere", title="t", body="b"),
            lambda: hub.api.create_mark(StatusMark("0" * 40, "success", "", "", ""), [], url="https://u.example"),
        ):
            with pytest.raises(GatewayError) as found:
                call()
            errors.append(said(found.value))
        hub.faults.add("cut-before", times=None)
        for call in (hub.api.viewer, lambda: hub.api.close_pull(1)):
            with pytest.raises(GatewayError) as found:
                call()
            errors.append(said(found.value))
        shown = "\n".join([*errors, repr(hub.api), repr(hub.transport)])
        assert token not in shown
