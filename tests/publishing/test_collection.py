"""collection.json: deterministic, sorted, strict, fit for its schema."""

import copy
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import plain_json
from bot.proposal.entry_file import entry
from bot.publishing.collection import collection, natural
from bot.records.facts import Place
from tests.fakes.facts import submission, upload


def one(entry_id="brave-otter", version="1001", **resource):
    content = entry(
        Place(entry_id, version), upload(record=version), submission(**resource), concept="c", source="5" * 64
    )
    return {**json.loads(content), "rdf_sha256": "6" * 64}


def made(*entries, hidden=frozenset()):
    return json.loads(collection("Zoo", entries, hidden))


def test_it_fits_its_schema_as_strict_json():
    content = collection("Zoo", [one(), one(version="999"), one("calm-seal", "7")])
    data = plain_json.loads(content)
    assert plain_json.validate(data, "collection") == data
    assert content.endswith(b"}\n")


def test_an_empty_collection_is_one_too():
    data = made()
    assert plain_json.validate(data, "collection") == data
    assert data == {"schema": "accession/collection/1", "name": "Zoo", "entries": []}


def test_the_order_of_what_was_found_does_not_matter():
    entries = [one("calm-seal", str(n)) for n in range(8, 13)] + [one(), one("airy-ant", "3")]
    first = collection("Zoo", entries)
    random.Random(1).shuffle(entries)
    assert collection("Zoo", entries) == first


def test_entries_are_sorted_and_versions_newest_first_by_number():
    data = made(one("b", "9"), one("b", "10"), one("a", "1"), one("b", "2.9"), one("b", "2.10"))
    assert [found["id"] for found in data["entries"]] == ["a", "b"]
    assert [version["version"] for version in data["entries"][1]["versions"]] == ["10", "9", "2.10", "2.9"]


def test_the_newest_version_describes_the_entry():
    data = made(one(version="9", name="Old"), one(version="10", name="New"))
    assert data["entries"][0]["name"] == "New"
    assert data["entries"][0]["concept"] == "1000"


def test_files_with_an_address_are_absolute():
    (found,) = made(one())["entries"]
    assert found["covers"] == ["https://zenodo.example/cover"]
    assert found["documentation"] == "README.md"
    assert made(one(documentation=None))["entries"][0]["documentation"] is None
    (version,) = found["versions"]
    assert version["rdf"] == "collection/entries/brave-otter/1001/rdf.yaml"
    assert (version["rdf_sha256"], version["doi"]) == ("6" * 64, "10.5281/zenodo.1001")


def test_blocked_and_withdrawn_ids_are_not_published():
    assert [e["id"] for e in made(one("a", "1"), one("b", "1"), one("b", "2"), hidden=frozenset({"b"}))["entries"]] == [
        "a"
    ]


def test_infinity_is_not_json():
    broken = copy.deepcopy(one())
    broken["files"][0]["size"] = float("inf")
    with pytest.raises(ValueError, match="JSON compliant"):
        collection("Zoo", [broken])


def test_its_input_is_left_as_it_was():
    entries = [one(), one(version="2")]
    before = copy.deepcopy(entries)
    collection("Zoo", entries)
    assert entries == before


@given(st.lists(st.from_regex(r"[a-z0-9.-]{1,12}", fullmatch=True), max_size=8))
def test_any_two_versions_can_be_ordered(versions):
    assert sorted(versions, key=natural) == sorted(sorted(versions, reverse=True), key=natural) or len(
        set(map(natural, versions))
    ) < len(versions)


def test_numbers_are_ordered_by_value_and_come_after_words():
    assert sorted(["v10", "v9", "10", "9", "v", "2.0"], key=natural) == ["v", "v9", "v10", "2.0", "9", "10"]
