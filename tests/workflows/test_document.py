"""Hostile and merely wrong YAML ends in a named problem at its place, quickly."""

import math
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.hostile.corpus import BOMB
from workflows.document import LIMITS, Limits, load, pointer_of, resolve_pointer
from workflows.scalars import MEANT, Moment, resolve

WRONG = [
    ("not-utf-8", b"a: b\nc: \xff", 2, 4),
    ("not-utf-8", "a: 1".encode("utf-16"), 1, 1),
    ("control-character", b"a: b\nc: \0", 2, 4),
    ("control-character", b"a: \x07", 1, 4),
    ("control-character", b'a: "\\ud800"', 1, 4),
    ("tab", b"a:\n\tb: 1\n", 2, 1),
    ("tab", b"a: x\ty\n", 1, 5),
    ("tab", b"a: b\t\nc: d\n", 1, 5),
    ("merge-conflict", b"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", 2, 1),
    ("unknown-tag", b"a: 1\nb: !!python/object/apply:os.system [x]", 2, 4),
    ("unknown-tag", b"a: !<" + b"x" * 900_000 + b"> b", 1, 4),
    ("syntax", b"a: b: c", 1, 5),
    ("syntax", b'a: "\\UFFFFFFFF"', None, None),
    ("syntax", b"a: [1\nb: 2", 2, 2),
    ("many-documents", b"a: 1\n---\nb: 1\n", 2, 1),
    ("unknown-alias", b"a: *b", 1, 4),
    ("cyclic-alias", b"a: &a [*a]", 1, 8),
    ("alias-bomb", BOMB.encode(), 5, 28),
    ("alias-bomb", b"a: &a 1\nb: [" + b"*a ," * 1001 + b"]", 2, 4005),
    ("too-deep", b"[" * 900_000, 1, 66),
    ("too-deep", b"- " * 450_000, 1, 131),
    ("too-deep", b"a: &a " + b"[" * 40 + b"]" * 40 + b"\nb: " + b"[" * 30 + b"*a" + b"]" * 30, 2, 34),
    ("too-many-nodes", b"a: [" + b"x," * 450_000 + b"]", 1, 39999),
    ("too-large", b"x" * 1_000_001, None, None),
    ("non-string-key", b"? [a]\n: b", 1, 3),
    ("non-string-key", b"a: &a b\n*a : c", 2, 1),
    ("merge-key", b"a:\n  <<: 1\n", 2, 3),
]


@pytest.mark.parametrize(("rule", "raw", "line", "column"), WRONG, ids=[f"{n}-{w[0]}" for n, w in enumerate(WRONG)])
def test_what_cannot_be_read_is_a_problem_at_its_place_in_little_time(rule, raw, line, column):
    started = time.process_time()
    document = load(raw)
    assert time.process_time() - started < 5  # measured at most 1.2 s; wide for a busy machine
    (problem,) = document.problems
    assert (problem.rule, problem.line, problem.column) == (rule, line, column)
    assert problem.message.endswith(".")
    assert problem.fix.endswith(".")
    assert not document.readable
    assert document.data is None


def test_an_alias_bomb_takes_little_memory():
    tracemalloc.start()
    load(BOMB.encode())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_duplicate_keys_leave_readable_data_with_the_first_value():
    document = load(b"a: 1\nb: 2\na: 3\n")
    assert document.data == {"a": 1, "b": 2}
    (problem,) = document.problems
    assert (problem.rule, problem.line, problem.level) == ("duplicate-key", 3, "error")
    assert "line 1" in problem.message


def test_keys_that_are_no_text_become_text_an_error_at_the_top_only():
    document = load(b"1: a\nb: {2: c, true: d}\n")
    assert document.data == {"1": "a", "b": {"2": "c", "true": "d"}}
    assert [(problem.rule, problem.level) for problem in document.problems] == [
        ("non-string-key", "error"),
        ("non-string-key", "warning"),
        ("non-string-key", "warning"),
    ]


def test_plain_data_with_infinities_dates_and_merges():
    document = load(
        b"%YAML 1.2\n---\na: [-.inf, 1_000, 0x10, 1e3, ~, yes, '1', !!str 2, !!int 3]\nb: &b {x: 1, y: 2}\nc: {<<: *b, y: 3}\n"
    )
    assert document.data == {
        "a": [-math.inf, 1000, 16, 1000.0, None, "yes", "1", "2", 3],
        "b": {"x": 1, "y": 2},
        "c": {"y": 3, "x": 1},
    }
    assert document.problems == ()


def test_merging_a_list_of_mappings_keeps_what_came_first():
    assert load(b"- &a {x: 1}\n- &b {x: 2, y: 2}\n- {<<: [*a, *b]}\n").data[2] == {"x": 1, "y": 2}


@pytest.mark.parametrize("raw", [b"", b"# nothing\n"])
def test_an_empty_file_is_empty_data(raw):
    document = load(raw)
    assert document.readable
    assert document.data is None


def test_places_are_found_by_pointer_or_by_the_nearest_ancestor():
    document = load(b"\xef\xbb\xbfa: 1\nb:\n  - c: x\n    d/e: |\n      y\n      z\n")
    assert document.position("") == (1, 1)
    assert document.position("/b/0/c") == (3, 5)
    assert document.position(pointer_of("b", 0, "d/e")) == (4, 5)
    assert document.position("/b/0/missing/deeper") == (3, 5)
    assert document.place("/a").end_line == 1
    assert document.line(3) == "  - c: x"
    assert document.line(99) == ""
    assert load(b"a: b: c").position("/a") is None


def test_a_block_ends_with_the_last_line_of_its_last_value():
    document = load(b"a:\n  b: 1\n  c:\n  - x\n\n# d\n\ne: [1,\n  2]\nf:\ng: >\n  x\n  y\n")
    assert document.place("/a").end_line == 4
    assert document.place("/a/c").end_line == 4
    assert document.place("/e").end_line == 9
    assert document.place("/f").end_line == 10
    assert load(b"- a: 1\n- b\n").place("/0").end_line == 1


def test_what_stands_twice_is_named_with_the_first_of_each():
    document = load(b"a: 1\nb: {c: 1, c: 2}\na: 2\nb: 3\na: 4\n")
    assert document.data == {"a": 1, "b": {"c": 1}}
    said = sorted((problem.line, problem.message.rpartition("(")[2]) for problem in document.problems)
    assert said == [
        (2, "first on line 2)."),
        (3, "first on line 1)."),
        (4, "first on line 2)."),
        (5, "first on line 1)."),
    ]
    assert document.position("/a") == (1, 1)


def test_aliases_are_counted_with_what_they_stand_for():
    text = b"a: &a [1, [2]]\nb: *a\nc: &c {d: *a}\ne: *c\n"
    assert load(text, Limits(expanded=25)).data["e"] == {"d": [1, [2]]}
    assert load(text, Limits(expanded=24)).problems[0].rule == "alias-bomb"
    assert load(text, Limits(depth=4)).readable
    assert load(text, Limits(depth=3)).problems[0].rule == "too-deep"


def test_a_merge_is_no_place_of_its_own():
    document = load(b"a: &a {b: 1}\nc:\n  <<: *a\n  d: 2\n")
    assert document.data["c"] == {"d": 2, "b": 1}
    assert document.position("/c/d") == (4, 3)
    assert document.position("/c/b") == (2, 1)


def test_pointers_are_escaped_and_resolved():
    data = {"a/b": [{"~": 1}]}
    assert resolve_pointer(data, pointer_of("a/b", 0, "~")) == 1
    assert resolve_pointer(data, "/a~1b/7") is None
    assert resolve_pointer(data, "/a~1b/x") is None
    assert resolve_pointer(data, "/none") is None
    assert resolve_pointer(1, "/x") is None


def test_limits_can_be_wider():
    assert load(b"[[1]]", Limits(depth=1)).problems[0].rule == "too-deep"
    assert load(b"[[1]]", LIMITS).data == [[1]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0b101", 5),
        ("-0o17", -15),
        ("+7", 7),
        ("_", "_"),
        ("-_", "-_"),
        ("1" * 500, "1" * 500),
        ("1.5", 1.5),
        (".5", 0.5),
        ("-.INF", -math.inf),
        ("2020-8-2", "2020-08-02"),
        ("2020-08-02 17:27:54.0 +0100", "2020-08-02T17:27:54.0+01:00"),
        ("2020-08-02 17:27:54 +1", "2020-08-02T17:27:54+01:00"),
        ("2020-08-02 7:27:54 Z", "2020-08-02T07:27:54Z"),
        ("2020-08-02  7:27:54", "2020-08-02T07:27:54"),
        ("2020-08-02T17:27:54Z", "2020-08-02T17:27:54Z"),
        ("1.2.3", "1.2.3"),
        ("- x", "- x"),
    ],
)
def test_scalars(text, value):
    assert resolve(text) == value
    assert type(resolve(text)) in {type(value), Moment}
    assert isinstance(resolve(text), Moment) == (isinstance(value, str) and value.startswith("2020"))


@given(st.text(min_size=1))
def test_text_that_begins_otherwise_means_itself(text):
    assert text[0] in MEANT or resolve(text) == text


def test_not_a_number_is_read():
    assert math.isnan(resolve(".nan"))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!|>'\"\\%@`#?,.<~ \n\t0é\0", max_size=60))
def test_no_text_raises(text):
    document = load(text.encode())
    assert document.readable or document.problems
