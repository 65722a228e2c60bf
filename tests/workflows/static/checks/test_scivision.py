"""What is said of a scivision catalog that the client refuses, or that is published otherwise than it is written."""

import json

import pytest

from tests.workflows.static.scivision import samples
from tests.workflows.static.scivision.ours import only, said
from workflows.static import CHECKS

TASKS = "classification, object-detection, segmentation, thresholding, shape-analysis, object-tracking, other"


@pytest.mark.parametrize(
    ("change", "message", "fix", "right"),
    [
        ({"pkg_url": ...}, "The file has no `pkg_url` (what pip installs the model from: a package name, or git+https://…@branch).", 'Add `"pkg_url": …`.', None),
        ({"instituton": []}, "`instituton` is no field of a scivision model entry.", "Remove it.", None),
        ({"institution": ..., "instituton": []}, "`instituton` is no field of a scivision model entry.", "Did you mean `institution`?", '  "institution": []'),
        ({"institution": ..., "weight": 5}, "`weight` is no field of a scivision model entry.", "Remove it. Known and still free here: institution.", None),
        ({"tasks": "segmentaton"}, "`tasks` is 'segmentaton', but has to be a list of the tasks that the model performs.", 'Did you mean ["segmentation"]?', '  "tasks": ["segmentation"],'),
        ({"tasks": "Other, object detection"}, "`tasks` is 'Other, object detection', but has to be a list of the tasks that the model performs.", 'Did you mean ["other", "object-detection"]?', '  "tasks": ["other", "object-detection"],'),
        ({"tasks": "counting"}, "`tasks` is 'counting', but has to be a list of the tasks that the model performs.", "Write a list of the tasks that the model performs.", None),
        ({"tasks": ["Shape Analysis"]}, f"`tasks[0]` is 'Shape Analysis', but has to be one of {TASKS}.", 'Did you mean "shape-analysis"?', '    "shape-analysis"'),
        ({"tasks": ["counting"]}, f"`tasks[0]` is 'counting', but has to be one of {TASKS}.", "Write one of these.", None),
        ({"tasks": [5]}, f"`tasks[0]` is 5, but has to be one of {TASKS}.", "Write one of these.", None),
        ({"tags": "plants"}, "`tags` is 'plants', but has to be a list of words that it is found by.", 'Did you mean ["plants"]?', '  "tags": ["plants"]'),
        ({"tags": ["a", None]}, "`tags[1]` is empty, but has to be text.", "Write text.", None),
        ({"name": None}, "`name` is empty, but has to be a short name that no other model of the catalog has.", "Write a short name that no other model of the catalog has.", None),
        ({"scivision_usable": "maybe"}, "`scivision_usable` is 'maybe', but has to be true where `scivision.load_pretrained_model` can load it, else false.", "Write true where `scivision.load_pretrained_model` can load it, else false.", None),
        ({"url": "example.org/a"}, "`url` 'example.org/a' is no web address: it does not begin with https:// or the like.", 'Did you mean "https://example.org/a"?', '  "url": "https://example.org/a",'),
        ({"url": "a"}, "`url` 'a' is no web address: it does not begin with https:// or the like.", "Write the web address of the model's scivision file, or of its repository.", None),
        ({"url": ""}, "`url` '' is no web address: it is empty.", "Write the web address of the model's scivision file, or of its repository.", None),
        ({"url": "https://a b"}, "`url` 'https://a b' is no web address: there is a blank in it.", "Write the web address of the model's scivision file, or of its repository.", None),
        ({"url": "https://a:99999"}, "`url` 'https://a:99999' is no web address: its host, its port or a character in it is wrong.", "Write the web address of the model's scivision file, or of its repository.", None),
        ({"url": "https://\u0627a.org"}, "`url` 'https://\u0627a.org' has a host name that no name server can know.", "Correct the name of the host.", None),
        ({"url": 5}, "`url` '5' is no web address: it does not begin with https:// or the like.", "Write the web address of the model's scivision file, or of its repository.", None),
    ],
)  # fmt: skip
def test_each_fault_is_told_once_in_the_contributor_s_words(change, message, fix, right):
    data = {name: value for name, value in {**samples.MODEL, **change}.items() if value is not ...}
    found = only(data)
    assert (found.message, found.fix, found.suggestion and found.suggestion.text) == (message, fix, right)
    assert found.line


def test_a_fault_of_a_catalog_stands_at_its_line():
    data = samples.catalog(
        "project", samples.PROJECT, {**samples.PROJECT, "name": "Dawn", "models": "Leaf counter"}, description="x"
    )
    entry, top = sorted(said(samples.text(data)).of("error"), key=lambda one: -len(one.pointer))
    assert (entry.pointer, samples.text(data).split("\n")[entry.line - 1]) == (
        "/entries/1/models",
        '      "models": "Leaf counter",',
    )
    assert top.message == "`description` is no field of a scivision project catalog."
    assert (
        only(samples.catalog("model", "Leaf counter")).message
        == "`entries[0]` is 'Leaf counter', but has to be a mapping of fields to values."
    )
    assert (
        only({"catalog_type": "scivision model catalog", "name": "a"}).message
        == "The file has no `entries` (a list of models)."
    )
    assert (
        only(samples.catalog("model") | {"entries": {}}).message
        == "`entries` is an empty mapping, but has to be a list of models."
    )


def test_two_entries_have_no_name_in_common():
    data = samples.catalog(
        "datasource", samples.DATASOURCE, samples.LEAST["datasource"], {**samples.DATASOURCE, "name": "Light"}
    )
    found = only(data)
    assert (found.rule, found.pointer) == ("scivision-name", "/entries/2/name")
    assert found.message == "`entries[2].name` 'Light' is the name of `entries[1]` already (line 25)."
    numbers = samples.catalog("model", {"name": 1, "pkg_url": "a"}, {"name": "1", "pkg_url": "b"})
    assert only(numbers).pointer == "/entries/1/name"


def test_entries_of_another_kind_than_the_catalog_s():
    data = {**samples.catalog("model", samples.MODEL), "catalog_type": "scivision datasource catalog"}
    found = only(data)
    assert found.message == "`catalog_type` is 'scivision datasource catalog', but the entries are models."
    assert found.suggestion.text == '  "catalog_type": "scivision model catalog",'


def test_of_a_key_that_stands_twice_in_json_the_last_counts_as_for_the_client():
    twice = '{"name": "a", "pkg_url": "b", "tags": [], "tags": %s}'
    good, bad = said(twice % "[]"), said(twice % "5")
    assert (good.valid, [one.rule for one in good.of("policy")]) == (True, ["duplicate-key"])
    assert [one.pointer for one in bad.of("error")] == ["/tags"]
    assert not said("name: a\npkg_url: b\nname: c\n").valid


def test_json_that_only_yaml_s_readers_read_is_refused():
    found = only('{"name": "a", "pkg_url": "b",}')
    assert (found.rule, found.message) == ("json", "JSON has no comma after the last value.")
    assert only("{name: a, pkg_url: b}").rule == "json"
    missing = only('{\n  "name": "a"\n  "pkg_url": "b"\n}')
    assert (missing.rule, missing.line, missing.suggestion.text) == ("json", 2, '  "name": "a",')


def test_a_list_of_entries_is_no_catalog():
    found = only(json.dumps([samples.MODEL]))
    assert (found.rule, found.message) == ("not-a-mapping", "The entries of the catalog stand in a list of their own.")


def test_a_catalog_is_asked_nothing_that_only_an_rdf_has():
    asked = {
        check.look.__module__.rpartition(".")[2]
        for check in CHECKS
        if check.applies("scivision-model-entry", "scivision-model-entry")
    }
    assert asked == {"document", "scivision", "scivision_form", "scivision_guide"}


def test_every_rule_is_declared_by_the_check_that_tells_it():
    named = {rule.name for check in CHECKS for rule in check.rules}
    for data in (
        samples.FIRST_MODEL,
        samples.catalog("model", {}, "a"),
        {"name": 1, "header": "", "tags": None, "x": 1},
    ):
        assert {one.rule for one in said(samples.text(data)).findings} <= named
