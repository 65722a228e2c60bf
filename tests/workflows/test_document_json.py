"""JSON is read as what it is: scivision's catalogs, and whatever else begins with a bracket."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.rdf_sample import REALDATA
from workflows.document import Limits, load, pointer_of

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.text(), VALUES, max_size=5) | st.lists(VALUES, max_size=5), st.sampled_from([None, 0, 2, "\t"])
)
def test_escaped_json_is_read_as_json_reads_it(data, indent):
    document = load(json.dumps(data, indent=indent).encode())
    assert document.data == data
    assert document.problems == ()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")), max_size=5))
def test_json_with_its_characters_as_they_are_is_read(data):
    assert load(json.dumps(data, ensure_ascii=False).encode()).data == data


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('{"a":1,"b":[true,null]}', {"a": 1, "b": [True, None]}),
        ('["\\/", "\\u00e9", "\\ud83d\\ude00", "\\n"]', ["/", "é", "😀", "\n"]),
        ('{\n\t"a":\t1,\n\t"b"\n\t: [1,\t2]\r\n}\n', {"a": 1, "b": [1, 2]}),
        ('{"' + "k" * 2000 + '": 1}', {"k" * 2000: 1}),
        ('{"a": "x:y", "b": "- c", "<<": {"c": 1}}', {"a": "x:y", "b": "- c", "<<": {"c": 1}}),
        ('{"a": "1", "b": "null", "c": "2020-01-01"}', {"a": "1", "b": "null", "c": "2020-01-01"}),
        ("[1.5e3, 1E3, -0.0, 1e999, -0]", [1500.0, 1000.0, -0.0, math.inf, 0]),
        ('\ufeff  \n[{"a": []}, {}]', [{"a": []}, {}]),
        ('["\u2028"]', ["\u2028"]),
        ("[]", []),
        ("{}", {}),
    ],
)
def test_json(text, data):
    document = load(text.encode())
    assert document.data == data
    assert document.problems == ()


def test_places_of_json_with_tabs_and_escapes():
    document = load(b'{\n\t"a": "\\u00e9",\r\n\t"b": [1,\t{"c/d": 2}]\n}\n')
    assert document.position("") == (1, 1)
    assert document.position("/a") == (2, 2)
    assert document.position("/b/0") == (3, 8)
    assert document.position(pointer_of("b", 1, "c/d")) == (3, 12)
    assert document.place("/b").end_line == 3
    assert document.mark.end_line == 4
    assert document.line(3) == '\t"b": [1,\t{"c/d": 2}]'


def test_lines_of_json_are_those_of_the_document():
    document = load('["\u2028",\n1]'.encode())
    assert document.position("/1") == (3, 1)
    assert document.line(3) == "1]"


def test_a_name_that_stands_twice():
    document = load(b'{\n"a": 1,\n"a": 2}')
    assert document.data == {"a": 1}
    (problem,) = document.problems
    assert (problem.rule, problem.line, problem.column) == ("duplicate-key", 3, 1)
    assert "line 2" in problem.message


@pytest.mark.parametrize(
    ("raw", "rule", "line", "column"),
    [
        (b'{"a":\n["\\ud800"]}', "control-character", 2, 2),
        (b'{"\\udfff": 1}', "control-character", 1, 2),
        (b"[" * 70 + b"]" * 70, "too-deep", 1, 66),
        (b"[" + b"1," * 20_000 + b"1]", "too-many-nodes", 1, 40_000),
    ],
)
def test_limits_hold(raw, rule, line, column):
    (problem,) = load(raw).problems
    assert (problem.rule, problem.line, problem.column) == (rule, line, column)


def test_limits_can_be_wider():
    assert load(b"[" * 70 + b"]" * 70, Limits(depth=70)).readable


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("{a: 1, b: [c]}", {"a": 1, "b": ["c"]}),
        ('{"a": 1, # why\n "b": 2}', {"a": 1, "b": 2}),
        ('["a", "b",]', ["a", "b"]),
        ("[NaN, Infinity, .nan]", None),
        ("[1] # one", [1]),
    ],
)
def test_what_only_begins_like_json_is_yaml(text, data):
    document = load(text.encode())
    assert document.readable
    assert data is None or document.data == data


def test_what_only_begins_like_json_has_no_tabs():
    (problem,) = load(b"{a: 1,\n\tb: x\ty}").problems
    assert problem.rule == "tab"


def test_constants_of_javascript_are_text():
    assert load(b"[NaN, Infinity, -Infinity]").data == ["NaN", "Infinity", "-Infinity"]


@pytest.mark.realdata
def test_the_catalogs_of_scivision():
    paths = sorted((REALDATA / "scivision").glob("*.json"))
    if not paths:
        pytest.skip(f"no real catalogs at {REALDATA}")
    for path in paths:
        document = load(path.read_bytes())
        assert document.data == json.loads(path.read_text()), path.name
        assert document.problems == ()
