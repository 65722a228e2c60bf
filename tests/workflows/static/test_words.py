import pytest

from workflows.document import load
from workflows.static.words import add_after, field, near, replace_key, replace_value, show

TEXT = b"""a: 'old'
b: old old
c: |
  old
d: {e: old}
'f': old
? g
: old
"""
DOCUMENT = load(TEXT)
UNREADABLE = load(b"a: b: c")


def test_fields_and_values_in_words():
    assert field("") == "the file"
    assert field("/inputs/0/a~1b") == "inputs[0].a/b"
    assert [show(one) for one in ({}, {"a": 1}, [], [1], None, True, 1.5, "x" * 99)] == [
        *("an empty mapping", "a mapping", "an empty list", "a list of 1", "empty", "true", "1.5"),
        repr("x" * 60 + "…"),
    ]


def test_near_words():
    assert near("ONNX", ["onnx"]) == "onnx"
    assert near("onx", ["onnx", "torchscript"]) == "onnx"
    assert near("zzz", ["onnx"]) is None


@pytest.mark.parametrize(
    ("pointer", "new", "text"),
    [
        ("/a", "a: b", "a: 'a: b'"),
        ("/d/e", "1: 2", "d: {e: '1: 2'}"),
        ("/d/e", "new", "d: {e: new}"),
        ("/a", "it's", None),
        ("/b", "new", None),
        ("/c", "new", None),
        ("/g", "new", None),
    ],
)
def test_a_value_is_replaced_where_that_is_unambiguous(pointer, new, text):
    found = replace_value(DOCUMENT, pointer, "old", new)
    assert (found and found.text) == text


def test_nothing_is_suggested_without_a_place():
    assert replace_value(UNREADABLE, "/a", "b", "c") is None
    assert replace_key(UNREADABLE, "/a", "a", "b") is None
    assert add_after(UNREADABLE, "/a", "b: 1") is None


def test_keys_and_new_lines():
    assert replace_key(DOCUMENT, "/b", "b", "bb").text == "bb: old old"
    assert replace_key(DOCUMENT, "/f", "f", "ff") is None
    assert add_after(DOCUMENT, "/a", "z: 1").text == "a: 'old'\nz: 1"
    assert add_after(DOCUMENT, "/d/e", "z: 1") is None
