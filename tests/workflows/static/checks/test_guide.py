"""Advice: tags, citation, links, documentation."""

import pytest

from tests.agreement.samples.generic import least
from tests.workflows.rdf_sample import MODEL_04
from tests.workflows.static.helpers import text_findings

GOOD = least("dataset", "0.2.4") + "tags: [nuclei, 2d, fluorescence]\ndocumentation: README.md\ncovers: [c.png]\n"


def said(text, *rules):
    found = text_findings(text)
    assert {one.level for one in found if one.rule in rules} <= {"warning"}
    return [(one.pointer, one.message) for one in found if one.rule in rules]


def test_a_good_entry_needs_no_advice():
    assert said(MODEL_04, "tags", "cite", "links", "readme", "covers") == []
    assert said(GOOD, "tags", "cite", "links", "readme", "covers") == []


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ("[]", "There are no `tags`: nobody will find it."),
        ("[model, dataset, nuclei, 2d]", "`tags` has fewer than 3 words that somebody would search for."),
        ("[nuclei, Nuclei, NUCLEI]", "`tags` has fewer than 3 words that somebody would search for."),
    ],
)
def test_tags(tags, message):
    assert said(GOOD.replace("[nuclei, 2d, fluorescence]", tags), "tags") == [("/tags", message)]


def test_an_application_may_have_few_tags():
    assert said(GOOD.replace("dataset", "application").replace("[nuclei, 2d, fluorescence]", "[icy]"), "tags") == []


def test_a_model_has_something_to_cite():
    assert said(MODEL_04.replace("cite:\n- text: A paper\n  doi: 10.1234/abc\n", ""), "cite") == [
        ("/cite", "There is nothing to `cite`.")
    ]


def test_links_are_ids():
    assert said(MODEL_04.replace("links: [ilastik/ilastik]\n", ""), "links") == [
        ("/links", "There are no `links` to what the model is used with.")
    ]
    assert said(GOOD + "links: ['https://x.org/a', a/b]\n", "links") == [
        ("/links/0", "`links[0]` 'https://x.org/a' is an address; links are ids of other resources.")
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("null", "There is no `documentation`."),
        ("docs.txt", "`documentation` 'docs.txt' is not named as Markdown."),
        ("usage.md", "`documentation` 'usage.md' is not named README.md, where people look first."),
        ("docs/README.md", None),
        ("https://example.com/docs/", None),
        ("3", None),
    ],
)
def test_documentation(source, message):
    found = said(GOOD.replace("README.md", source), "readme")
    assert found == ([("/documentation", message)] if message else [])


def test_documentation_as_a_mapping():
    text = GOOD.replace("0.2.4", "0.3.4").replace("README.md", "{source: usage.md}")
    assert said(text, "readme")[0][0] == "/documentation/source"


def test_covers():
    assert said(GOOD.replace("covers: [c.png]\n", ""), "covers") == [("/covers", "There is no cover picture.")]


def test_what_the_schema_tells_is_not_told_again():
    wrong = (
        "tags: null\nlinks: a\ncovers: [c.bmp]\ndocumentation: ''\nauthors: a\nlicense: null\nname: " + "x" * 129 + "\n"
    )
    for version in ("0.2.4", "0.3.3"):
        text = GOOD.split("tags:", maxsplit=1)[0].replace("0.2.4", version).replace("name: Cells\n", "") + wrong
        told = [one.pointer.split("/")[1] for one in text_findings(text) if one.pointer != "/maintainers"]
        assert sorted(told) == sorted(set(told))


def test_a_0_4_model_without_documentation_or_licence_is_told_once():
    text = MODEL_04.replace("documentation: README.md\n", "").replace("license: MIT\n", "license: null\n")
    assert [one.rule for one in text_findings(text)] == ["missing-field", "wrong-value"]
