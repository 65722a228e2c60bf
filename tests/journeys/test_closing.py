"""Declined and withdrawn are remembered: the same content is not proposed again, a changed version is."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import REPOSITORY, Little, rdf


@pytest.mark.parametrize(("who", "stage"), [("curator", "declined"), ("ada", "withdrawn")])
@pytest.mark.parametrize("lose", [False, True], ids=["database kept", "database lost"])
def test_closed_is_remembered(little: Little, who: str, stage: str, *, lose: bool) -> None:
    record = little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    little.github.close_pull(REPOSITORY, pull.number, login=who)
    if lose:
        little.lose_database()
        desk = little.start()
    little.zenodo.edit(record, title="Another title")
    for _ in range(2):
        little.go(desk)
    (pull,) = little.github.pulls(REPOSITORY)
    assert (pull.state, pull.labels) == ("closed", (stage,))
    assert f"`{who}` closed the pull request" in little.report(pull.number)

    little.publish({"rdf.yaml": rdf(name="Changed")}, concept=little.zenodo.record(record).concept)
    little.go(desk)
    assert [p.state for p in little.github.pulls(REPOSITORY)] == ["closed", "open"]


def test_a_pull_request_closed_before_its_report_is_told_so_too(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()})
    little.workshop.broken = 1
    desk = little.start()
    little.go(desk)
    little.github.close_pull(REPOSITORY, 1, login="ada")
    little.go(desk)
    assert little.github.pulls(REPOSITORY)[0].labels == ("withdrawn",)


def test_a_new_version_with_the_very_same_files_is_nothing_new(little: Little) -> None:
    record = little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    little.publish({"rdf.yaml": rdf()}, concept=little.zenodo.record(record).concept)
    little.go(desk)
    assert len(little.github.pulls(REPOSITORY)) == 1


def test_the_same_content_of_another_person_is_linked_for_human_eyes(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()}, owner=little.zenodo.add_user("one", "token-one"))
    little.publish({"rdf.yaml": rdf()}, owner=little.zenodo.add_user("two", "token-two"))
    desk = little.start()
    little.go(desk)
    first, second = little.github.pulls(REPOSITORY)
    assert f"pull request {first.number}" in little.report(second.number)


def test_a_type_that_the_collection_does_not_take_is_refused(little: Little) -> None:
    path = "collection/accession.yaml"
    policy = (little.github.file(REPOSITORY, path) or b"") + b"types: [dataset]\n"
    little.github.commit_files(REPOSITORY, "main", {path: policy}, author="curator")
    record = little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    little.go(desk)
    assert little.github.pulls(REPOSITORY) == []
    said = desk.store.get("uploads", record)
    assert said["message"] == "The upload is a resource of type model; this collection takes dataset."


def test_quotas_hold_what_comes_too_fast_and_take_it_later(little: Little) -> None:
    owner = little.zenodo.add_user("eager", "token-eager")
    for number in range(7):
        little.publish({"rdf.yaml": rdf(name=f"Model {number}")}, owner=owner)
    desk = little.start()
    little.go(desk)
    assert len(little.github.pulls(REPOSITORY)) == 5
    from bot.corridor.standings import standings

    held = [line for line in standings(desk)["submissions"] if line["stage"] == "held"]
    assert len(held) == 2
    assert "5 open pull requests" in held[0]["waits_for"]
    little.github.close_pull(REPOSITORY, 1, login="curator")
    little.go(desk)
    assert len(little.github.pulls(REPOSITORY)) == 6
