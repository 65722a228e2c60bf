"""Where JSON is broken, and the line that would be right."""

import json

import pytest

from workflows.document import load
from workflows.static.strict_json import as_json_readers_do, begins_as_json, json_fault, means_json


@pytest.mark.parametrize(
    ("text", "place", "message", "right"),
    [
        ('{\n"a": 1,\n}', (2, 7), "JSON has no comma after the last value.", '"a": 1'),
        ('{"a": [1, 2, ]}', (1, 12), "JSON has no comma after the last value.", '{"a": [1, 2 ]}'),
        ('{\n  "a": 1\n  "b": 2\n}', (2, 9), "A comma is missing after this line.", '  "a": 1,'),
        ('{"a": ["b" "c"]}', (1, 11), "A comma is missing here.", '{"a": ["b", "c"]}'),
        ("{'a': 1}", (1, 2), "JSON knows double quotes only.", None),
        ('{"a": 1, # one\n"b": 2}', (1, 10), "JSON has no comments.", None),
        ('{"a": 1} // one', (1, 10), "JSON has no comments.", None),
        ('{"a": 1}\n{"b": 2}', (2, 1), "Something stands after the end of the JSON.", None),
        ('{"a": 1', (1, 8), "The JSON ends too early: a bracket or a quotation mark is not closed.", None),
        ('{"a": True}', (1, 7), "JSON writes true, false and null in small letters.", '{"a": true}'),
        ('{"a": None}', (1, 7), "JSON writes true, false and null in small letters.", '{"a": null}'),
        ("{a: 1}", (1, 2), "The JSON cannot be read from here on.", None),
        ('{"a": "b\nc"}', (1, 9), "A text of JSON ends on the line on which it begins.", None),
        ('{"a": ' + "1" * 5000 + "}", (None, None), "A number is too long to be read.", None),
    ],
)
def test_each_mistake_is_named_at_its_place(text, place, message, right):
    document = load(text.encode())
    found = json_fault(document)
    assert found
    assert (found.line, found.column, found.message, found.rule) == (*place, message, "json")
    assert found.fix
    assert (found.suggestion and found.suggestion.text) == right


def test_a_suggestion_makes_json_of_it():
    text = '{\r\n"a": "\u2028",\r\n"b": [1, 2,]\r\n}'
    found = json_fault(load(text.encode()))
    lines = text.split("\r\n")
    assert (found.line, found.suggestion.text) == (4, '"b": [1, 2]')  # U+2028 ends a line for YAML
    assert json.loads("\r\n".join([*lines[:2], found.suggestion.text, lines[3]]))["b"] == [1, 2]


def test_json_has_no_fault_and_what_is_too_deep_is_left_to_the_reader():
    assert json_fault(load(b'{"a": NaN}')) is None
    assert json_fault(load(b'{"a": "\\u0000"}')) is None
    assert json_fault(load(b"[" * 50_000)) is None


def test_a_long_line_is_not_shown_again():
    found = json_fault(load(b'{"a": "' + b"b" * 5000 + b'",}'))
    assert (found.column, found.suggestion) == (5009, None)


@pytest.mark.parametrize(
    ("text", "begins", "means"),
    [
        ('{"a": 1}', True, True),
        (' [{ "a', True, True),
        ("{}", True, False),
        ("{a: 1}", True, False),
        ("a: {}", False, False),
        ("", False, False),
    ],
)
def test_a_text_is_meant_as_json(text, begins, means):
    assert (begins_as_json(text), means_json(text)) == (begins, means)


def test_of_a_key_that_stands_twice_the_last_counts_where_the_rest_is_json():
    twice, broken, yaml = (load(text) for text in (b'{"a": 1, "a": 2}', b'{"a": 1, "a": 2,}', b"a: 1\na: 2\n"))
    assert as_json_readers_do(twice, twice.data) == {"a": 2}
    assert as_json_readers_do(broken, broken.data) == {"a": 1}
    assert as_json_readers_do(yaml, yaml.data) == {"a": 1}
