"""Addresses of what stands on the evidence branch."""

from dataclasses import replace

from bot.feedback.gallery import Gallery, gallery
from bot.records.evidence import wanted
from tests.fakes.facts import NOW, checked, facts, pull, state
from tests.fakes.failing import ARCHIVE, PICTURE, failing_report


def seen(**changes):
    report = failing_report()
    before = state(outcome="failed", content_hash=report.content_hash, completed_at=NOW.isoformat())
    made = facts(checked=checked("failed", report=report), state=before, **changes)
    return replace(made, evidence=frozenset(exhibit.path for exhibit in wanted(made)))


def test_an_address_is_on_the_pages_of_the_repository():
    found = gallery(seen())
    root = "https://github.example/zoo/collection/raw/accession-evidence/2024-05-01/7c9e41d2a05b/torchscript"
    assert found.addresses == {PICTURE: f"{root}-{PICTURE[:12]}.png", ARCHIVE: f"{root}-{ARCHIVE[:12]}.zip"}
    assert (found.embedded, found.until) == (True, "2024-05-31")


def test_in_a_private_repository_nothing_is_embedded():
    assert gallery(seen(pull=pull(private=True))).embedded is False


def test_before_anything_stands_there_is_no_address():
    assert gallery(replace(seen(), evidence=frozenset())) == Gallery()
    assert gallery(facts()) == Gallery()
