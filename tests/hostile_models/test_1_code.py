"""Contributed code attacks the box it runs in: each time the right question is answered, with the limit that was hit."""

import json
import re

import pytest

from tests.hostile_models.archive import SECRET
from tests.hostile_models.code_cases import CASES

pytestmark = pytest.mark.docker
BY_NAME = {case.name: case for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_code_that_attacks(case, settled):
    settled(case)


def test_what_it_reads_of_its_box_is_no_secret_and_shown_as_its_own_words_only(settled):
    report = settled(BY_NAME["reads_proc-forward"]).report
    said = json.dumps(report)
    assert SECRET not in said
    assert "ACCESSION_ZENODO" not in said
    (entry,) = report["weights"]
    assert entry.pop("words").count("HOARD") > 1
    assert "HOARD" not in json.dumps(report)


def test_no_array_but_the_input_is_to_be_found(settled):
    words = settled(BY_NAME["searches_expected-forward"]).weights["words"]
    looks = re.findall(r"LOOKED True FOUND \[(.*)\]", words)
    found = {path.strip("'").rpartition("/in/")[2] for look in looks for path in look.split(", ")}
    assert found == {"test_input.npy"}
    assert "listdir('/var/lib/docker',) -> FileNotFoundError" in words


def test_a_forged_success_is_no_more_than_a_claim(settled):
    entry = settled(BY_NAME["forges_success-forward"]).weights
    assert entry["runs"]["message"] == "it is right, believe me"
    assert entry["tensors"][0]["outcome"]["outcome"] == "failed"
    assert entry["tensors"][0]["produced_shape"] == [1, 1, 64, 64]
