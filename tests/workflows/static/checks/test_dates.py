"""Bare dates where text belongs."""

import pytest

from tests.agreement.samples.generic import least
from tests.workflows.rdf_sample import MODEL_04, MODEL_05
from tests.workflows.static.helpers import text_findings

DATASET = least("dataset", "0.2.4")


@pytest.mark.parametrize("text", [MODEL_04, MODEL_05, DATASET], ids=["0.4", "0.5", "dataset"])
def test_a_bare_date_is_no_text(text):
    (found,) = text_findings(text + "git_repo: 2020-01-02\n", "bare-date")
    assert (found.level, found.pointer) == ("error", "/git_repo")
    assert found.message == "`git_repo` is the date 2020-01-02 to those who read the file, not text."
    assert found.fix == "Put it in quotes: '2020-01-02'."
    assert found.suggestion.text == "git_repo: '2020-01-02'"


@pytest.mark.parametrize(
    "more",
    ["git_repo: '2020-01-02'\n", "config: {when: 2020-01-02}\n", "git_repo: 2020-13\n", "# 2020-01-02\n"],
)
def test_quotes_and_config_are_free(more):
    assert text_findings(DATASET + more, "bare-date") == []


def test_the_time_of_a_model_is_a_date():
    assert "timestamp: 2024-01-02T03:04:05Z" in MODEL_04
    assert text_findings(MODEL_04, "bare-date") == []


def test_unknown_kinds_may_have_dates_in_fields_of_their_own():
    assert text_findings(DATASET.replace("type: dataset", "type: workflow") + "made: 2020-01-02\n", "bare-date") == []
