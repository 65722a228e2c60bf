"""A pull request that somebody opens by hand, from a fork too, takes the same road and gets no further by lying."""

from __future__ import annotations

import json

from tests.journeys.conftest import REPOSITORY, Little, rdf

FOLDER = "collection/entries/my-model/1"


def hand_made(little: Little, files: dict[str, bytes | str | None], login: str = "mallory") -> int:
    fork = little.github.fork(REPOSITORY, login)
    little.github.commit_files(fork, "mine", files, author=login)
    return little.github.open_pull(REPOSITORY, f"{login}:mine", login=login, title="Closes #1 @everyone")


def test_it_is_checked_reviewed_merged_and_its_entry_derived(little: Little) -> None:
    number = hand_made(little, {f"{FOLDER}/rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    assert little.github.labels(REPOSITORY, number) == ("awaiting review",)
    little.approve(number)
    little.go(desk)
    assert little.github.pull(REPOSITORY, number).merged
    entry = json.loads(little.github.file(REPOSITORY, f"{FOLDER}/entry.yaml") or b"")
    assert entry["resource"]["name"] == "A model"
    collection = json.loads(little.github.file(REPOSITORY, "collection/collection.json") or b"")
    assert [e["id"] for e in collection["entries"]] == ["my-model"]
    assert "refs/tags/id/my-model" in little.github.refs(REPOSITORY)


def test_it_may_touch_nothing_but_its_own_folder(little: Little) -> None:
    number = hand_made(little, {f"{FOLDER}/rdf.yaml": rdf(), "collection/accession.yaml": "name: mine\n"})
    desk = little.start()
    little.go(desk)
    assert little.github.labels(REPOSITORY, number) == ("blocked",)
    assert "collection/accession.yaml" in little.report(number)
    little.approve(number)
    little.go(desk)
    assert not little.github.pull(REPOSITORY, number).merged


def test_a_forged_entry_is_refused_and_never_believed(little: Little) -> None:
    forged = json.dumps({"schema": "accession/entry/1", "id": "my-model", "resource": {"name": "Forged"}})
    number = hand_made(little, {f"{FOLDER}/rdf.yaml": rdf(), f"{FOLDER}/entry.yaml": forged})
    desk = little.start()
    little.go(desk)
    assert little.github.labels(REPOSITORY, number) == ("needs changes",)
    assert "`entry.yaml` is written by the bot" in little.report(number)
    little.approve(number)
    little.go(desk)
    assert not little.github.pull(REPOSITORY, number).merged


def test_a_forged_entry_on_the_bots_own_branch_is_written_again(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    path = "collection/entries/{}/{}/entry.yaml".format(*pull.title.split())
    derived = little.github.file(REPOSITORY, path, pull.head_ref)
    little.github.commit_files(REPOSITORY, pull.head_ref, {path: "{}"}, author="curator")
    little.go(desk)
    little.go(desk)
    assert little.github.file(REPOSITORY, path, pull.head_ref) == derived
    assert little.github.pulls(REPOSITORY)[0].labels == ("awaiting review",)


def test_the_id_of_somebody_else_is_not_to_be_had(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    taken = little.github.pulls(REPOSITORY)[0].title.split()[0]
    number = hand_made(little, {f"collection/entries/{taken}/2/rdf.yaml": rdf()})
    little.go(desk)
    assert little.github.labels(REPOSITORY, number) == ("blocked",)
    assert "belongs to another upload" in little.report(number)


def test_files_deeper_in_its_folder_are_for_human_eyes(little: Little) -> None:
    number = hand_made(little, {f"{FOLDER}/rdf.yaml": rdf(), f"{FOLDER}/deeper/rdf.yaml": b"x"})
    desk = little.start()
    little.go(desk)
    assert little.github.labels(REPOSITORY, number) == ("blocked",)


def test_its_author_cannot_approve_it_and_a_policy_of_its_own_counts_for_nothing(little: Little) -> None:
    number = hand_made(little, {f"{FOLDER}/rdf.yaml": rdf()}, login="curator")
    desk = little.start()
    little.go(desk)
    little.github.add_collaborator(REPOSITORY, "ada", "write")
    little.approve(number, login="ada")
    little.go(desk)
    assert not little.github.pull(REPOSITORY, number).merged
    assert "not among the people" in little.report(number)


def test_a_pull_request_without_an_entry_is_none_of_our_business(little: Little) -> None:
    number = hand_made(little, {"README.md": "Better.\n"})
    desk = little.start()
    little.go(desk)
    assert little.github.comments(REPOSITORY, number) == []
    assert little.github.labels(REPOSITORY, number) == ()
