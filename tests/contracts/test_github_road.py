"""The road of a submission through PyGithub: branch, pull request, report, review, merge; forks and git data too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from github import GithubException, InputGitAuthor, InputGitTreeElement

from tests.contracts.github_hub import ZOO, Hub, hub_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from github.GitCommit import GitCommit

R = f"/repos/{ZOO}"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_at(tmp_path) as hub:
        yield hub


def commit(hub: Hub, path: str, content: str | None, message: str = "Add") -> GitCommit:
    """One commit on top of main, dated, with its file inline in the tree."""
    repo = hub.repo()
    base = repo.get_git_commit(repo.get_branch("main").commit.sha)
    if content is None:
        item = InputGitTreeElement(path, "100644", "blob", sha=None)
    else:
        item = InputGitTreeElement(path, "100644", "blob", content=content)
    by = InputGitAuthor("accession", "accession@example.org", "2024-01-02T03:04:05Z")
    return repo.create_git_commit(message, repo.create_git_tree([item], base.tree), [base], by, by)


def test_six_writes_and_a_merge(hub):
    repo = hub.repo()
    made = commit(hub, "collection/entries/seal/1/rdf.yaml", "name: seal\n")
    repo.create_git_ref("refs/heads/add/seal", made.sha)
    pull = repo.create_pull(base="main", head="add/seal", title="seal", body="A **seal**")
    pull.create_issue_comment("report")
    pull.as_issue().edit(labels=["checking", "new"])
    assert len(hub.world.writes) == 6
    assert hub.world.labels(ZOO, pull.number) == ("checking", "new")
    assert [found.number for found in repo.get_pulls(head="zoo:add/seal", base="main")] == [pull.number]
    hub.world.approve(ZOO, pull.number, login="bob")
    [review] = pull.get_reviews()
    assert (review.user.login, review.state, review.commit_id) == ("bob", "APPROVED", made.sha)
    merged = pull.merge(sha=made.sha)
    tip = repo.get_git_commit(merged.sha)
    assert [parent.sha for parent in tip.parents][1] == made.sha
    assert hub.world.file(ZOO, "collection/entries/seal/1/rdf.yaml") == b"name: seal\n"
    after = hub.world.pull(ZOO, pull.number)
    assert (after.state, after.merged_by, after.merge_sha) == ("closed", "accession-bot", merged.sha)


def test_dated_commits_have_the_same_sha_every_time(hub):
    assert commit(hub, "a", "1").sha == commit(hub, "a", "1").sha
    assert commit(hub, "a", "1").author.date == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_tree_entry_with_null_sha_deletes(hub):
    made = commit(hub, "collection/accession.yaml", None)
    paths = [item.path for item in hub.repo().get_git_tree(made.tree.sha, recursive=True).tree]
    assert paths == ["README.md"]


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_three_ways_to_merge(hub, method):
    number = hub.submission("x", one="1")
    hub.world.commit_files(ZOO, "x", {"two": "2"}, author="alice")
    hub.world.commit_files(ZOO, "main", {"three": "3"}, author="bob")
    hub.repo().get_pull(number).merge(merge_method=method)
    assert [hub.world.file(ZOO, name) for name in ("one", "two", "three")] == [b"1", b"2", b"3"]
    parents = {"merge": 2, "squash": 1, "rebase": 1}[method]
    commits = list(hub.repo().get_commits())
    assert len(commits[0].parents) == parents
    assert len(commits) == {"merge": 5, "squash": 3, "rebase": 4}[method]


def test_a_pull_request_from_a_fork(hub):
    alice = hub.github("alice-token")
    fork = alice.get_repo(ZOO).create_fork()
    hub.world.commit_files(fork.full_name, "seal", {"s": "1"}, author="alice")
    pull = alice.get_repo(ZOO).create_pull(base="main", head="alice:seal", title="Seal")
    seen = hub.repo().get_pull(pull.number)
    assert (seen.head.repo.full_name, seen.head.repo.fork) == ("alice/collection", True)
    assert seen.maintainer_can_modify
    assert [found.number for found in hub.repo().get_pulls(head="alice:seal")] == [pull.number]
    assert [file.filename for file in seen.get_files()] == ["s"]
    assert hub.world.refs(ZOO)[f"refs/pull/{pull.number}/head"] == seen.head.sha
    seen.merge()
    assert hub.world.file(ZOO, "s") == b"1"


def test_pushing_moves_and_deleting_closes(hub):
    number = hub.submission("x", one="1")
    hub.world.approve(ZOO, number, login="bob")
    old = hub.world.pull(ZOO, number).head_sha
    new = hub.world.commit_files(ZOO, "x", {"two": "2"}, author="alice")
    pull = hub.repo().get_pull(number)
    assert (pull.head.sha, pull.commits, pull.changed_files) == (new, 2, 2)
    assert [review.commit_id for review in pull.get_reviews()] == [old]
    hub.repo().get_git_ref("heads/x").delete()
    assert hub.repo().get_pull(number).state == "closed"
    assert hub.repo().get_issue(number).closed_by.login == "accession-bot"


def test_pushing_the_head_into_the_base_counts_as_merged(hub):
    number = hub.submission("x", one="1")
    hub.repo().get_git_ref("heads/main").edit(hub.world.pull(ZOO, number).head_sha)
    assert hub.repo().get_pull(number).merged


def test_closing_keyword_in_a_commit_closes_the_issue(hub):
    issue = hub.world.open_issue(ZOO, login="alice", title="Please")
    hub.world.commit_files(ZOO, "main", {"a": "1"}, author="bob", message=f"Closes #{issue}")
    assert hub.repo().get_issue(issue).state == "closed"


def test_close_reopen_and_edit(hub):
    number = hub.submission("x", one="1")
    pull = hub.repo().get_pull(number)
    pull.edit(title="Better", body="text", state="closed")
    assert hub.world.pull(ZOO, number).state == "closed"
    pull.edit(state="open")
    assert (hub.world.pull(ZOO, number).title, hub.world.pull(ZOO, number).state) == ("Better", "open")
    pull.merge()
    with pytest.raises(GithubException) as error:
        pull.edit(state="open")
    assert error.value.status == 422


def test_update_branch_merges_the_base_in(hub):
    number = hub.submission("x", one="1")
    hub.world.commit_files(ZOO, "main", {"two": "2"}, author="bob")
    pull = hub.repo().get_pull(number)
    assert pull.update_branch(pull.head.sha)
    assert hub.world.file(ZOO, "two", "x") == b"2"


def test_contents_in_all_forms(hub):
    repo = hub.repo()
    made = repo.create_file("docs/a.md", "Add", "one")
    assert repo.get_contents("docs/a.md").decoded_content == b"one"
    assert [item.path for item in repo.get_contents("docs")] == ["docs/a.md"]
    changed = repo.update_file("docs/a.md", "Edit", b"\x00\xff", made["content"].sha, branch="main")
    assert hub.world.file(ZOO, "docs/a.md") == b"\x00\xff"
    repo.delete_file("docs/a.md", "Drop", changed["content"].sha)
    assert hub.world.file(ZOO, "docs/a.md") is None
    assert [one.commit.message for one in repo.get_commits(path="docs/a.md")] == ["Drop", "Edit", "Add"]


def test_git_objects_are_what_git_says(hub):
    repo = hub.repo()
    blob = repo.create_git_blob("aGk=", "base64")
    assert hub.get(f"{R}/git/blobs/{blob.sha}", Accept="application/vnd.github.raw+json").content == b"hi"
    assert repo.get_git_blob(blob.sha).size == 2
    head = repo.get_branch("main").commit.sha
    tag = repo.create_git_tag("v1", "first", head, "commit")
    repo.create_git_ref("refs/tags/v1", tag.sha)
    assert [found.name for found in repo.get_tags()] == ["v1"]
    assert repo.get_git_tag(tag.sha).object.sha == head
    assert [ref.ref for ref in repo.get_git_matching_refs("tags/")] == ["refs/tags/v1"]


def test_compare_counts_both_ways(hub):
    hub.world.commit_files(ZOO, "x", {"one": "1"}, author="alice")
    hub.world.commit_files(ZOO, "main", {"two": "2"}, author="bob")
    compared = hub.repo().compare("main", "x")
    assert (compared.status, compared.ahead_by, compared.behind_by) == ("diverged", 1, 1)
    assert [file.filename for file in compared.files] == ["one"]
