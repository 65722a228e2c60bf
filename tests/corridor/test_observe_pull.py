"""What the bot sees of a pull request: what it believes and what it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.corridor.observe_pull import base_policy, observe_pull, writers
from bot.errors import ConfigError
from bot.proposal import naming
from tests.fakes.facts import PLACE
from tests.journeys.conftest import REPOSITORY, rdf

FOLDER = "collection/entries/my-model/1"


@pytest.fixture
def desk(little):
    return little.start()


def by_hand(little, files, login="mallory"):
    fork = little.github.fork(REPOSITORY, login)
    little.github.commit_files(fork, "mine", files, author=login)
    return little.github.open_pull(REPOSITORY, f"{login}:mine", login=login, title="Mine")


def reported(little, desk, verdict="passed"):
    little.publish({"rdf.yaml": rdf(verdict)})
    little.go(desk)
    return little.github.pulls(REPOSITORY)[0].number


def test_a_pull_request_without_entry_is_none_of_its_business(little, desk):
    assert observe_pull(desk, by_hand(little, {"README.md": "x"})) is None


def test_its_own_is_known_by_author_repository_and_branch(little, desk):
    seen = observe_pull(desk, reported(little, desk))
    assert seen.own
    assert seen.trespass == ""
    assert seen.state.outcome == "passed"
    assert seen.intact
    assert seen.checked is not None
    assert seen.committers == frozenset()
    other = observe_pull(desk, by_hand(little, {f"{FOLDER}/rdf.yaml": rdf()}))
    assert not other.own
    assert other.committers == {"mallory"}
    assert (other.place.id, other.trespass, other.content.entry) == ("my-model", "", None)


TRESPASS = {
    "another file": ({f"{FOLDER}/rdf.yaml": rdf(), "README.md": "x"}, "it touches `README.md` beside its own entry."),
    "a weights file": ({f"{FOLDER}/rdf.yaml": rdf(), f"{FOLDER}/w.onnx": "x"}, f"it touches `{FOLDER}/w.onnx` beside"),
    "two entries": (
        {f"{FOLDER}/rdf.yaml": rdf(), "collection/entries/other/1/rdf.yaml": rdf()},
        "beside its own entry.",
    ),
    "many": ({f"{FOLDER}/rdf.yaml": rdf(), **{f"x{n}": "x" for n in range(5)}}, "`x0`, `x1`, `x2` and 2 more beside"),
    "a bad name": ({"collection/entries/My Model/1/rdf.yaml": rdf()}, "its folder is not named collection/entries/"),
    "no rdf": ({f"{FOLDER}/entry.yaml": "{}"}, f"`{FOLDER}/rdf.yaml` is missing."),
    "concept.yaml": ({"collection/entries/my-model/concept.yaml": "status: blocked"}, "its folder is not named"),
}


@pytest.mark.parametrize("case", TRESPASS)
def test_a_trespass_is_said(little, desk, case):
    files, said = TRESPASS[case]
    assert said in observe_pull(desk, by_hand(little, files)).trespass


def test_a_removed_file_is_a_trespass(little, desk):
    little.github.commit_files(
        REPOSITORY, "main", {f"{FOLDER}/rdf.yaml": rdf(), f"{FOLDER}/entry.yaml": "{}"}, author="zoo"
    )
    number = by_hand(little, {f"{FOLDER}/entry.yaml": None})
    assert observe_pull(desk, number).trespass == f"it has `{FOLDER}/entry.yaml` removed."


def test_a_link_is_no_plain_file(little, desk, monkeypatch):
    number = by_hand(little, {f"{FOLDER}/rdf.yaml": rdf()})
    folder = desk.github.folder
    monkeypatch.setattr(desk.github, "folder", lambda *a: tuple(replace(f, mode="120000") for f in folder(*a)))
    assert (
        observe_pull(desk, number).trespass
        == f"`{FOLDER}/rdf.yaml` is not a plain file (a link, a submodule or an executable)."
    )


def test_a_list_of_files_that_github_cut_is_a_trespass(little, desk, monkeypatch):
    number = by_hand(little, {f"{FOLDER}/rdf.yaml": rdf()})
    pull = desk.github.pull
    monkeypatch.setattr(desk.github, "pull", lambda n: replace(pull(n), changed_files=3001))
    assert observe_pull(desk, number).trespass == "it changes 3001 files and GitHub lists 1 of them."


def test_an_id_of_somebody_else_is_a_trespass(little, desk):
    little.github.commit_files(REPOSITORY, "own", {"x": "x"}, author="zoo", message="Reserve\n\nConcept: zenodo-7\n")
    desk.github.create_ref(naming.id_tag("my-model"), little.github.refs(REPOSITORY)["refs/heads/own"])
    assert (
        observe_pull(desk, by_hand(little, {f"{FOLDER}/rdf.yaml": rdf()})).trespass
        == "the id `my-model` belongs to another upload."
    )


def test_the_policy_is_the_base_branch_own(little, desk):
    number = by_hand(little, {f"{FOLDER}/rdf.yaml": rdf(), "collection/accession.yaml": "name: Mine\n"})
    assert observe_pull(desk, number).policy.name == "Test zoo"
    assert base_policy(desk).people[0].login == "curator"
    little.github.commit_files(REPOSITORY, "main", {"collection/accession.yaml": None}, author="zoo")
    with pytest.raises(ConfigError):
        base_policy(desk)


# the report comment


def test_a_pasted_marker_is_not_the_report(little, desk):
    number = reported(little, desk)
    body = little.report(number)
    little.github.comment(REPOSITORY, number, login="mallory", body=body)
    seen = observe_pull(desk, number)
    assert seen.comment.author.login == "accession"
    assert seen.duplicates == ()


def test_an_edited_report_is_ours_but_not_intact(little, desk):
    number = reported(little, desk)
    comment = observe_pull(desk, number).comment
    little.github.edit_comment(comment.id, comment.body.replace("passed", "PASSED", 1), login="curator")
    seen = observe_pull(desk, number)
    assert seen.state is not None
    assert not seen.intact


def test_a_forged_state_is_no_state(little, desk):
    number = reported(little, desk, "failed")
    comment = observe_pull(desk, number).comment
    little.github.edit_comment(
        comment.id, comment.body.replace('"outcome":"failed"', '"outcome":"passed"'), login="curator"
    )
    seen = observe_pull(desk, number)
    assert (seen.state, seen.intact) == (None, False)


def test_of_doubled_reports_the_first_stays(little, desk):
    number = reported(little, desk)
    first = observe_pull(desk, number).comment
    for _ in range(2):
        little.github.comment(REPOSITORY, number, login="accession", body=first.body)
    seen = observe_pull(desk, number)
    assert seen.comment.id == first.id
    assert len(seen.duplicates) == 2
    little.go(desk)
    assert little.report(number) == first.body


# commands


@pytest.mark.parametrize(
    ("login", "body", "found"),
    [
        ("curator", "/accession recheck", [("recheck", True)]),
        ("curator", "Please\r\n/accession recheck\r\nthanks", [("recheck", True)]),
        ("ada", "/accession recheck", [("recheck", True)]),
        ("mallory", "/accession recheck", [("recheck", False)]),
        ("curator", "I wrote /accession recheck", []),
        ("curator", "/accession", []),
        ("curator", "/accessionrecheck", []),
        ("accession", "/accession recheck", []),
    ],
)
def test_a_command_stands_on_a_line_of_its_own(little, desk, login, body, found):
    number = reported(little, desk)
    little.github.comment(REPOSITORY, number, login=login, body=body)
    commands = observe_pull(desk, number).commands
    assert [(command.name, command.may) for command in commands] == found


# others


def test_the_newer_version_is_seen_from_the_older_only(little, desk):
    first = reported(little, desk)
    (pull,) = little.github.pulls(REPOSITORY)
    concept = little.zenodo.record(pull.title.split()[1]).concept
    little.publish({"rdf.yaml": rdf(name="Next")}, concept=concept)
    from bot import pipeline

    list(pipeline.poll(desk))
    second = little.github.pulls(REPOSITORY)[-1].number
    assert observe_pull(desk, first).newer == second
    assert observe_pull(desk, second).newer is None


def test_the_branch_of_a_closed_pull_request_is_looked_for(little, desk):
    number = reported(little, desk)
    assert not observe_pull(desk, number).branch_left
    little.github.close_pull(REPOSITORY, number, login="curator")
    assert observe_pull(desk, number).branch_left


def test_write_access_is_asked_for_now(little, desk):
    assert writers(desk, ("curator", "mallory")) == ("curator",)
    assert writers(desk, ()) == ()
    little.github.add_collaborator(REPOSITORY, "curator", "triage")
    assert writers(desk, ("curator",)) == ()


def test_a_place_is_the_one_of_the_record(little, desk):
    seen = observe_pull(desk, reported(little, desk))
    assert seen.place != PLACE
    assert seen.place.version.isdigit()
