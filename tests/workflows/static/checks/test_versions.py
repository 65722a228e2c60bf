"""Versions of the resource."""

import pytest

from tests.agreement.samples.generic import least
from tests.workflows.static.helpers import text_findings


@pytest.mark.parametrize(
    ("version", "fix", "suggestion"),
    [
        ("1.2", "Write 1.2.0.", "version: 1.2.0"),
        ("'1.2'", "Write 1.2.0.", "version: '1.2.0'"),
        ("v3", "Write 3.0.0.", "version: 3.0.0"),
        ("3", "Write 3.0.0.", "version: 3.0.0"),
        ("1.2.3.4", "Write MAJOR.MINOR.PATCH, such as 1.2.0.", None),
        ("1.0rc1", "Write MAJOR.MINOR.PATCH, such as 1.2.0.", None),
        ("'01.02'", "Write 1.2.0.", "version: '1.2.0'"),
    ],
)
def test_what_is_not_semantic(version, fix, suggestion):
    (found,) = text_findings(least("dataset", "0.2.4") + f"version: {version}\n", "version")
    assert (found.level, found.fix) == ("warning", fix)
    assert (found.suggestion and found.suggestion.text) == suggestion


@pytest.mark.parametrize("version", ["1.2.0", "0.0.1-beta.1+build", "null", "true", "[1]"])
def test_what_is_right_or_the_schema_s(version):
    assert text_findings(least("dataset", "0.2.4") + f"version: {version}\n", "version") == []
