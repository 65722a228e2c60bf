"""Names that follow from what a thing is, the same in every run and on every machine."""

import re
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.proposal import naming
from bot.records.facts import Place
from bot.records.submission import UploadFile
from tests.fakes.facts import PLACE, upload


def test_the_source_hash_stays_what_it_was_in_older_versions():
    """It names branches that stand on GitHub: changing it would propose everything again."""
    assert naming.source_hash(upload()) == "b8be4326b2b9329342938bb8bfc6a7db7a3f31a760a8aa3368bbea3332e49819"
    assert naming.branch(upload()) == "accession/zenodo-1000/b8be4326b2b93293"
    assert list(islice(naming.candidates("zenodo-1000"), 3)) == ["lucid-duck", "placid-cougar", "comfy-gecko"]


def test_metadata_and_a_new_number_are_the_same_source():
    same = upload(
        title="Other", record="1002", updated=upload().updated.replace(year=2025), keywords=(), url=None, doi=None
    )
    assert naming.source_hash(same) == naming.source_hash(upload())


@pytest.mark.parametrize(
    "change",
    [
        {"concept": "2000"},
        {"archive": "other"},
        {"files": upload().files[:1]},
        {"files": (replace(upload().files[0], md5="9" * 32), upload().files[1])},
        {"files": (replace(upload().files[0], name="model.yaml"), upload().files[1])},
        {"files": (replace(upload().files[0], size=121), upload().files[1])},
    ],
)
def test_another_concept_or_other_files_are_another_source(change):
    assert naming.source_hash(upload(**change)) != naming.source_hash(upload())


def test_files_without_checksum_have_a_name_too():
    assert naming.source_hash(upload(files=(UploadFile("a", "u", 1, None),)))


def test_a_branch_tells_concept_and_source():
    name = naming.branch(upload())
    assert naming.is_ours(name)
    assert naming.concept_prefix(name) == naming.branch_prefix("zenodo", "1000") == "accession/zenodo-1000/"
    assert name == naming.concept_prefix(name) + naming.source_key(name)
    assert not naming.branch_prefix("zenodo", "1000").startswith(naming.branch_prefix("zenodo", "100"))


@pytest.mark.parametrize(
    "name", ["main", "accession", "accession/x", "accession/a/b/c", "Accession/a/b", "x/accession/b"]
)
def test_other_branches_are_not_ours(name):
    assert not naming.is_ours(name)


def test_candidates_are_adjective_animal_the_same_each_time():
    first = list(naming.candidates("zenodo-1000"))
    assert first == list(naming.candidates("zenodo-1000"))
    assert len(first) == 64
    assert len(set(first)) > 60
    assert all(re.fullmatch(r"[a-z]+-[a-z]+", name) and naming.PART.fullmatch(name) for name in first)
    assert list(islice(naming.candidates("zenodo-1001"), 5)) != first[:5]


def test_no_word_is_twice_or_unfit_for_a_path():
    adjectives, animals = naming._words()
    assert len(set(adjectives)) == len(adjectives) > 100
    assert len(set(animals)) == len(animals) > 100
    assert len(adjectives) * len(animals) > 20_000


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("collection/entries/brave-otter/1001/rdf.yaml", PLACE),
        ("collection/entries/brave-otter/1001/deep/er/file", PLACE),
        ("collection/entries/a.b/1.0-x/rdf.yaml", Place("a.b", "1.0-x")),
        ("collection/entries/brave-otter/1001", None),
        ("collection/entries/brave-otter/rdf.yaml", None),
        ("collection/entries/Brave/1001/rdf.yaml", None),
        ("collection/entries/brave/1 0/rdf.yaml", None),
        ("collection/entries/" + "a" * 65 + "/1/rdf.yaml", None),
        ("collection/entries//1/rdf.yaml", None),
        ("x/collection/entries/a/1/rdf.yaml", None),
        ("README.md", None),
    ],
)
def test_a_path_lies_in_a_place_or_in_none(path, place):
    assert naming.place_of(path) == place


@pytest.mark.parametrize("part", [".", "..", "...", ".a", "a.", "a..b", "a.lock"])
def test_a_place_never_climbs_and_always_names_a_tag_that_git_takes(part):
    assert naming.place_of(f"collection/entries/{part}/1/rdf.yaml") is None
    assert naming.place_of(f"collection/entries/a/{part}/rdf.yaml") is None


@given(st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True), st.from_regex(r"[0-9]{1,12}", fullmatch=True))
def test_a_place_is_found_again_from_its_folder(entry_id, version):
    place = Place(entry_id, version)
    assert naming.place_of(f"{place.folder}/rdf.yaml") == place


def test_messages_carry_ids_only_and_their_concept_is_read_again():
    message = naming.commit_message(PLACE, "zenodo-1000", "abc")
    assert message == "Add brave-otter 1001\n\nConcept: zenodo-1000\nSource: abc\n"
    assert naming.concept_of(message) == "zenodo-1000"
    assert naming.concept_of(naming.reservation_message("brave-otter", "github-brave-otter")) == "github-brave-otter"
    assert naming.concept_of("Merge\n\nNo trailer") is None
    assert naming.concept_of("") is None
    assert naming.id_tag("brave-otter") == "tags/id/brave-otter"


def test_a_source_without_upload_is_named_after_its_text():
    assert naming.text_hash("github-a") != naming.text_hash("github-b")
    assert re.fullmatch(r"[0-9a-f]{64}", naming.text_hash("github-a"))
