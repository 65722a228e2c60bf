"""DOIs, in each family and inside of a model's training data."""

import pytest

from tests.agreement.samples.generic import least
from tests.workflows.rdf_sample import MODEL_04, MODEL_05
from tests.workflows.static.helpers import text_findings

OLD = least("dataset", "0.2.4")
NEW = least("dataset", "0.3.4")


def doi(text, value):
    return text_findings(text + f"cite:\n- text: A paper\n  doi: {value}\n", "doi")


@pytest.mark.parametrize(
    ("value", "old", "new", "suggestion"),
    [
        ("https://doi.org/10.1234/abc", "warning", "error", "  doi: 10.1234/abc"),
        ("http://dx.doi.org/10.1234/abc", "warning", "error", "  doi: 10.1234/abc"),
        ("doi:10.1234/abc", "error", "error", "  doi: 10.1234/abc"),
        ("https://zenodo.org/doi/10.5281/zenodo.1?a=b", "error", "error", "  doi: 10.5281/zenodo.1"),
        ("unpublished", "error", "error", None),
        ("''", "error", "error", None),
        ("'10.1234'", "error", "error", None),
        ("10.1234 abc", "warning", "warning", None),
    ],
)
def test_what_is_no_bare_doi(value, old, new, suggestion):
    for text, level in ((OLD, old), (NEW, new)):
        (found,) = doi(text, value)
        assert (found.level, found.pointer) == (level, "/cite/0/doi")
        assert (found.suggestion and found.suggestion.text) == suggestion


def test_models_are_judged_by_their_own_version():
    address = "https://doi.org/10.1234/abc"
    for text, level in ((MODEL_04, "warning"), (MODEL_05, "error")):
        (found,) = text_findings(text.replace("10.1234/abc", address), "doi")
        assert (found.level, found.fix) == (level, "Write 10.1234/abc.")
        assert found.message == f"`cite[0].doi` '{address}' is not a bare DOI."


def test_a_bare_doi_is_right():
    assert (
        doi(OLD, "10.5281/zenodo.5764892") == doi(NEW, "10.1002/(SICI)1097-0258(19980815)17:15<1661>3.0.CO;2-2") == []
    )


def test_the_data_that_a_model_was_trained_on_are_cited_too():
    inner = "training_data:\n  name: Cells\n  description: d\n  cite: [{text: t, doi: nowhere}]\n"
    (found,) = text_findings(MODEL_04 + inner, "doi")
    assert found.pointer == "/training_data/cite/0/doi"


def test_a_citation_without_an_address_is_told_at_its_place():
    found = [
        one for one in text_findings(OLD + "cite: [{text: t, url: ''}, {text: t, doi: null}]\n") if one.level == "error"
    ]
    assert [one.pointer for one in found] == ["/cite/0", "/cite/1"]
    assert found[0].message == "`cite[0]` is a mapping, but has to be a citation: text, with doi or url."


@pytest.mark.parametrize(
    ("more", "suggestion"), [("", "  url: https://github.com/a/b"), ("  url: https://example.org\n", None)]
)
def test_an_address_that_is_no_doi_belongs_to_url(more, suggestion):
    text = OLD + f"cite:\n- text: A tool\n  doi: https://github.com/a/b\n{more}"
    (found,) = text_findings(text, "doi")
    assert found.level == "error"
    assert (found.suggestion and found.suggestion.text) == suggestion
