"""The table of `python -m tests.answers`: right models pass, wrong ones fail at the right question, for each format."""

import pytest

from tests.answers.ask import open_desk
from tests.answers.table import CELLS, QUESTIONS, SAMPLES, WRONG
from workflows.describe.facts import WEIGHTS

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with open_desk(tmp_path_factory.mktemp("answers") / "desk") as made:
        yield made


def test_every_weight_format_is_asked():
    assert {*SAMPLES.values()} == {*WEIGHTS}


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_the_boxes_answer(cell, desk):
    entry = desk.ask(cell)
    assert tuple(entry[question]["outcome"] for question in QUESTIONS) == cell.variant.answers, entry
    if cell.variant.name == "wrong shape":
        assert "its shape is" in entry["reproduces"]["message"]
    if cell.variant.name == "wrong output":
        assert entry["tensors"][0]["mismatched"] > 0
        assert entry["pictures"]
    if cell.variant.answers == WRONG:
        assert entry["image"].startswith("sha256:")
