"""Which of the six kinds a file is of."""

import pytest

from tests.workflows.static.scivision import samples
from workflows.static.family import family_of
from workflows.static.scivision_family import FAMILIES, scivision_family


@pytest.mark.parametrize("form", ["catalog", "entry"])
def test_every_sample_is_known(form):
    for family, data in samples.originals(form):
        assert scivision_family(data) == family
        assert (family_of(data).kind, family_of(data).name, family_of(data).version) == (family, family, "")
        assert family in FAMILIES


@pytest.mark.parametrize("kind", samples.ENTRIES)
def test_a_catalog_is_what_it_says_and_else_what_its_entries_are(kind):
    other = "project" if kind == "model" else "model"
    entries = [samples.ENTRIES[kind]]
    assert scivision_family(samples.catalog(other, *entries)) == f"scivision-{other}-catalog"
    assert scivision_family({"name": "a", "entries": entries}) == f"scivision-{kind}-catalog"
    assert scivision_family({"catalog_type": "mine", "entries": entries}) == f"scivision-{kind}-catalog"
    assert scivision_family({"catalog_type": ["x"], "entries": entries}) == f"scivision-{kind}-catalog"
    assert scivision_family(entries) == f"scivision-{kind}-catalog"


@pytest.mark.parametrize(
    ("data", "family"),
    [
        (samples.FIRST_MODEL, "scivision-model-entry"),
        (samples.FIRST_DATASOURCE, "scivision-datasource-entry"),
        ({"name": "a", "tasks": [], "url": "b"}, "scivision-datasource-entry"),
        ({"name": "a", "pkg-url": "b"}, "scivision-model-entry"),
        ({"name": "a", "haeder": "b"}, "scivision-project-entry"),
        ({"name": "a", "task": "b"}, "scivision-datasource-entry"),
        ({"name": "a", "entries": []}, "scivision-model-catalog"),
        ({"name": "a", "entries": None}, "scivision-model-catalog"),
        ({"name": "a", "entries": [1, {"labels_provided": 1}]}, "scivision-datasource-catalog"),
        ({"catalog_type": "scivision project catalog", "type": "model"}, "scivision-project-catalog"),
        ({"name": "a", "url": "b", "description": "c"}, None),
        ({"name": "a", "tags": ["b"]}, None),
        ({"type": "model", "tasks": ["a"], "pkg_url": "b"}, None),
        ({"format_version": "0.2.4", "entries": []}, None),
        ({"weights": {}, "header": "a"}, None),
        ({}, None),
        ([], None),
        ([{"name": "a"}, "b"], None),
        ("scivision model catalog", None),
        (None, None),
    ],
)
def test_what_is_not_said_is_told_by_the_fields_that_only_one_kind_has(data, family):
    assert scivision_family(data) == family


def test_an_rdf_is_none_of_them():
    assert family_of({"type": "dataset", "format_version": "0.2.4", "domains": []}).name == "dataset-0.2"
