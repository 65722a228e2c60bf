"""Suggestions on lines, one step at a time: what stands there, what GitHub refuses, what a person did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.corridor import line_suggestions
from bot.corridor.act_pull import act
from bot.corridor.observe_pull import observe_pull
from bot.errors import GatewayError
from bot.records import decision as do
from tests.journeys.conftest import REPOSITORY, rdf

MISTAKES = "one: bad # write good\ntwo: bad # write good\n"


@pytest.fixture
def desk(little):
    return little.start()


@pytest.fixture
def reported(little, desk):
    little.publish({"rdf.yaml": rdf(extra=MISTAKES)})
    little.go(desk)
    return little


def seen(desk):
    facts = observe_pull(desk, 1)
    assert facts is not None
    return facts


def notes(little):
    return little.github.review_comments(REPOSITORY, 1)


def test_blocks_are_known_by_author_and_marker(reported, desk):
    first, second = (block.comment for block in seen(desk).blocks)
    path, body = notes(reported)[0].path, notes(reported)[0].body
    reported.github.comment_on_line(REPOSITORY, 1, path, 1, login="curator", body=body)
    reported.github.comment_on_line(REPOSITORY, 1, path, 1, login="accession", body="No marker.")
    assert [block.comment for block in seen(desk).blocks] == [first, second]


def test_the_diff_shows_all_lines_of_a_new_file(reported, desk):
    assert seen(desk).shown == ((1, 11),)


def test_where_there_can_be_none_nothing_is_asked(little, desk):
    little.publish({"rdf.yaml": rdf()})
    little.go(desk)
    before = len(little.github.requests)
    assert seen(desk).blocks == ()
    assert not [r for r in little.github.requests[before:] if r.path.endswith("/pulls/1/comments?per_page=100")]


def test_they_are_looked_for_once_they_were_posted_although_nothing_is_suggested_now(reported, desk):
    head = reported.github.pull(REPOSITORY, 1).head_ref
    path = notes(reported)[0].path
    reported.github.commit_files(REPOSITORY, head, {path: rdf()}, author="ada")
    reported.go(desk)
    assert len(seen(desk).blocks) == 2
    assert seen(desk).state.offered == ""


def test_what_github_refuses_is_given_up_on_this_head_and_costs_nothing_else(little, desk, monkeypatch):
    def refuse(*_args, **_given):
        tried.append(1)
        raise GatewayError("Line could not be resolved", reason="refused", transient=False, status=422)

    tried: list[int] = []
    monkeypatch.setattr(desk.github, "create_review", refuse)
    little.publish({"rdf.yaml": rdf(extra=MISTAKES)})
    little.go(desk)
    little.go(desk)
    assert tried == [1]
    assert little.github.pull(REPOSITORY, 1).labels == ("needs changes",)
    assert "#### Suggestions (2)" in little.report(1)
    head, path = little.github.pull(REPOSITORY, 1).head_ref, f"{seen(desk).place.folder}/rdf.yaml"
    little.github.commit_files(REPOSITORY, head, {path: rdf(extra=f"{MISTAKES}more: 1\n")}, author="ada")
    little.go(desk)
    assert len(tried) >= 2, "tried again on another head"


def test_a_limit_is_no_refusal(little, desk, monkeypatch):
    little.publish({"rdf.yaml": rdf(extra=MISTAKES)})
    create, limited = desk.github.create_review, [1]

    def busy(*args, **given):
        if limited:
            limited.pop()
            raise GatewayError("GitHub asks for a pause.", reason="rate-limited", transient=True, status=403)
        create(*args, **given)

    monkeypatch.setattr(desk.github, "create_review", busy)
    little.go(desk)
    little.go(desk)
    assert len(notes(little)) == 2


@pytest.mark.parametrize("end", ["\r", "\x85", "\u2028"])
def test_where_lines_are_not_told_apart_safely_nothing_is_posted(little, desk, end):
    """YAML counts these as ends of lines, git and GitHub do not."""
    head = f"# a comment{end}# more\n".encode()
    little.publish({"rdf.yaml": head + rdf(extra=MISTAKES)})
    little.go(desk)
    little.later()
    assert notes(little) == []
    assert "#### Suggestions (2)" in little.report(1)
    little.github.comment(REPOSITORY, 1, login="ada", body="/accession apply all")
    little.go(desk)
    assert "Change them by hand." in little.github.comments(REPOSITORY, 1)[-1].body


def test_settling_twice_is_settling_once(reported, desk):
    facts = seen(desk)
    action = do.SettleThreads(frozenset({facts.blocks[1].key}), "a name")
    for _ in range(2):
        act(action, desk, facts)
    assert [note.resolved for note in notes(reported)] == [True, False]
    assert len([w for w in reported.github.writes if w.path == "/graphql"]) == 1
    assert line_suggestions.settled(desk, 1) == "a name"


def test_what_may_not_be_resolved_is_not_tried_at_every_look(reported, desk, monkeypatch):
    def refuse(**_given):
        tried.append(1)
        raise GatewayError("Resource not accessible", reason="graphql", transient=False)

    tried: list[int] = []
    monkeypatch.setattr(desk.github, "set_threads", refuse)
    reported.later()
    reported.github.comment(REPOSITORY, 1, login="ada", body="/accession apply all")
    for _ in range(3):
        reported.go(desk)
    assert tried == [1]
    assert reported.github.pull(REPOSITORY, 1).labels == ("awaiting review",)


def test_a_lost_answer_to_resolving_is_looked_at_again(reported, desk):
    reported.later()
    reported.github.comment(REPOSITORY, 1, login="ada", body="/accession apply all")
    reported.github_faults.add("cut-after", method="POST", path="/graphql", after=1)
    for _ in range(3):
        reported.go(desk)
    assert [note.resolved for note in notes(reported)] == [True, True]


def test_doubles_are_taken_away_and_the_lowest_stays(reported, desk):
    facts = seen(desk)
    act(do.Suggest(tuple(block.key for block in facts.blocks)), desk, facts)
    assert len(notes(reported)) == 4
    kept = {block.comment for block in facts.blocks}
    reported.go(desk)
    assert {note.id for note in notes(reported)} == kept


def test_facts_without_a_verdict_or_place_post_nothing(reported, desk):
    facts = seen(desk)
    for bare in (replace(facts, checked=None), replace(facts, place=None)):
        line_suggestions.post(desk, bare, do.Suggest(("x",)))
    assert len(notes(reported)) == 2
