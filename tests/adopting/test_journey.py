"""A new repository adopts the bot with what `accession init` wrote, and an upload goes the whole road in it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.adopting.permissions import permissions
from bot.cli import main
from bot.errors import ConfigError
from bot.gateways.github_api import GitHubApi
from bot.pipeline import poll
from tests.journeys.conftest import Little, little_world, rdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bot.corridor.desk import Desk

FRESH = "zoo/fresh"
POLICY = "collection/accession.yaml"
PIN = "bioimage-io/accession@" + "0123456789" * 4
BOT = "github-actions[bot]"


@pytest.fixture
def little(tmp_path: Path) -> Iterator[Little]:
    with little_world(tmp_path) as world:
        yield world


def initialised(folder: Path, *words: str) -> dict[str, bytes | str]:
    """The files of a new repository whose owner ran the command in it."""
    checkout = folder / "checkout"
    checkout.mkdir()
    (checkout / "README.md").write_text("A zoo.\n")
    assert main(["init", FRESH, "--output", str(checkout), "--accession", PIN, *words], {}) == 0
    return {str(p.relative_to(checkout)): p.read_bytes() for p in checkout.rglob("*") if p.is_file()}


def adopted(little: Little, files: Mapping[str, bytes | str]) -> Desk:
    """A bot with the token of Actions, limited to what the workflow grants."""
    little.github.create_repository(FRESH, files, private=True)
    little.github.add_collaborator(FRESH, "curator", "write")
    little.github.add_token(BOT, "of-actions", kind="actions", permissions=permissions("actions"))
    desk = little.start(token="of-actions", bot_login=BOT)
    transport = desk.github._t  # type: ignore[attr-defined]
    return replace(desk, repository=FRESH, github=GitHubApi(transport, FRESH, bot_login=BOT))


def curator(little: Little) -> str:
    return f"curator:{little.github.add_user('curator').id}"


def test_an_upload_is_proposed_approved_merged_and_published(little: Little, tmp_path: Path) -> None:
    desk = adopted(little, initialised(tmp_path, "--curator", curator(little), "--keyword", "bioimage.io"))
    little.publish({"rdf.yaml": rdf()})
    little.go(desk)
    (pull,) = little.github.pulls(FRESH)
    assert pull.labels == ("awaiting review",)
    little.later()
    little.github.review(FRESH, pull.number, login="curator")
    little.go(desk)
    assert little.github.pull(FRESH, pull.number).labels == ("merged",)
    collection = json.loads(little.github.file(FRESH, "collection/collection.json") or b"")
    assert collection["name"] == "fresh"
    assert len(collection["entries"]) == 1
    assert [r.path for r in little.github.requests if r.status == 403] == []


def test_where_main_takes_no_direct_commits_it_is_published_beside(little: Little, tmp_path: Path) -> None:
    words = ("--curator", curator(little), "--keyword", "bioimage.io", "--publish-branch", "published")
    desk = adopted(little, initialised(tmp_path, *words))
    little.github.protect_branch(FRESH)
    little.github.commit_files(FRESH, "published", {"collection/README.md": "Published.\n"}, author="zoo")
    little.publish({"rdf.yaml": rdf()})
    little.go(desk)
    little.later()
    little.github.review(FRESH, 1, login="curator")
    little.go(desk)
    assert little.github.pull(FRESH, 1).merged
    assert little.github.file(FRESH, "collection/collection.json") is None
    assert little.github.file(FRESH, "collection/collection.json", "published") is not None


def test_with_main_protected_and_no_branch_beside_nothing_is_published(little: Little, tmp_path: Path) -> None:
    """Why the settings' chapter on branches is there."""
    desk = adopted(little, initialised(tmp_path, "--curator", curator(little), "--keyword", "bioimage.io"))
    little.github.protect_branch(FRESH)
    little.publish({"rdf.yaml": rdf()})
    little.go(desk)
    little.later()
    little.github.review(FRESH, 1, login="curator")
    little.go(desk)
    assert little.github.pull(FRESH, 1).merged
    assert little.github.file(FRESH, "collection/collection.json") is None


def test_with_a_placeholder_left_the_bot_opens_nothing_and_says_which(little: Little, tmp_path: Path) -> None:
    desk = adopted(little, initialised(tmp_path, "--keyword", "bioimage.io"))
    little.publish({"rdf.yaml": rdf()})
    with pytest.raises(ConfigError, match="people/0/id"):
        list(poll(desk))
    little.go(desk)
    assert little.github.pulls(FRESH) == []
