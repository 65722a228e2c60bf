"""Applying suggestions, one step at a time: the commit, and what is answered where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.corridor.apply_suggestions import apply_suggestions
from bot.corridor.observe_pull import observe_pull
from bot.errors import GatewayError, UnknownOutcomeError
from bot.records import decision as do
from bot.records.suggestions import Applied
from bot.records.verdict import Suggestion
from bot.words import applying as words
from tests.journeys.conftest import REPOSITORY, rdf

MISTAKES = "one: bad # write good\ntwo: bad # write good\n"


@pytest.fixture
def desk(little):
    return little.start()


@pytest.fixture
def asked(little, desk):
    """A report with two suggestions, and a command by the RDF's maintainer that nobody has looked at."""
    little.publish({"rdf.yaml": rdf(extra=MISTAKES)})
    little.go(desk)
    little.later()
    little.github.comment(REPOSITORY, 1, login="ada", body="/accession apply 2")
    return seen(desk)


def seen(desk):
    facts = observe_pull(desk, 1)
    assert facts is not None
    return facts


def apply(facts, *numbers, **changes):
    return do.Apply(replace(facts.commands[0], **changes), numbers)


def with_text(facts, *texts):
    """The same report with other suggestions for the last lines."""
    findings = tuple(
        replace(finding, suggestion=Suggestion(n, n, text))
        for n, finding, text in zip((10, 11), facts.checked.report.findings, texts, strict=True)
    )
    return replace(facts, checked=replace(facts.checked, report=replace(facts.checked.report, findings=findings)))


def test_a_command_is_seen_with_its_words_and_who_gave_it_when(little, asked):
    (command,) = asked.commands
    assert (command.name, command.words, command.by, command.may, command.named) == ("apply", " 2", "ada", True, True)
    assert command.at.timestamp() == int(little.github.comments(REPOSITORY, 1)[-1].created)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("/accession apply", ""),
        ("Yes.\r\n/accession apply 1 2\r\nThanks", " 1 2"),
        ("/accession apply all please", " all please"),
    ],
)
def test_the_words_are_those_of_its_line(little, desk, asked, body, words):
    little.github.comment(REPOSITORY, 1, login="curator", body=body)
    assert seen(desk).commands[-1].words == words


@pytest.mark.parametrize(
    "body", ["> /accession apply all", "say `/accession apply all`", " /accession apply all", "x/accession apply"]
)
def test_what_is_quoted_is_no_command(little, desk, asked, body):
    little.github.comment(REPOSITORY, 1, login="curator", body=body)
    assert len(seen(desk).commands) == 1


def test_only_maintainers_of_the_rdf_and_people_of_the_policy_may(little, desk, asked):
    for login in ("curator", "mallory", "zoo"):
        little.github.comment(REPOSITORY, 1, login=login, body="/accession apply all")
    assert [(c.may, c.named) for c in seen(desk).commands] == [
        (True, True),
        (True, False),
        (False, False),
        (False, False),
    ]


def test_more_maintainers_may_than_are_mentioned(little, desk):
    people = "".join(f"- {{name: M{n}, github_user: m{n}}}\n" for n in range(8))
    for n in range(8):
        little.github.add_user(f"m{n}")
    content = rdf(extra=MISTAKES).replace(b"- {name: Ada, github_user: ada}\n", people.encode(), 1)
    little.publish({"rdf.yaml": content})
    little.go(desk)
    assert len(seen(desk).checked.mentions) == 5
    little.github.comment(REPOSITORY, 1, login="m7", body="/accession apply all")
    little.github.comment(REPOSITORY, 1, login="m7", body="/accession recheck")
    assert [c.may for c in seen(desk).commands] == [True, False]


def test_one_commit_on_the_checked_head(little, desk, asked):
    assert apply_suggestions(desk, asked, apply(asked, 2)) == ""
    now = seen(desk)
    assert desk.github.commit(now.pull.head_sha).parents == (asked.pull.head_sha,)
    assert now.applied == (Applied(asked.commands[0].comment, ((11, 11),)),)
    assert now.committers == frozenset()


def test_the_same_command_makes_the_same_commit(little, desk, asked, monkeypatch):
    made = []
    monkeypatch.setattr(desk.github, "update_ref", lambda name, sha: made.append((name, sha)) or True)
    for _ in range(2):
        apply_suggestions(desk, asked, apply(asked, 1, 2))
    assert made[0] == made[1]
    assert made[0][0] == f"heads/{asked.pull.head_branch}"


def test_the_role_is_read_for_people_of_the_policy_alone(little, desk, asked):
    curator = {"by": "curator", "named": False}
    little.github.add_collaborator(REPOSITORY, "curator", "read")
    assert apply_suggestions(desk, asked, apply(asked, 1, **curator)) == words.reply_no_role("curator")
    little.github.add_collaborator(REPOSITORY, "curator", "write")
    assert apply_suggestions(desk, asked, apply(asked, 1, **curator)) == ""


def test_lines_that_say_so_already_are_left(desk, asked):
    same = with_text(asked, "one: bad # write good", "two: good")
    assert apply_suggestions(desk, same, apply(asked, 1)) == words.reply_same()


def test_lines_that_are_not_there_are_said(desk, asked):
    report = asked.checked.report
    beyond = replace(report.findings[0], suggestion=Suggestion(400, 401, "x"))
    odd = replace(asked, checked=replace(asked.checked, report=replace(report, findings=(beyond,))))
    assert apply_suggestions(desk, odd, apply(asked, 1)) == words.reply_changed()


def test_a_head_that_moved_refuses_the_commit(little, desk, asked):
    path = f"{asked.place.folder}/rdf.yaml"
    tip = little.github.commit_files(REPOSITORY, asked.pull.head_branch, {path: rdf()}, author="curator")
    assert apply_suggestions(desk, asked, apply(asked, 1)) == words.reply_moved()
    assert seen(desk).pull.head_sha == tip


def test_what_github_forbids_is_said_and_what_it_does_not_answer_is_unknown(desk, asked, monkeypatch):
    for error, answer in (
        (GatewayError("No.", reason="forbidden", transient=False, status=403), words.reply_moved()),
        (UnknownOutcomeError("No answer."), None),
    ):

        def fail(*_args, error=error):
            raise error

        monkeypatch.setattr(desk.github, "update_ref", fail)
        if answer is None:
            with pytest.raises(UnknownOutcomeError):
                apply_suggestions(desk, asked, apply(asked, 1))
        else:
            assert apply_suggestions(desk, asked, apply(asked, 1)) == answer


def test_without_a_verdict_nothing_is_done(desk, asked):
    assert apply_suggestions(desk, replace(asked, checked=None), apply(asked, 1)) == ""
    assert seen(desk).pull.head_sha == asked.pull.head_sha


def test_without_database_the_check_is_made_again_before_it_counts(little, asked):
    little.lose_database()
    desk = little.start()
    assert seen(desk).commands[0].may, "everybody named in the RDF seems to be a maintainer until then"
    little.go(desk)
    assert seen(desk).applied


def test_an_author_who_is_no_maintainer_may_not_even_without_database(little, desk):
    content = rdf(extra=MISTAKES).replace(b"authors:\n- {name: Ada}", b"authors:\n- {name: M, github_user: mallory}")
    little.publish({"rdf.yaml": content})
    little.go(desk)
    little.later()
    little.github.comment(REPOSITORY, 1, login="mallory", body="/accession apply all")
    little.lose_database()
    desk = little.start()
    little.go(desk)
    little.go(desk)
    assert seen(desk).applied == ()
    assert "`mallory` may not ask for it" in little.github.comments(REPOSITORY, 1)[-1].body


def test_a_check_kept_by_an_earlier_version_names_the_mentioned_alone(little, desk, asked):
    row = desk.store.get("checks", asked.check_key)
    desk.store.put("checks", asked.check_key, {name: value for name, value in row.items() if name != "maintainers"})
    found = seen(desk)
    assert found.checked.maintainers == ()
    assert found.commands[0].may


def test_a_commit_in_a_fork_that_claims_to_be_ours_is_not(little, desk):
    fork = little.github.fork(REPOSITORY, "mallory")
    files = {"collection/entries/my-model/1/rdf.yaml": rdf(extra=MISTAKES)}
    claim = "Apply suggestion 1 to my-model 1\n\nLines: 1-1\nCommand: 700002\n"
    little.github.commit_files(fork, "mine", files, author="mallory", message=claim)
    little.github.open_pull(REPOSITORY, "mallory:mine", login="mallory", title="Mine")
    assert seen(desk).applied == ()
