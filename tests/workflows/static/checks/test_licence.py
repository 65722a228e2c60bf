"""Licences: known, deprecated, nearly known, and at which level in which family."""

import pytest

from tests.agreement.samples.generic import least
from tests.workflows.rdf_sample import MODEL_04, MODEL_05
from tests.workflows.static.helpers import text_findings

DATASET_02, DATASET_03 = least("dataset", "0.2.4"), least("dataset", "0.3.4")


def licence(text, value):
    text = text.replace("license: MIT\n", "") + (f"license: {value}\n" if value is not None else "")
    return text_findings(text, "license")


@pytest.mark.parametrize(
    ("text", "level"), [(MODEL_04, "policy"), (MODEL_05, "error"), (DATASET_02, "policy"), (DATASET_03, "error")]
)
def test_what_is_no_identifier(text, level):
    (found,) = licence(text, "CC BY 4.0")
    assert (found.level, found.message) == (level, "`license` 'CC BY 4.0' is not an SPDX identifier.")
    assert (found.fix, found.suggestion.text) == ("Did you mean CC-BY-4.0?", "license: CC-BY-4.0")
    (found,) = licence(text, "all rights reserved")
    assert (found.level, found.suggestion) == (level, None)
    assert found.fix == "Choose an identifier from https://spdx.org/licenses/."


@pytest.mark.parametrize("text", [MODEL_04, MODEL_05, DATASET_02, DATASET_03])
def test_a_deprecated_one_is_a_warning_everywhere(text):
    (found,) = licence(text, "GPL-3.0")
    assert (found.level, found.message) == ("warning", "`license` 'GPL-3.0' is a deprecated SPDX identifier.")
    assert found.suggestion.text == "license: GPL-3.0-only"


@pytest.mark.parametrize("text", [DATASET_02, DATASET_03])
def test_other_resources_may_leave_it_out(text):
    for value in (None, "null"):
        (found,) = licence(text, value)
        assert (found.level, found.message) == ("warning", "The field `license` is missing: nobody may reuse the work.")


def test_what_is_right_or_the_schema_s():
    assert licence(DATASET_02, "CC0-1.0") == []
    assert licence(DATASET_03, "{source: LICENSE}") == []
    assert [one.rule for one in text_findings(DATASET_02 + "license: 3\n") if one.pointer == "/license"] == [
        "wrong-value"
    ]
