"""Collections of 0.2, which bioimageio.spec no longer judges: by the specification as it was."""

import pytest

from tests.workflows.static.helpers import text_findings

HEAD = "type: collection\nname: Zoo\ndescription: d\nsomething: else\n"
ENTRIES = "[{id: a, type: model}, {rdf_source: b/rdf.yaml}, {rdf_source: 'https://example.com/rdf.yaml', id: c}]"


def errors(version, rest):
    return [
        (one.rule, one.pointer, one.message)
        for one in text_findings(f"format_version: {version}\n{HEAD}{rest}\n")
        if one.level == "error"
    ]


@pytest.mark.parametrize(
    ("version", "rest"),
    [
        ("0.2.4", f"collection: {ENTRIES}"),
        ("0.2.2", f"collection: {ENTRIES}\nauthors: [Ada]\nmaintainers: [{{github_user: ada}}]"),
        ("0.2.1", f"model: {ENTRIES}\nnotebook: {ENTRIES}"),
        ("0.2.0", f"collection: {ENTRIES}"),
    ],
)
def test_collections_that_are_right(version, rest):
    assert errors(version, rest) == []


@pytest.mark.parametrize(
    ("version", "rest", "rule", "pointer"),
    [
        ("0.2.2", "model: [{id: a}]", "missing-field", "/collection"),
        ("0.2.2", "collection: []", "wrong-value", "/collection"),
        ("0.2.2", "collection: {}", "wrong-value", "/collection"),
        ("0.2.2", "collection: [{name: a}]", "wrong-value", "/collection/0"),
        ("0.2.2", "collection: [{id: null}]", "wrong-value", "/collection/0"),
        ("0.2.2", "collection: [a]", "wrong-value", "/collection/0"),
        ("0.2.2", "collection: [{id: ''}]", "wrong-value", "/collection/0/id"),
        ("0.2.2", "collection: [{rdf_source: /abs}]", "wrong-value", "/collection/0/rdf_source"),
        ("0.2.2", "collection: [{id: a}, {id: b}, {id: a}]", "entry", "/collection/2/id"),
        ("0.2.2", "collection: [{id: a, type: collection}]", "entry", "/collection/0/type"),
        ("0.2.2", "collection: [{id: a, authors: [{name: n, orcid: x}]}]", "orcid", "/collection/0/authors/0/orcid"),
        ("0.2.2", "collection: [{id: a}]\nauthors: 3", "wrong-value", "/authors"),
    ],
)
def test_collections_that_are_wrong(version, rest, rule, pointer):
    assert [one[:2] for one in errors(version, rest)] == [(rule, pointer)]


def test_an_id_that_stands_twice_is_told_with_the_first():
    ((_, _, message),) = errors("0.2.2", "collection: [{id: a}, {id: a}]")
    assert message == "`collection[1].id` 'a' is the id of `collection[0]` already."
