"""What a file belongs to."""

import pytest

from workflows.static.family import Family, family_of, is_newer, judged_version


@pytest.mark.parametrize(
    ("data", "family"),
    [
        ({"type": "model", "format_version": "0.4.10"}, Family("model", "0.4", "model-0.4")),
        ({"type": "model", "format_version": "0.9.1"}, Family("model", "0.5", "model-0.5")),
        ({"type": "model", "format_version": "0.3.6"}, Family("model", "0.3", "model-0.3")),
        ({"weights": {}, "format_version": "0.3.6"}, Family("model", "0.3", "model-0.3")),
        ({"type": "dataset", "format_version": "0.2.3"}, Family("dataset", "0.2", "dataset-0.2")),
        ({"type": "dataset", "format_version": "1.0"}, Family("dataset", "0.3", "dataset-0.3")),
        ({"type": "workflow", "format_version": "0.2.3"}, Family("workflow", "0.2", "generic-0.2")),
        ({"type": "Model", "format_version": "0.4.10"}, Family("Model", "0.3", "generic-0.3")),
        ({"type": "collection", "format_version": "0.2.2"}, Family("collection", "0.2", "collection-0.2")),
        ({"type": "dataset", "format_version": 0.2}, Family("dataset", "", "dataset")),
        ({"type": "dataset", "format_version": "0.2.x"}, Family("dataset", "", "dataset")),
        ({"type": "dataset"}, Family("dataset", "", "dataset")),
        ({"type": ["dataset"], "format_version": "0.2.4"}, Family("", "0.2", "-0.2")),
        ({}, Family("", "", "")),
    ],
)
def test_families(data, family):
    assert family_of(data) == family


def test_hostile_versions_are_no_versions():
    for version in ("9" * 10_000, "0." * 5_000, "\u0660.\u0662.\u0664", "0.2.4\n", "", "."):
        assert judged_version("dataset", version) == ""


def test_a_newer_patch_is_newer():
    assert is_newer("model", "0.4.11")
    assert not is_newer("model", "0.4.10")
    assert is_newer("workflow", "0.3.5")
