"""What becomes of an upload before a file of it is fetched."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.gate import decide_record
from bot.records.decision import Hold, Known, Propose, Refuse
from bot.records.facts import KnownPull
from bot.records.policy import DEFAULT_LIMITS
from tests.fakes.facts import POLICY, record_facts

GIB = 1024**3


def decided(**changes):
    return decide_record(record_facts(**changes))


def test_a_new_upload_with_the_keyword_is_proposed():
    assert decided() == Propose()


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (KnownPull(5, "open", merged=False), "The same content is open in pull request #5."),
        (KnownPull(5, "closed", merged=True), "The same content was accepted in pull request #5."),
        (
            KnownPull(5, "closed", merged=False),
            "The same content was declined or withdrawn in pull request #5. Upload a changed version to have it looked at again.",
        ),
    ],
)
def test_what_was_proposed_is_never_proposed_again(known, said):
    assert decided(known=known, access="withdrawn", open_in_all=99) == Known(said, 5)


REFUSED = {
    "withdrawn": ({"access": "withdrawn"}, "was withdrawn from the archive"),
    "restricted": ({"access": "restricted"}, "make the record open and publish it"),
    "keyword": ({"keywords": ("cells",)}, "does not carry the keyword bioimage.io: add it"),
    "no-files": ({"files": 0}, "has no files: upload the model's files and its rdf.yaml"),
    "too-many-files": ({"files": 201}, "has 201 files, more than 200: upload one zip"),
    "too-large": ({"total_bytes": 9 * GIB}, "has 9.0 GiB, more than 8.0 GiB: ask the collection's maintainers"),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_be_taken_is_refused_with_what_to_do(reason):
    changes, said = REFUSED[reason]
    gate = decided(**changes)
    assert isinstance(gate, Refuse)
    assert gate.reason == reason
    assert "ecord 1001" in gate.message
    assert said in gate.message


def test_the_limits_themselves_are_allowed():
    assert decided(files=200, total_bytes=8 * GIB, open_by_owner=4, open_in_all=29) == Propose()


def test_limits_are_the_collection_own():
    policy = replace(POLICY, limits={**DEFAULT_LIMITS, "files": 1}, keywords=("a", "b"))
    assert decided(policy=policy, keywords=("b",)).reason == "too-many-files"
    assert "a or b" in decided(policy=policy).message


def test_somebody_who_names_the_record_needs_no_keyword():
    assert decided(keywords=(), asked=True) == Propose()


def test_a_full_quota_holds_it():
    owner = decided(open_by_owner=5)
    assert owner == Hold(
        "owner-quota",
        "The uploader has 5 open pull requests, the most allowed at once: it waits for one to be closed.",
    )
    assert decided(open_in_all=30) == Hold(
        "quota", "30 pull requests are open, the most allowed at once: it waits its turn."
    )
    assert decided(open_by_owner=5, open_in_all=30).reason == "owner-quota"


@given(
    st.builds(
        record_facts,
        access=st.sampled_from(["open", "restricted", "withdrawn", ""]),
        keywords=st.sampled_from([(), ("bioimage.io",)]),
        files=st.integers(0, 300),
        total_bytes=st.integers(0, 2**40),
        known=st.none() | st.builds(KnownPull, st.just(5), st.sampled_from(["open", "closed"]), st.booleans()),
        open_by_owner=st.integers(0, 9),
        open_in_all=st.integers(0, 50),
        asked=st.booleans(),
    )
)
def test_only_an_open_upload_within_all_limits_is_proposed(facts):
    gate = decide_record(facts)
    assert gate == decide_record(facts)
    within = (
        0 < facts.files <= 200 and facts.total_bytes <= 8 * GIB and facts.open_by_owner < 5 and facts.open_in_all < 30
    )
    wanted = facts.asked or "bioimage.io" in facts.keywords
    assert (gate == Propose()) == (facts.known is None and facts.access == "open" and wanted and within)
