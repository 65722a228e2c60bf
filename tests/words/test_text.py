"""Contributed text made harmless: nothing that it says gets out of a comment."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words.text import clean, code, count, escape, fence, line, prose, row
from tests.fakes import markdown

HOSTILE = (
    "@everyone", "@ada", "`", "``", "```", "~~~", "[skip ci]", "Closes #1", "fixes zoo/collection#2", "GH-3", "gh-3",
    "<b>", "</details>", "<!-- accession:report -->", "-->", "<!--", "|", "\\", "\\|", "\n", "\r\n", "\r", "\t", "#", "*",
    "_", "~", "![x](y)", "[x](https://evil.example)", "https://evil.example/a", "www.evil.example", "ftp://evil.example",
    "me@evil.example", "CVE-2021-42574", "\u202eabc\u202c", "\u2066", "\u061c", "\u200f", "\x00", "\x1b[31m", "\x7f",
    "&lt;b&gt;", "&#64;ada", "---", "1. ", "- ", "> ", "    ", "$x$", "\ud800", "é", "…", "\u2028", "<https://evil.example>",
    "mailto:a@evil.example", "&commat;ada", "\\@ada", "\\`",
)  # fmt: skip
texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6)), max_size=14).map("".join),
)


@given(texts)
def test_escaped_text_shows_no_mention_reference_html_or_link(text):
    shown = f"Before {escape(text)} after."
    assert markdown.escapes(shown) == []
    assert markdown.code(shown) == []


@given(texts)
def test_escaped_text_is_one_paragraph(text):
    kinds = [t.type for t in markdown.tokens(f"Before {escape(text)} after.") if t.block]
    assert kinds == ["paragraph_open", "inline", "paragraph_close"]


@given(texts)
def test_prose_keeps_code_and_lets_nothing_else_out(text):
    assert markdown.escapes(f"Before {prose(text)} after.") == []


@given(texts)
def test_inline_code_is_one_span_that_holds_it_all(text):
    shown = f"Before {code(text)} after."
    assert markdown.escapes(shown) == []
    assert len(markdown.code(shown)) == 1
    assert markdown.prose(shown).split() == ["Before", "after."]


@given(texts, texts)
def test_a_table_row_of_code_and_prose_keeps_its_cells(first, second):
    table = "\n".join(["| a | b |", "|---|---|", row(code(first), f"x {prose(second)}")])
    cells = [t.type for t in markdown.tokens(table) if t.type == "td_open"]
    assert len(cells) == 2
    assert [t.type for t in markdown.tokens(table)].count("tr_open") == 2
    assert markdown.escapes(table) == []


@given(texts)
def test_a_fence_is_one_block_and_ends_where_it_should(text):
    shown = f"Before\n\n{fence(text)}\n\nAfter @nobody"
    assert [t.type for t in markdown.tokens(shown)].count("fence") == 1
    assert "After @nobody" in markdown.prose(shown)
    assert markdown.html(shown) == []
    (block,) = markdown.code(shown)
    assert block.rstrip("\n") == clean(text).strip("\n").rstrip("\n")


@given(texts)
def test_clean_text_can_be_written_and_is_clean_already(text):
    once = clean(text)
    assert clean(once) == once
    assert once.encode().decode() == once


@given(texts, st.integers(min_value=1, max_value=40))
def test_a_line_is_one_line_of_its_length(text, limit):
    found = line(text, limit)
    assert len(found) <= limit
    assert len(found.splitlines()) <= 1
    assert found == found.strip()


def test_a_long_line_is_cut_with_a_sign():
    assert line("a b c d", 5) == "a b …"
    assert line("a b c", 5) == "a b c"


def test_paired_back_ticks_stay_code_and_a_lone_one_is_text():
    assert prose("write `a_b` here") == "write `a_b` here"
    assert prose("write `a_b here") == "write \\`a\\_b here"


def test_code_takes_a_longer_delimiter_than_any_inside():
    assert code("a``b") == "```a``b```"
    assert code("`") == "`` ` ``"
    assert code("") == "` `"


def test_a_long_fence_keeps_its_tail():
    shown = fence("x" * 30 + "the end", limit=10)
    assert shown == "```text\n…xxxthe end\n```"


def test_a_fence_names_its_language_and_is_longer_than_back_ticks_inside():
    assert fence("````", language="yaml") == "`````yaml\n````\n`````"


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0 errors"), (1, "1 error"), (2, "2 errors"), (1234, "1,234 errors")]
)
def test_counts_are_words_for_people(number, shown):
    assert count(number, "error") == shown


def test_an_odd_plural_can_be_given():
    assert count(2, "query", "queries") == "2 queries"


def test_github_does_not_find_a_mention_after_the_space_of_no_width():
    assert re.fullmatch(r"@\u200beveryone", escape("@everyone"))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_known_trick_gets_out_of_any_of_the_four(text):
    twice = f"{text} a {text}"
    shown = "\n\n".join([f"x {escape(twice)}", f"x {prose(twice)}", f"x {code(twice)}", fence(twice), "The end."])
    assert markdown.escapes(shown) == []
    assert markdown.prose(shown).rstrip().endswith("The end.")
    assert shown.encode().decode() == shown
