"""Lines with one thing changed."""

import json

import pytest

from workflows.document import load
from workflows.static.edits import LONGEST, with_key, with_value, without

BLOCK = """\
{
  "a": "one",
  "b": ["x", "y"],
  "c": {"d": true, "e": "f, g"},
  "h": null
}
"""
YAML = """\
a: one  # first
b:
- x
- 'y z'
c: {d: true, e: f}
h: [x, y]
i: "quoted" # last
j: 5 apples
k: 5
"""


def edited(text, suggestion):
    assert suggestion
    lines = text.split("\n")
    lines[suggestion.start_line - 1 : suggestion.end_line] = suggestion.text.split("\n") if suggestion.text else []
    return load("\n".join(lines).encode()).data


@pytest.mark.parametrize("pointer", ["/a", "/b", "/b/0", "/b/1", "/c", "/c/d", "/c/e", "/h"])
@pytest.mark.parametrize("text", [BLOCK, json.dumps(json.loads(BLOCK)), json.dumps(json.loads(BLOCK), indent="\t")])
def test_a_value_of_json_is_replaced_where_it_stands_on_one_line(text, pointer):
    wanted = json.loads(BLOCK)
    *way, last = [int(part) if part.isdecimal() else part for part in pointer.split("/")[1:]]
    holder = wanted[way[0]] if way else wanted
    holder[last] = ["neu", 'say "ä"']
    suggestion = with_value(load(text.encode()), pointer, ["neu", 'say "ä"'])
    several = "\t" in text and pointer in {"/b", "/c"}
    assert suggestion is None if several else edited(text, suggestion) == wanted


@pytest.mark.parametrize("pointer", ["/a", "/b/0", "/b/1", "/h", "/i", "/j", "/k"])
def test_a_value_of_yaml_is_replaced_and_its_comment_stays(pointer):
    wanted = load(YAML.encode()).data
    *way, last = [int(part) if part.isdecimal() else part for part in pointer.split("/")[1:]]
    (wanted[way[0]] if way else wanted)[last] = ["neu"]
    suggestion = with_value(load(YAML.encode()), pointer, ["neu"])
    if pointer == "/h":
        assert suggestion is None  # `[x, y]` is no JSON
        return
    assert edited(YAML, suggestion) == wanted
    assert suggestion.text.endswith({"/a": "  # first", "/i": " # last"}.get(pointer, "]"))


@pytest.mark.parametrize("pointer", ["/a", "/b", "/c/d", "/c/e", "/h"])
@pytest.mark.parametrize("text", [BLOCK, json.dumps(json.loads(BLOCK)), json.dumps(json.loads(BLOCK), indent="\t")])
def test_a_field_of_json_is_removed_with_its_comma(text, pointer):
    wanted = json.loads(BLOCK)
    first, _, second = pointer[1:].partition("/")
    del (wanted[first] if second else wanted)[second or first]
    suggestion = without(load(text.encode()), pointer)
    assert suggestion is None if "\t" in text and pointer == "/b" else edited(text, suggestion) == wanted


@pytest.mark.parametrize(
    ("text", "pointer", "right"),
    [
        ('{\n"a": 1\n}', "/a", "{\n}"),
        ('{"a": 1}', "/a", "{}"),
        ('{"a": 1,\n"b": 2}', "/a", '{"b": 2}'),
        ('{"b": 1,\n"a": 2}', "/a", None),
        ('{"b": 1,\n"a": [2\n]}', "/a", None),
        ('{"b": 1\n,"a": 2}', "/a", '{"b": 1}'),
        ("b: 1\na: 2\n", "/a", "b: 1\n"),
        ("a: 2\nb: 1\n", "/a", "b: 1\n"),
        ('{"b": 1,\n\n"a": 2\n}', "/a", None),
        ("- a: 2\n  b: 1\n", "/0/a", None),
        ("b: 1\n\na: 2\n", "/a", "b: 1\n"),
        ("b: 1\na: 2 # c\n", "/a", None),
        ("c: {b: 1, a: 2}\n", "/c/a", None),
        ("b: 1\na:\n- 2\n", "/a", None),
    ],
)
def test_a_field_is_removed_only_where_the_rest_stays_right(text, pointer, right):
    suggestion = without(load(text.encode()), pointer)
    if right is None:
        assert suggestion is None
    else:
        assert edited(text, suggestion) == load(right.encode()).data


@pytest.mark.parametrize(
    ("text", "pointer", "right"),
    [
        ('{"tag": ["tag"]}', "/tag", '{"tags": ["tag"]}'),
        ("'tag': []", "/tag", "'tags': []"),
        ("tag: []", "/tag", "tags: []"),
        ('"t\\u0061g": []', "/tag", None),
        ("tag: []", "/a/b", None),
    ],
)
def test_a_field_is_renamed(text, pointer, right):
    suggestion = with_key(load(text.encode()), pointer, "tags")
    assert (suggestion and suggestion.text) == right


def test_long_lines_unreadable_files_and_keys_that_stand_twice_get_no_suggestion():
    document = load(('{"a": "' + "b" * LONGEST + '"}').encode())
    broken = load(b"{")
    twice = load(b'{"a": 1, "a": 2}')
    for one in (document, broken, twice):
        assert with_value(one, "/a", 1) is None
        assert with_key(one, "/a", "b") is None
        assert without(one, "/a") is None
