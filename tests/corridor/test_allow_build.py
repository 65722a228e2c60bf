"""Allowing a build, one step at a time: what is written below the report, and what is answered where nothing was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.corridor.allow_build import allow_build
from bot.corridor.checks_kept import check_key
from bot.corridor.observe_pull import observe_pull
from bot.feedback.state_block import unseal
from bot.records import decision as do
from bot.words import building as words
from tests.journeys.conftest import REPOSITORY, rdf

OK = "/accession ok-to-build"


@pytest.fixture
def desk(little):
    return little.start()


@pytest.fixture
def asked(little, desk):
    """A report on weights that wait, and a maintainer's command that nobody has looked at."""
    little.publish({"rdf.yaml": rdf("waits")})
    little.go(desk)
    little.later()
    little.github.comment(REPOSITORY, 1, login="curator", body=OK)
    return seen(desk)


def seen(desk):
    facts = observe_pull(desk, 1)
    assert facts is not None
    return facts


def action(facts, **changes):
    return replace(do.AllowBuild(facts.commands[0], facts.state.content_hash), **changes)


def test_the_state_is_signed_anew_below_the_same_text(little, desk, asked):
    before = little.report(1)
    assert allow_build(desk, asked, action(asked)) == ""
    found, intact = unseal(little.report(1), desk.state_key, desk.where(1))
    assert intact
    assert found == replace(asked.state, build=asked.state.content_hash)
    assert (
        little.report(1).partition("<!-- accession:report -->")[0] == before.partition("<!-- accession:report -->")[0]
    )


def test_the_check_has_another_key_from_then_on(desk, asked):
    allow_build(desk, asked, action(asked))
    after = seen(desk)
    assert after.check_key != asked.check_key
    assert after.checked is None


def test_the_key_says_for_which_content():
    keys = {check_key("source", "rdf", "image", "policy", build) for build in ("", "a" * 64, "b" * 64)}
    assert len(keys) == 3
    assert check_key("source", "rdf", "image", "policy") in keys


def test_without_write_access_nothing_is_allowed(little, desk, asked):
    little.github.add_collaborator(REPOSITORY, "curator", "triage")
    assert allow_build(desk, asked, action(asked)) == words.reply_no_role("curator")
    assert seen(desk).state.build == ""


@pytest.mark.parametrize("changes", [{"state": None}, {"comment": None}])
def test_where_no_report_stands_nothing_is_allowed(desk, asked, changes):
    assert allow_build(desk, replace(asked, **changes), action(asked)) == words.reply_moved()
    assert seen(desk).state.build == ""


def test_what_was_reported_on_other_content_is_not_allowed(desk, asked):
    assert allow_build(desk, asked, action(asked, content_hash="0" * 64)) == words.reply_moved()
    assert seen(desk).state.build == ""


@pytest.mark.parametrize(
    ("body", "name"),
    [(OK, "ok-to-build"), (f"{OK} please", "ok-to-build"), ("/accession ok", "ok"), ("/accession ok-to-", "ok-to"),
     ("/accession apply-all", "apply-all")],
)  # fmt: skip
def test_how_a_command_is_named(little, desk, asked, body, name):
    little.github.comment(REPOSITORY, 1, login="curator", body=body)
    assert seen(desk).commands[-1].name == name
