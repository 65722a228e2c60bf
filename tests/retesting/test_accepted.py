"""Which versions a retest is about, and the key of their results."""

from __future__ import annotations

import hashlib

import pytest

from bot.errors import ConfigError
from bot.publishing.collection import natural
from bot.retesting.accepted import accepted, chosen
from tests.retesting.collection import entry, rdf


def version(entry_id="calm-seal", number="7", *, text=None, **given):
    sha = hashlib.sha256(text or rdf(entry_id)).hexdigest()
    return accepted({**entry(entry_id, number, **given), "rdf_sha256": sha})


def pick(found, *ids, hidden=frozenset(), all_versions=False):
    return [one.place for one in chosen(found, ids, hidden=hidden, all_versions=all_versions, order=natural)]


SOME = (version("calm-seal", "9"), version("calm-seal", "10"), version("brave-otter", "3"), version("calm-seel", "1"))


def test_the_newest_version_of_each_entry_by_number():
    assert pick(SOME) == ["brave-otter/3", "calm-seal/10", "calm-seel/1"]


def test_all_versions_on_request():
    assert pick(SOME, all_versions=True) == ["brave-otter/3", "calm-seal/10", "calm-seal/9", "calm-seel/1"]


def test_named_ones_once_each():
    assert pick(SOME, "calm-seal", "brave-otter", "calm-seal") == ["brave-otter/3", "calm-seal/10"]


def test_blocked_and_withdrawn_ones_are_left_out():
    assert pick(SOME, hidden=frozenset({"calm-seal"})) == ["brave-otter/3", "calm-seel/1"]
    with pytest.raises(ConfigError, match=r"calm-seal is blocked or withdrawn and is not retested\."):
        pick(SOME, "calm-seal", hidden=frozenset({"calm-seal"}))


def test_an_unknown_id_names_near_ones():
    with pytest.raises(ConfigError) as wrong:
        pick(SOME, "brave-otter", "calm-seall")
    assert wrong.value.message == "The collection has no entry 'calm-seall'. Did you mean calm-seal or calm-seel?"
    assert wrong.value.reason == "usage"


def test_an_id_like_no_other_names_none():
    with pytest.raises(ConfigError, match=r"has no entry 'xxxxxxxxx'. It has 3 ids\."):
        pick(SOME, "xxxxxxxxx")


def test_nothing_accepted_is_nothing_to_test():
    assert pick(()) == []


def test_the_key_follows_place_content_environment_and_policy():
    first = version().key("e", "p")
    others = {
        version().key("x", "p"),
        version().key("e", "x"),
        version("other").key("e", "p"),
        version(number="8").key("e", "p"),
        version(upload_hash="9" * 64).key("e", "p"),
        version(text=b"changed").key("e", "p"),
        version(text=b"changed again").key("e", "p"),
    }
    assert len(others - {first}) == 7
    assert version().key("e", "p") == first


def test_the_content_is_known_unless_rdf_yaml_was_changed_since():
    assert version().known == version().content == entry()["upload_hash"]
    assert version(text=b"changed").known is None


def test_what_the_entry_says():
    found = version(weights=["onnx", "torchscript"], name="A\u202emodel", type="model")
    assert (found.formats, found.name, found.kind) == (("onnx", "torchscript"), "A\u202emodel", "model")
    assert (found.archive, found.concept, found.rdf) == ("none", "calm-seal", "collection/entries/calm-seal/7/rdf.yaml")
