"""Which pictures and tensors a report has to show, under which names, and for how long."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.records.evidence import (
    ARCHIVE_BYTES,
    day_of,
    exhibits,
    expired,
    kept_until,
    missing,
    remembered,
    shown,
    wanted,
)
from bot.records.verdict import Artefact, Picture
from tests.fakes.facts import HEAD, KEY, NOW, OLD_HEAD, checked, facts, state, verdict
from tests.fakes.failing import ARCHIVE, PICTURE, failing_report

DAY = NOW.date().isoformat()


def seen(**changes):
    report = failing_report()
    before = state(outcome="failed", content_hash=report.content_hash, completed_at=NOW.isoformat())
    return facts(checked=checked("failed", report=report), state=before, **changes)


def with_weights(**changes):
    made = failing_report()
    return replace(made, weights=(made.weights[0], replace(made.weights[1], **changes)))


def outputs(*ppm):
    """Outputs that differ by so much (None: as expected), each with a picture."""
    tensor = failing_report().weights[1].tensors[0]
    good = failing_report().weights[0].tensors[0].outcome
    tensors = tuple(
        replace(tensor, name=f"out{n}", mismatch_ppm=much or 0.0, outcome=tensor.outcome if much is not None else good)
        for n, much in enumerate(ppm)
    )
    pictures = tuple(Picture(f"out{n}", f"{n}" + "0" * 63, 10) for n in range(len(ppm)))
    return with_weights(tensors=tensors, pictures=pictures, artefact=None)


def test_a_path_names_day_content_format_and_bytes():
    assert [(e.path, e.sha256) for e in exhibits(failing_report(), "2024-05-01")] == [
        (f"2024-05-01/7c9e41d2a05b/torchscript-{PICTURE[:12]}.png", PICTURE),
        (f"2024-05-01/7c9e41d2a05b/torchscript-{ARCHIVE[:12]}.zip", ARCHIVE),
    ]


@pytest.mark.parametrize("outcome", ["passed", "errored"])
def test_a_report_that_did_not_fail_shows_nothing(outcome):
    assert exhibits(replace(failing_report(), outcome=outcome), DAY) == ()


def test_the_four_worst_pictures_are_shown():
    found = exhibits(outputs(5.0, 300.0, 1.0, 40.0, 200.0, 100.0), DAY)
    assert [int(e.sha256[0]) for e in found] == [1, 4, 5, 3]


def test_a_picture_of_an_output_that_is_as_expected_is_not_shown():
    assert [int(e.sha256[0]) for e in exhibits(outputs(None, 7.0), DAY)] == [1]
    strange = with_weights(pictures=(Picture("of no output", "1" * 64, 10),), artefact=None)
    assert exhibits(strange, DAY) == ()


def test_archives_that_the_work_side_cannot_hand_out_are_left_to_hand():
    fits, large = Artefact("1" * 64, ARCHIVE_BYTES), Artefact("1" * 64, ARCHIVE_BYTES + 1)
    assert [e.path[-4:] for e in exhibits(with_weights(artefact=fits, pictures=()), DAY)] == [".zip"]
    assert exhibits(with_weights(artefact=large, pictures=()), DAY) == ()


def test_the_same_bytes_twice_are_one_file():
    twice = (Picture("nuclei", PICTURE, 10), Picture("nuclei", PICTURE, 10))
    assert len(exhibits(with_weights(pictures=twice, artefact=None), DAY)) == 1


def test_many_formats_stay_within_four_pictures_and_four_archives():
    failing = failing_report().weights[1]
    names = ("onnx", "torchscript", "pytorch_state_dict", "keras_hdf5", "keras_v3", "tensorflow_js")
    made = replace(failing_report(), weights=tuple(replace(failing, format=name) for name in names))
    found = [e.path.rpartition(".")[2] for e in exhibits(made, DAY)]
    assert (found.count("png"), found.count("zip")) == (4, 4)


# what is wanted, missing and shown


def test_nothing_stands_there_at_first():
    assert {e.sha256 for e in wanted(seen())} == {PICTURE, ARCHIVE}
    assert len(missing(seen())) == 2
    assert shown(seen()) == {}
    assert remembered(seen()) == "due"


def test_what_stands_there_is_shown_and_remembered_by_its_paths():
    paths = frozenset(e.path for e in wanted(seen()))
    there = seen(evidence=paths | {"2024-05-01/other/a.png"})
    assert missing(there) == ()
    assert set(shown(there).values()) == paths
    assert len(remembered(there)) == 64
    assert remembered(seen(evidence=frozenset(sorted(paths)[:1]))) == "due"


def test_what_is_lost_is_not_wanted():
    lost = seen(evidence_lost=frozenset({PICTURE, ARCHIVE}))
    assert wanted(lost) == ()
    assert remembered(lost) == ""


def test_it_is_wanted_until_its_days_are_over():
    last = seen(now=NOW + timedelta(days=30))
    assert len(wanted(last)) == 2
    assert wanted(seen(now=NOW + timedelta(days=31))) == ()
    assert wanted(replace(last, policy=replace(last.policy, evidence_days=29))) == ()


def test_the_day_is_that_of_the_verdict_on_this_head():
    earlier = (NOW - timedelta(days=3)).isoformat()
    assert day_of(replace(seen(), state=replace(seen().state, completed_at=earlier))) == earlier[:10]
    moved = replace(seen().state, completed_at=earlier, head=OLD_HEAD)
    assert day_of(replace(seen(), state=moved)) == DAY
    assert day_of(facts(checked=checked("errored"))) == ""
    assert wanted(facts(checked=checked("errored"))) == ()


def test_without_the_report_nothing_is_named():
    assert wanted(facts(state=state(head=HEAD, check_key=KEY))) == ()
    assert wanted(facts(checked=checked("failed", report=verdict("failed")))) == ()


# age


def test_only_days_can_be_over():
    today = date(2024, 5, 31)
    folders = [
        "2024-05-01",
        "2024-04-30",
        "2023-12-31",
        "README.md",
        "2024-1-1",
        "20240101",
        "2024-13-01",
        "9999-01-01",
    ]
    assert expired(folders, today, 30) == {"2024-04-30", "2023-12-31"}


def test_a_day_is_kept_for_the_days_of_the_policy():
    assert kept_until("2024-02-28", 2) == "2024-03-01"
