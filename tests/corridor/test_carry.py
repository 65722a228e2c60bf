"""A correction of rdf.yaml goes with the next version, as lines; a conflict carries nothing."""

import random
import time

import pytest

from bot import pipeline
from bot.corridor.carry import MOST_LINES, merge
from bot.records.event import RecordSubject
from tests.journeys.conftest import REPOSITORY, rdf

BASE = b"a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n"
FIXED = BASE.replace(b"b: 2", b"b: two")


def test_a_corrected_line_is_applied_to_the_new_text():
    assert merge(BASE, FIXED, BASE.replace(b"e: 5", b"e: six")) == b"a: 1\nb: two\nc: 3\nd: 4\ne: six\n"


def test_nothing_corrected_carries_nothing():
    assert merge(BASE, BASE, BASE + b"f: 6\n") == BASE + b"f: 6\n"


def test_a_conflict_carries_nothing():
    assert merge(BASE, FIXED, BASE.replace(b"b: 2", b"b: zwei")) is None


def test_the_same_correction_by_the_contributor_is_no_conflict():
    assert merge(BASE, FIXED, FIXED) == FIXED


def test_bytes_stay_opaque():
    odd = b"\xff\x00 @everyone\r\n" + BASE
    assert (
        merge(odd, odd.replace(b"c: 3", b"c: \xfe"), odd + b"<<<<<<<\n")
        == odd.replace(b"c: 3", b"c: \xfe") + b"<<<<<<<\n"
    )


def chosen(count):
    """Lines for which difflib takes longest: single ones that are the same, each among others that are not."""
    kinds = [b"#%02x\n" % (number % 60) for number in range(count // 2)]
    random.Random(1).shuffle(kinds)
    return [b"".join(kind + b"#%s%d\n" % (mark, i) for i, kind in enumerate(kinds)) for mark in (b"x", b"y", b"z")]


@pytest.mark.parametrize("lines", [MOST_LINES, 20_000])
def test_chosen_lines_keep_nobody_busy(lines):
    base, fixed, new = chosen(lines)
    began = time.process_time()
    assert merge(base, fixed, new) is None
    assert time.process_time() - began < 2


@pytest.mark.parametrize("which", range(3))
def test_what_is_too_long_to_be_compared_carries_nothing(which):
    texts = [BASE, FIXED, BASE.replace(b"e: 5", b"e: six")]
    texts[which] = b"f: 6\n" * (MOST_LINES - 5) + texts[which]
    assert merge(*texts) is not None
    texts[which] = b"f: 6\n" + texts[which]
    assert merge(*texts) is None


def test_a_long_text_of_which_nothing_else_changed_is_corrected_all_the_same():
    more = b"".join(b"x%d: 1\n" % number for number in range(2 * MOST_LINES))
    assert merge(BASE + more, FIXED + more, BASE + more) == FIXED + more
    assert merge(BASE + more, BASE + more, FIXED + more) == FIXED + more


# in the world

LONG = "description: first\ntags: [cells]\ncite: []\ncovers: []\n"
MENDED = LONG.replace("[cells]", "[nuclei]")


def proposed(little, desk, text, concept=None):
    record = little.publish({"rdf.yaml": text, "w.onnx": b"x" * len(little.github.pulls(REPOSITORY))}, concept=concept)
    pipeline.reconcile(desk, RecordSubject(record))
    return record, little.github.pulls(REPOSITORY)[-1]


def standing(little, pull):
    entry_id, version = pull.title.split()
    return little.github.file(REPOSITORY, f"collection/entries/{entry_id}/{version}/rdf.yaml", pull.head_sha)


def correct(little, pull, text):
    entry_id, version = pull.title.split()
    files = {f"collection/entries/{entry_id}/{version}/rdf.yaml": text}
    little.github.commit_files(REPOSITORY, pull.head_ref, files, author="ada")


@pytest.mark.parametrize("where", ["in an open pull request", "in the collection"])
def test_a_correction_is_found_and_told(little, where):
    desk = little.start()
    first, pull = proposed(little, desk, rdf(extra=LONG))
    correct(little, pull, rdf(extra=MENDED))
    if where == "in the collection":
        little.github.merge_pull(REPOSITORY, pull.number, login="curator")
    concept = little.zenodo.record(first).concept
    _, second = proposed(little, desk, rdf(name="Renamed", extra=LONG), concept)
    assert standing(little, second) == rdf(name="Renamed", extra=MENDED)
    assert f"of version `{first}` were carried over" in little.github.pull(REPOSITORY, second.number).body


@pytest.mark.parametrize("why", ["nothing was corrected", "conflict", "restricted", "undescribed"])
def test_without_a_clean_correction_the_upload_is_proposed_as_it_is(little, why):
    desk = little.start()
    first, pull = proposed(little, desk, rdf(extra=LONG))
    concept = little.zenodo.record(first).concept
    if why != "nothing was corrected":
        correct(little, pull, rdf(extra=MENDED))
    if why == "restricted":
        little.zenodo.restrict(first)
    if why == "undescribed":
        prepare = little.workshop.prepare
        refused = {"outcome": "refused", "reason": "x", "message": "x"}
        little.workshop.prepare = lambda job: prepare(job) | (refused if job["source"]["record"] == first else {})
    new = rdf(extra=LONG.replace("[cells]", "[other]") if why == "conflict" else LONG)
    _, second = proposed(little, desk, new, concept)
    assert standing(little, second) == new
    said = f"of version `{first}` could not be carried over" in little.github.pull(REPOSITORY, second.number).body
    assert said == (why == "conflict")


def test_the_first_upload_of_a_concept_has_nothing_to_carry(little):
    _, pull = proposed(little, little.start(), rdf(extra=LONG))
    assert standing(little, pull) == rdf(extra=LONG)
