"""A dry run says every write and makes none: not on GitHub, not in the mailbox, not in the local database."""

from __future__ import annotations

from dataclasses import replace

from bot import pipeline
from bot.gateways.dry_run import DryRunGitHub, DryRunNotifier
from bot.gateways.store_overlay import OverlayStore
from tests.journeys.conftest import REPOSITORY, Little, rdf


def dry(desk, said: list[str]):
    github, notifier = DryRunGitHub(desk.github, said.append), DryRunNotifier(said.append)
    return replace(desk, github=github, notifier=notifier, store=OverlayStore(desk.store))


def test_a_proposal_is_narrated(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()})
    desk, said = little.start(), []
    little.go(dry(desk, said))
    assert any("would create pull" in line for line in said)
    assert little.github.writes == []
    assert desk.store.items("uploads") == {}
    assert desk.store.get("poll", "cursor") is None
    little.go(desk)
    assert len(little.github.pulls(REPOSITORY)) == 1


def test_a_pull_request_that_needs_writes_is_narrated_once(little: Little) -> None:
    little.publish({"rdf.yaml": rdf()})
    desk = little.start()
    list(pipeline.poll(desk))
    before, said = len(little.github.writes), []
    little.go(dry(desk, said))
    assert sum("would create comment" in line for line in said) == 1
    assert any("would set labels" in line for line in said)
    assert len(little.github.writes) == before
    assert little.mail.messages == []


def test_a_pull_request_against_another_branch_is_not_merged(little: Little) -> None:
    tip = little.github.refs(REPOSITORY)["refs/heads/main"]
    assert tip
    little.github.commit_files(REPOSITORY, "other", {"README.md": "other\n"}, author="curator")
    fork = little.github.fork(REPOSITORY, "mallory")
    little.github.commit_files(fork, "mine", {"collection/entries/my-model/1/rdf.yaml": rdf()}, author="mallory")
    number = little.github.open_pull(REPOSITORY, "mallory:mine", login="mallory", title="x", base="other")
    desk = little.start()
    little.go(desk)
    little.approve(number)
    little.go(desk)
    assert not little.github.pull(REPOSITORY, number).merged
    assert little.github.labels(REPOSITORY, number) == ("blocked",)
