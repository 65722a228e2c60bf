"""Suggestions written into lines: whole lines, from the bottom up, other bytes untouched, and a commit that says what it did."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.records.suggestions import Applied, offers
from bot.records.verdict import Suggestion
from bot.review.corrections import applied, corrected, message
from tests.fakes.facts import PLACE, finding, verdict

FILE = b"one: 1\ntwo: 2\nthree: 3\nfour: 4\n"


def chosen(*suggestions):
    found = tuple(finding(number, suggestion=Suggestion(*spot)) for number, spot in enumerate(suggestions, 1))
    return offers(replace(verdict("failed"), findings=found))


def made(content, *suggestions):
    found = corrected(content, chosen(*suggestions))
    return found and found.content


@pytest.mark.parametrize(
    ("suggestions", "expected"),
    [
        ([(2, 2, "two: II")], b"one: 1\ntwo: II\nthree: 3\nfour: 4\n"),
        ([(1, 1, "one: I\nnew: x"), (3, 4, "three: III")], b"one: I\nnew: x\ntwo: 2\nthree: III\n"),
        ([(4, 4, "four: IV"), (1, 1, "one: I")], b"one: I\ntwo: 2\nthree: 3\nfour: IV\n"),
        ([(2, 3, "")], b"one: 1\nfour: 4\n"),
        ([(2, 2, "two: 2\n")], b"one: 1\ntwo: 2\n\nthree: 3\nfour: 4\n"),
        ([(1, 4, "all: 1")], b"all: 1\n"),
        ([(2, 2, "two: 2")], FILE),
    ],
    ids=["one line", "more and fewer lines", "any order", "taken away", "an empty line after", "all", "the same"],
)
def test_whole_lines_are_replaced(suggestions, expected):
    assert made(FILE, *suggestions) == expected


@pytest.mark.parametrize(
    ("content", "suggestion", "expected"),
    [
        (b"a: 1\r\nb: 2\r\n", (1, 1, "a: 2\nc: 3"), b"a: 2\r\nc: 3\r\nb: 2\r\n"),
        (b"a: 1\nb: 2", (2, 2, "b: 3"), b"a: 1\nb: 3"),
        (b"a: 1\nb: 2", (2, 2, "b: 3\nc: 4"), b"a: 1\nb: 3\nc: 4"),
        ("ä: 1\nb: 2\n".encode(), (2, 2, "ö: 2"), "ä: 1\nö: 2\n".encode()),
        (b"\xef\xbb\xbfa: 1\nb: 2\n", (2, 2, "b: 3"), b"\xef\xbb\xbfa: 1\nb: 3\n"),
    ],
    ids=["CRLF", "no last line end", "no last line end, two lines", "not ASCII", "byte order mark"],
)
def test_what_ends_the_lines_stays(content, suggestion, expected):
    assert made(content, suggestion) == expected


@pytest.mark.parametrize(
    ("content", "suggestion"),
    [
        (FILE, (4, 5, "x")),
        (b"", (1, 1, "x")),
        (b"a: 1\rb: 2\n", (1, 1, "x")),
        ("a: 1\u2028b: 2\n".encode(), (1, 1, "x")),
        ("a: 1\x85b: 2\n".encode(), (1, 1, "x")),
        (b"a: \xff\n", (1, 1, "x")),
        (FILE, (1, 1, "a: \ud800")),
    ],
    ids=["beyond the end", "empty", "CR alone", "line separator", "next line", "not UTF-8", "lone surrogate"],
)
def test_a_file_whose_lines_are_not_those_of_the_report_is_left_alone(content, suggestion):
    assert made(content, suggestion) is None


def test_of_two_that_overlap_the_first_is_written():
    found = corrected(FILE, chosen((2, 3, "both: 1"), (3, 3, "three: III"), (4, 4, "four: IV"), (1, 4, "all: 1")))
    assert found.content == b"one: 1\nboth: 1\nfour: IV\n"
    assert [offer.number for offer in found.written] == [1, 3]
    assert [offer.number for offer in found.overlapping] == [2, 4]


def test_the_commit_says_ids_and_numbers_and_is_understood_again():
    found = corrected(FILE, chosen((2, 3, "both: 1"), (3, 3, "three: III"), (4, 4, "four: IV")))
    said = message(PLACE, found, 700012)
    assert said == ("Apply suggestions 1, 3 to brave-otter 1001\n\nLines: 2-3, 4-4\nOverlapping: 2\nCommand: 700012\n")
    assert applied(said) == applied(said.rstrip("\n")) == Applied(700012, ((2, 3), (4, 4)), (2,))


def test_one_suggestion_is_one():
    found = corrected(FILE, chosen((2, 2, "two: II")))
    assert message(PLACE, found, 7) == "Apply suggestion 1 to brave-otter 1001\n\nLines: 2-2\nCommand: 7\n"
    assert applied(message(PLACE, found, 7)) == Applied(7, ((2, 2),))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Add brave-otter 1001\n\nConcept: zenodo-1000\nSource: a\n",
        "Apply suggestion 1 to brave-otter 1001",
        "Apply suggestion 1 to brave-otter 1001\n\nLines: 2-2\nCommand: seven\n",
        "Merge\n\nApply suggestion 1 to brave-otter 1001\n\nLines: 2-2\nCommand: 7\n",
        "Apply suggestion 1 to brave-otter 1001\n\nLines: 2-2\nCommand: 7\nCommand: 8\n",
    ],
)
def test_other_commits_say_nothing(text):
    assert applied(text) is None


lines = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), max_size=9))


@given(lines, st.data())
def test_lines_that_no_suggestion_names_stay_byte_for_byte(old, data):
    content = "".join(f"{line}\n" for line in ["first", *old])
    start = data.draw(st.integers(1, len(old) + 1))
    end = data.draw(st.integers(start, len(old) + 1))
    before, after = ["first", *old][: start - 1], ["first", *old][end:]
    new = data.draw(lines.filter(bool))
    expected = "".join(f"{line}\n" for line in [*before, *new, *after]) if "\n".join(new) else None
    if expected is not None:
        assert made(content.encode(), (start, end, "\n".join(new))) == expected.encode()
