"""How far weights came, from the three answers; colours that can be read."""

from __future__ import annotations

import pytest

from bot.records.verdict import report
from bot.retesting.levels import BY_NAME, LEVELS, level_of, worse
from tests.retesting import workshop
from tests.retesting.workshop import ANSWERS, BAD, PASSED, SKIPPED


def weights(data):
    whole = workshop.report("0" * 64, {})
    return report({**whole, "weights": [data]}).weights[0]


@pytest.mark.parametrize("level", ANSWERS)
def test_three_answers_amount_to_one_level(level):
    assert level_of(weights(workshop.weights("onnx", level)))[0] == level


@pytest.mark.parametrize(
    ("answers", "level", "message"),
    [
        ((SKIPPED, BAD, SKIPPED), "fails", "It broke."),  # stopped: how far it had come is not known
        ((PASSED, SKIPPED, SKIPPED), "loads", "Not run: it needs a GPU."),
        ((PASSED, PASSED, SKIPPED), "runs", "Not run: it needs a GPU."),
        ((PASSED, PASSED, workshop.ERRORED), "errored", "The engine did not answer."),
        ((BAD, SKIPPED, workshop.ERRORED), "errored", "The engine did not answer."),
    ],
)
def test_incomplete_answers(answers, level, message):
    data = dict(zip(("loads", "runs", "reproduces"), answers, strict=True))
    assert level_of(weights(workshop.weights("onnx", "runs") | data)) == (level, message)


def tensor(name, outcome):
    return {**workshop.weights("onnx", "reproduces")["tensors"][0], "name": name, "outcome": outcome}


@pytest.mark.parametrize(
    ("tensors", "level"),
    [
        ([tensor("out", workshop.WITHIN), tensor("other", PASSED)], "reproduces only within"),
        ([tensor("out", workshop.WITHIN), tensor("other", workshop.DIFFERS)], "runs"),
        ([tensor("reproduces only within", workshop.DIFFERS)], "runs"),  # a name does not make a verdict
        ([], "runs"),
    ],
)
def test_only_within_takes_every_output_that_failed(tensors, level):
    data = workshop.weights("onnx", "reproduces only within") | {"tensors": tensors}
    assert level_of(weights(data))[0] == level


@pytest.mark.parametrize(
    ("now", "before", "answer"),
    [
        ("runs", "reproduces", True),
        ("reproduces only within", "reproduces", True),
        ("skipped", "reproduces", True),
        ("fails", "passes", True),
        ("loads", "runs", True),
        ("reproduces", "reproduces", False),
        ("reproduces", "fails", False),
        ("fails", "skipped", False),
        ("errored", "reproduces", False),
        ("fails", None, False),
    ],
)
def test_worse_is_what_came_further_before(now, before, answer):
    assert worse(now, before) is answer


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_a_sign_can_be_read_on_its_colour(level):
    dark, light = sorted((luminance(level.fill), luminance(level.ink)))
    assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.1, 1.4.3


def test_colour_is_never_alone():
    signs = {level.name: level.sign for level in LEVELS if level.name != "passes"}
    assert len(set(signs.values())) == len(signs)
    assert set(BY_NAME) == {*ANSWERS, "passes"}
