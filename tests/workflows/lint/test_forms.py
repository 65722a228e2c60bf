"""What programs read: JSON lines, GitHub's commands, SARIF."""

import json

import jsonschema
import pytest
from referencing import Registry, Resource

from tests.workflows.lint.helpers import ADVICE, FLOOR, UNKNOWN, WHOLE, judged
from tests.workflows.static.registry import SCHEMAS
from workflows.lint import sarif
from workflows.lint.formats import form
from workflows.lint.github import file_commands
from workflows.lint.jsonl import file_line
from workflows.lint.judged import Tally
from workflows.static import RULES
from workflows.static.finding import Finding


@pytest.fixture(scope="module")
def line_schema():
    report = json.loads((SCHEMAS / "report.schema.json").read_text("utf-8"))
    del report["$id"]
    registry = Registry().with_resource("accession/lint/report.schema.json", Resource.from_contents(report))
    schema = json.loads((SCHEMAS / "lint.schema.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema, registry=registry)


def test_a_line_of_json(line_schema):
    line = file_line(judged(UNKNOWN, FLOOR))
    assert line.isascii()
    assert line.count("\n") == 1
    said = json.loads(line)
    line_schema.validate(said)
    assert (said["file"], said["valid"], said["acceptable"]) == ("folder/rdf.yaml", False, False)
    assert said["findings"] == [UNKNOWN.as_json(), FLOOR.as_json()]


@pytest.mark.parametrize(
    ("findings", "valid", "acceptable"),
    [((), True, True), ((ADVICE,), True, True), ((ADVICE, FLOOR), True, False), ((WHOLE, ADVICE), False, False)],
)
def test_valid_is_the_specification_s_verdict_and_acceptable_the_collection_s(findings, valid, acceptable, line_schema):
    said = json.loads(file_line(judged(*findings)))
    line_schema.validate(said)
    assert (said["valid"], said["acceptable"]) == (valid, acceptable)


def test_names_and_words_that_are_no_unicode_stay_json(line_schema):
    half = Finding("error", "r", "/a", "half \ud800 a character", "")
    said = json.loads(file_line(judged(half, file="b\udcff.yaml")))
    line_schema.validate(said)
    assert (said["file"], said["findings"][0]["message"]) == ("b\ufffd.yaml", "half ? a character")


def test_commands_of_a_workflow_log():
    assert file_commands(judged(UNKNOWN, FLOOR, WHOLE, ADVICE, file="a,b:c%.yaml")).splitlines() == [
        "::error file=a%2Cb%3Ac%25.yaml,line=2,col=1,title=unknown-field::'licence' is no field that is known.%0ADid you mean `license`?",
        "::error file=a%2Cb%3Ac%25.yaml,line=3,col=8,title=format-version::It is older, 100%25: 0.4.0,\\x0athan \\u202etaken.",
        "::error file=a%2Cb%3Ac%25.yaml,title=not-a-mapping::The file is not a mapping.%0ABegin it with 'type: model'.",
        "::warning file=a%2Cb%3Ac%25.yaml,line=1,col=1,title=covers::There is no cover picture.%0AAdd one.",
    ]


def whole_sarif(*files, tally=None):
    way = form("sarif")
    return json.loads(way.head + way.between.join(filter(None, map(way.one, files))) + way.tail(tally or Tally()))


def test_sarif_of_nothing_and_of_what_could_not_be_judged():
    (run,) = whole_sarif()["runs"]
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]
    (run,) = whole_sarif(tally=Tally(unusable=1))["runs"]
    assert run["invocations"] == [{"executionSuccessful": False}]


def test_sarif_has_the_rules_the_places_and_the_fixes():
    said = whole_sarif(judged(UNKNOWN, FLOOR), judged(), judged(WHOLE, ADVICE, file="/b c/ä.yaml"))
    assert (said["version"], said["$schema"].rsplit("/", 1)[1]) == ("2.1.0", "sarif-2.1.0.json")
    (run,) = said["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.name for rule in RULES]
    assert rules[0]["help"]["text"] == RULES[0].fix
    assert [one["level"] for one in run["results"]] == ["error", "error", "error", "note"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    first, second, third, _ = run["results"]
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "folder/rdf.yaml"},
                "region": {"startColumn": 1, "startLine": 2},
            }
        }
    ]
    assert first["fixes"] == [
        {
            "description": {"text": "Did you mean `license`?"},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": "folder/rdf.yaml"},
                    "replacements": [
                        {
                            "deletedRegion": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 13},
                            "insertedContent": {"text": "license: MIT"},
                        }
                    ],
                }
            ],
        }
    ]
    assert (second["properties"], "fixes" in second) == ({"level": "policy", "pointer": "/name"}, False)
    assert third["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "file:///b%20c/%C3%A4.yaml"}}}]


SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "items": {
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "tool": {"properties": {"driver": {"required": ["name"]}}},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {"items": {"required": ["executionSuccessful"]}},
                    "results": {
                        "items": {
                            "required": ["message"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "message": {"required": ["text"], "properties": {"text": {"minLength": 1}}},
                                "locations": {"type": "array", "maxItems": 10},
                                "fixes": {"items": {"required": ["artifactChanges"]}, "uniqueItems": True},
                            },
                        }
                    },
                },
            }
        },
    },
}
"""What the standard's own schema asks of the parts that are used here (SARIF 2.1.0, sections 3.13 to 3.57)."""


def test_sarif_is_what_the_standard_asks():
    jsonschema.validate(whole_sarif(judged(UNKNOWN, FLOOR, WHOLE, ADVICE), judged(ADVICE)), SARIF)


def test_a_rule_that_is_not_in_the_book_is_told_without_its_index():
    (run,) = whole_sarif(judged(Finding("error", "nobody-s", "", "m", "")))["runs"]
    assert "ruleIndex" not in run["results"][0]


@pytest.mark.parametrize(
    ("file", "uri"), [("a/b.yaml", "a/b.yaml"), ("a b#?.yaml", "a%20b%23%3F.yaml"), ("c:d.yaml", "c%3Ad.yaml")]
)
def test_uris_are_escaped(file, uri):
    assert sarif.uri(file) == uri
