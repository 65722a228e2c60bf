"""One upload becomes one pull request, whatever happened before and whoever is faster."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from bot.errors import GatewayError, UnknownOutcomeError
from bot.proposal import naming
from bot.proposal.entry_file import entry
from bot.proposal.open_pull_request import Proposal, id_owner, open_pull_request, owned_id, reserve_by_hand
from bot.proposal.pull_request_text import title
from bot.records.facts import Place
from tests.fakes.facts import submission, upload
from tests.gateways.github_doors import ZOO, Doors, doors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONCEPT = "zenodo-1000"
NAMES = list(islice(naming.candidates(CONCEPT), 4))
BRANCH = naming.branch(upload())


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path) as opened:
        yield opened


def proposal(claimed: str | None = None, concept: str = CONCEPT, **changes: object) -> Proposal:
    found = upload(**changes)
    return Proposal(
        upload=found,
        concept=concept,
        claimed=claimed,
        files=lambda place: {
            "entry.yaml": entry(place, found, submission(), concept=concept, source="5" * 64),
            "rdf.yaml": b"name: x\n",
        },
        title=title,
        body=lambda place: f"About {place.id}",
    )


def reserve(hub: Doors, entry_id: str, concept: str) -> None:
    """As another upload, or another bot, would."""
    sha = hub.world.commit_files(
        ZOO, f"by-{concept}", {"x": entry_id}, author="zoo", message=f"Reserve {entry_id}\n\nConcept: {concept}\n"
    )
    assert hub.api.create_ref(naming.id_tag(entry_id), sha)


def proposed_id(hub: Doors, number: int) -> str:
    return hub.world.pull(ZOO, number).title.split()[0]


def test_it_reserves_an_id_commits_both_files_and_opens(hub):
    number = open_pull_request(hub.api, "zoo", proposal())
    found = hub.world.pull(ZOO, number)
    assert (found.title, found.body, found.head_ref) == (f"{NAMES[0]} 1001", f"About {NAMES[0]}", BRANCH)
    folder = f"collection/entries/{NAMES[0]}/1001"
    assert hub.world.file(ZOO, f"{folder}/rdf.yaml", BRANCH) == b"name: x\n"
    assert json.loads(hub.world.file(ZOO, f"{folder}/entry.yaml", BRANCH))["id"] == NAMES[0]
    assert hub.world.refs(ZOO)[f"refs/tags/id/{NAMES[0]}"] == found.head_sha
    assert id_owner(hub.api, NAMES[0]) == CONCEPT
    assert hub.counted("write") == 5


def test_again_it_finds_what_stands_and_writes_nothing(hub):
    number = open_pull_request(hub.api, "zoo", proposal())
    writes = hub.counted("write")
    assert open_pull_request(hub.api, "zoo", proposal()) == number
    hub.world.close_pull(ZOO, number, login="curator")
    assert open_pull_request(hub.api, "zoo", proposal()) == number
    assert hub.counted("write") == writes


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("fault", ["error-before", "cut-before", "error-after", "cut-after"])
def test_interrupted_at_any_write_the_next_run_completes_it(hub, at, fault):
    hub.faults.add(fault, method="POST", after=at)
    with suppress(UnknownOutcomeError):
        open_pull_request(hub.api, "zoo", proposal())
    number = open_pull_request(hub.api, "zoo", proposal())
    assert [p.number for p in hub.world.pulls(ZOO)] == [number]
    assert proposed_id(hub, number) == NAMES[0]
    tags = [name for name in hub.world.refs(ZOO) if name.startswith("refs/tags/")]
    assert tags == [f"refs/tags/id/{NAMES[0]}"]


def test_a_pull_request_whose_answer_was_lost_is_found_at_once(hub):
    hub.faults.add("cut-after", method="POST", path="/pulls$")
    number = open_pull_request(hub.api, "zoo", proposal())
    assert [p.number for p in hub.world.pulls(ZOO)] == [number]


def test_a_pull_request_that_was_never_made_is_an_error(hub):
    hub.faults.add("cut-before", method="POST", path="/pulls$")
    with pytest.raises(UnknownOutcomeError):
        open_pull_request(hub.api, "zoo", proposal())
    assert hub.world.pulls(ZOO) == []


def test_an_id_of_another_concept_is_left_to_it(hub):
    reserve(hub, NAMES[0], "zenodo-7")
    reserve(hub, NAMES[1], "zenodo-8")
    assert proposed_id(hub, open_pull_request(hub.api, "zoo", proposal())) == NAMES[2]
    assert id_owner(hub.api, NAMES[0]) == "zenodo-7"


def test_a_tag_that_is_not_ours_is_taken(hub):
    hub.api.create_ref(naming.id_tag(NAMES[0]), hub.main)
    assert id_owner(hub.api, NAMES[0]) == ""
    assert proposed_id(hub, open_pull_request(hub.api, "zoo", proposal())) == NAMES[1]


def test_when_somebody_is_faster_at_the_last_moment_the_next_name_is_tried(hub, monkeypatch):
    create = hub.api.create_ref

    def race(name: str, sha: str) -> bool:
        if name == naming.id_tag(NAMES[0]) and id_owner(hub.api, NAMES[0]) is None:
            reserve(hub, NAMES[0], "zenodo-7")
        return create(name, sha)

    monkeypatch.setattr(hub.api, "create_ref", race)
    monkeypatch.setattr(
        "tests.proposal.test_open_pull_request.reserve",
        lambda hub, name, concept: create(
            naming.id_tag(name),
            hub.world.commit_files(
                ZOO, "faster", {"x": name}, author="zoo", message=f"Reserve\n\nConcept: {concept}\n"
            ),
        ),
    )
    number = open_pull_request(hub.api, "zoo", proposal())
    assert proposed_id(hub, number) == NAMES[1]
    assert id_owner(hub.api, NAMES[0]) == "zenodo-7"


def test_another_run_of_the_same_upload_that_was_faster_is_no_loss(hub, monkeypatch):
    create = hub.api.create_ref

    def twin(name: str, sha: str) -> bool:
        create(name, sha)
        return create(name, sha)

    monkeypatch.setattr(hub.api, "create_ref", twin)
    assert proposed_id(hub, open_pull_request(hub.api, "zoo", proposal())) == NAMES[0]


def test_no_free_name_is_said(hub, monkeypatch):
    monkeypatch.setattr("bot.proposal.naming._CANDIDATES", 1)
    reserve(hub, NAMES[0], "zenodo-7")
    with pytest.raises(GatewayError) as found:
        open_pull_request(hub.api, "zoo", proposal())
    assert (found.value.reason, found.value.transient) == ("no-free-id", False)


def test_the_next_version_takes_the_same_name(hub):
    first = open_pull_request(hub.api, "zoo", proposal())
    second = open_pull_request(hub.api, "zoo", proposal(record="1005", files=upload().files[:1]))
    assert second != first
    assert hub.world.pull(ZOO, second).title == f"{NAMES[0]} 1005"


@pytest.mark.parametrize(
    ("owner", "name"),
    [(CONCEPT, "happy-seal"), ("zenodo-7", NAMES[0]), (None, NAMES[0])],
    ids=["its own", "another's", "nobody's"],
)
def test_a_claimed_name_is_honoured_only_for_the_concept_that_owns_it(hub, owner, name):
    if owner:
        reserve(hub, "happy-seal", owner)
    assert proposed_id(hub, open_pull_request(hub.api, "zoo", proposal(claimed="happy-seal"))) == name


@pytest.mark.parametrize("claimed", ["../../x", "10.5281/zenodo.1", "UPPER", "", "a b", "@everyone"])
def test_a_claim_that_is_no_name_is_not_even_looked_up(hub, claimed):
    assert proposed_id(hub, open_pull_request(hub.api, "zoo", proposal(claimed=claimed))) == NAMES[0]


def test_a_branch_without_pull_request_is_completed_with_its_own_place(hub):
    sha = hub.api.create_commit(
        parent=hub.main, files={"x": b"x"}, message="Add happy-seal 1001\n\nConcept: c\n", when=upload().updated
    )
    hub.api.create_ref(f"heads/{BRANCH}", sha)
    assert proposed_id(hub, open_pull_request(hub.api, "zoo", proposal())) == "happy-seal"


@pytest.mark.parametrize("message", ["Something else entirely", "Add happy-seal UPPER", "x"])
def test_a_branch_that_says_nothing_is_proposed_by_its_concept(hub, message):
    hub.world.commit_files(ZOO, BRANCH, {"x": "x"}, author="curator", message=message)
    assert proposed_id(hub, open_pull_request(hub.api, "zoo", proposal())) == NAMES[0]


# what a concept owns


def test_the_name_that_a_concept_owns_is_found_behind_those_of_others(hub):
    assert owned_id(hub.api, CONCEPT) is None
    reserve(hub, NAMES[0], "zenodo-7")
    assert owned_id(hub.api, CONCEPT) is None
    reserve(hub, NAMES[1], CONCEPT)
    assert owned_id(hub.api, CONCEPT) == NAMES[1]


def test_a_concept_whose_candidates_are_all_taken_owns_none(hub, monkeypatch):
    monkeypatch.setattr("bot.proposal.naming._CANDIDATES", 1)
    reserve(hub, NAMES[0], "zenodo-7")
    assert owned_id(hub.api, CONCEPT) is None


def test_a_hand_made_entry_reserves_its_name_once(hub):
    place = Place("my-model", "1")
    assert reserve_by_hand(hub.api, place, "github-my-model") is True
    assert id_owner(hub.api, "my-model") == "github-my-model"
    writes = hub.counted("write")
    assert reserve_by_hand(hub.api, place, "github-my-model") is True
    assert reserve_by_hand(hub.api, place, "zenodo-7") is False
    assert hub.counted("write") == writes
