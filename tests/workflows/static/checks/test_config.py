"""Numbers without an end below `config`."""

import pytest

from tests.agreement.samples.generic import least
from tests.workflows.rdf_sample import MODEL_04, MODEL_05
from tests.workflows.static.helpers import text_findings

CONFIG = "config: {a: [1, {b: -.inf}], c: .nan, d: 0.5, e: text}\n"


@pytest.mark.parametrize("text", [MODEL_04, *(least(kind, "0.2.4") for kind in ("dataset", "workflow"))])
def test_they_are_told_where_they_are_not_read(text):
    assert [(one.level, one.pointer, one.message) for one in text_findings(text + CONFIG, "config")] == [
        ("error", "/config/a/1/b", "`config.a[1].b` is -inf; below `config` only numbers with an end are read."),
        ("error", "/config/c", "`config.c` is nan; below `config` only numbers with an end are read."),
    ]


@pytest.mark.parametrize("text", [MODEL_05, least("dataset", "0.3.4")])
def test_later_versions_take_them(text):
    assert text_findings(text + CONFIG, "config") == []


def test_a_config_that_is_no_mapping_is_the_schema_s():
    assert text_findings(least("dataset", "0.2.4") + "config: [.inf]\n", "config") == []
