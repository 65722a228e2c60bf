"""What is published of an entry."""

import copy

import pytest

from tests.workflows.static.scivision import samples
from workflows.static.scivision_form import changes, normalise, switch


def test_the_first_catalogs_examples_as_they_are_published():
    assert normalise(samples.FIRST_MODEL) == {
        "name": "Short name for this model",
        "description": "Longer, optional, description of this model",
        "tasks": ["segmentation"],
        "url": "https://example.org/my-model",
        "pkg_url": "git+https://example.org/my-model@master",
        "institution": ["alan-turing-institute"],
        "tags": ["help-needed", "3D", "cell", "cell-counting"],
    }
    assert normalise(samples.FIRST_DATASOURCE) == {
        "name": "Short name for this datasource",
        "description": "Longer, optional, description of this datasource",
        "tasks": ["object-detection", "segmentation"],
        "domains": ["optical-microscopy"],
        "url": "https://example.org/my_datasource/releases/download/0.3.0/demo.zip",
        "labels_provided": True,
        "institution": ["alan-turing-institute"],
        "tags": ["help-needed", "3D", "cell", "cell-counting"],
    }


@pytest.mark.parametrize("kind", samples.FIRST_ENTRIES)
def test_a_catalog_is_published_entry_by_entry_and_the_input_stays(kind):
    entry = samples.FIRST_ENTRIES[kind]
    data = samples.catalog(kind, entry, samples.ENTRIES[kind], "no entry")
    before = copy.deepcopy(data)
    assert normalise(data) == samples.catalog(kind, normalise(entry), samples.ENTRIES[kind], "no entry")
    assert data == before


@pytest.mark.parametrize("form", ["catalog", "entry"])
def test_the_client_s_own_form_stays_as_it_is(form):
    for _, data in samples.originals(form):
        assert list(changes(data)) == []
        assert normalise(data) == data


@pytest.mark.parametrize(
    ("entry", "published"),
    [
        ({"pkg_url": "a", "name": 5, "tags": [1, True, "b", None]}, {"pkg_url": "a", "name": "5", "tags": ["1", "True", "b", None]}),
        ({"pkg_url": "a", "scivision_usable": "Yes"}, {"pkg_url": "a", "scivision_usable": True}),
        ({"pkg_url": "a", "scivision_usable": 0}, {"pkg_url": "a", "scivision_usable": False}),
        ({"pkg_url": "a", "scivision_usable": "maybe"}, {"pkg_url": "a", "scivision_usable": "maybe"}),
        ({"pkg_url": "a", "url": " https://b.c\n"}, {"pkg_url": "a", "url": "https://b.c"}),
        ({"pkg_url": "a", "institution": " "}, {"pkg_url": "a", "institution": []}),
        ({"pkg_url": "a", "format": 5, "pretrained": "maybe"}, {"pkg_url": "a", "format": 5, "pretrained": "maybe"}),
        ({"pkg_url": "a", "pretrained": "no", "labels_required": 1}, {"pkg_url": "a"}),
        ({"domains": [], "pretrained": True}, {"domains": [], "pretrained": True}),
        ({"header": "a", "institution": "b", "format": "c"}, {"header": "a", "institution": "b", "format": "c"}),
        ({"name": 1}, {"name": "1"}),
    ],
)  # fmt: skip
def test_only_a_closed_list_is_changed(entry, published):
    assert normalise(entry) == published


def test_the_family_may_be_told():
    assert normalise({"format": "image"}, "scivision-model-entry") == {}
    assert normalise({"format": "image"}) == {"format": "image"}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        *((True, True), (False, False), (1, True), (0.0, False), ("ON", True), ("f", False)),
        *((2, None), ("", None), ("yes ", None), (None, None), ([], None), (float("nan"), None)),
    ],
)
def test_true_and_false_as_the_client_reads_them(value, read):
    assert switch(value) is read
