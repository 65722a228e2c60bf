"""Weights and test tensors whose bytes are the attack: most of them never reach the box that runs models."""

import pytest

from tests.hostile_models.file_cases import CASES

pytestmark = pytest.mark.docker


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bytes_that_attack(case, settled):
    settled(case)


@pytest.mark.parametrize("case", [case for case in CASES if "pickle" in case.name], ids=lambda case: case.name)
def test_no_code_of_a_pickle_runs(case, settled):
    assert "the pickle has run" not in str(settled(case).report)


@pytest.mark.parametrize("case", [case for case in CASES if "data" in case.name], ids=lambda case: case.name)
def test_no_file_of_the_box_becomes_weights(case, settled):
    answer = settled(case)
    assert "root:x:0" not in str(answer.report)
    assert answer.weights["tensors"] == []
