"""entry.yaml: what the bot derives, the same bytes each time, fit for its schema and for every YAML reader."""

import json

import pytest
from ruamel.yaml import YAML

from bot import plain_json
from bot.proposal.entry_file import entry
from tests.fakes.facts import PLACE, submission, upload

SOURCE = "5" * 64


def made(found=None, *, given=None):
    return entry(PLACE, found, given or submission(), concept="zenodo-1000", source=SOURCE)


@pytest.mark.parametrize("found", [upload(), upload(doi=None, concept_doi=None, url=None, created="", owners=()), None])
def test_the_bytes_fit_the_schema(found):
    data = json.loads(made(found))
    assert plain_json.validate(data, "entry") == data
    assert (data["id"], data["version"], data["source_hash"]) == ("brave-otter", "1001", SOURCE)
    assert [set(file) for file in data["files"]] == [{"name", "url", "size", "sha256", "roles"}] * 2


def test_it_is_the_same_each_time_and_ends_with_a_line_end():
    assert made(upload()) == made(upload())
    assert made(upload()).endswith(b"}\n")


def test_every_yaml_reader_reads_it_as_json_does():
    content = made(upload(), given=submission(name="Grüße: \u2028 @x #1 'y' \"z\"", description="a\nb\t\\"))
    assert YAML(typ="safe", pure=True).load(content) == json.loads(content)


def test_the_source_is_told_from_the_archive():
    assert json.loads(made(upload()))["source"] == {
        "archive": "zenodo",
        "concept": "1000",
        "record": "1001",
        "url": "https://zenodo.example/records/1001",
        "doi": "10.5281/zenodo.1001",
        "concept_doi": "10.5281/zenodo.1000",
        "created": "2024-05-01T10:00:00+00:00",
        "owners": ["77"],
    }


def test_without_upload_the_concept_is_all_there_is():
    source = json.loads(made())["source"]
    assert (source["archive"], source["concept"], source["record"], source["owners"]) == ("none", "zenodo-1000", "", [])
    assert source["url"] is source["doi"] is source["concept_doi"] is source["created"] is None


def test_a_number_that_is_none_is_refused():
    given = submission()
    given["files"][0]["size"] = float("inf")
    with pytest.raises(ValueError, match="JSON compliant"):
        made(given=given)


def test_a_lone_surrogate_does_not_stop_it():
    data = json.loads(made(upload(), given=submission(name="a\ud800b")))
    assert data["resource"]["name"] in {"a?b", "ab", "a\ufffdb"}
