"""Suggestions on lines: the replacement arrives byte for byte, whatever it holds, and the marker is ours or nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.blocks import block, block_key
from bot.records.suggestions import offers
from bot.records.verdict import Suggestion
from bot.words.text import exact
from tests.fakes import markdown
from tests.fakes.facts import finding, verdict
from tests.fakes.golden import golden

KEY, WHERE, PATH = b"a state key of good length", "zoo/collection#5", "collection/entries/brave-otter/1001/rdf.yaml"
HOSTILE = "@everyone Closes #1 <b>bold</b> ``` \u202egnp www.evil.example <!-- accession:suggestion "


def offer(**changes):
    (made,) = offers(replace(verdict("failed"), findings=(finding(4, **changes),)))
    return made


def made(**changes):
    return block(offer(**changes), PATH, KEY, WHERE)


def suggested(body):
    """What GitHub would write, without its last line end."""
    (found,) = [t for t in markdown.tokens(body) if t.type == "fence" and t.info == "suggestion"]
    return found.content.removesuffix("\n")


def test_a_suggestion_is_the_golden_one():
    golden("suggestion", made().body)


def test_a_suggestion_of_several_lines_is_the_golden_one():
    found = made(suggestion=Suggestion(4, 6, "cite:\n- text: a ``` b\n  doi: 10.5281/zenodo.1\n"), fix="")
    assert (found.path, found.start_line, found.end_line) == (PATH, 4, 6)
    golden("suggestion_lines", found.body)


def test_taking_lines_away_is_an_empty_suggestion():
    assert "```suggestion\n```\n" in made(suggestion=Suggestion(4, 6, "")).body


@pytest.mark.parametrize(
    "text",
    [
        "```\nx", "````", "a `b` ``c``", "  indented:\n    - x", "\tx", "trailing  ", "~~~", "<!-- x -->", "@ada #1", "\n\n", "x\n",
        "</details>", "- `" + "`" * 40, "> quote", "# title", "    code", "é \N{SNAKE}",
    ],
)  # fmt: skip
def test_the_replacement_arrives_byte_for_byte(text):
    assert suggested(made(suggestion=Suggestion(4, 5, text)).body) == text


signs = st.sampled_from(["`", "``", "```", "\n", " ", "~", "x", "-", ":", "<", ">", "#", "\t", "é", "    "])


@given(st.lists(signs, max_size=20).map("".join))
def test_no_mixture_of_signs_is_altered(text):
    assert exact(text)
    assert suggested(made(suggestion=Suggestion(4, 5, text)).body) == text


def test_contributed_words_let_nothing_out():
    found = made(message=HOSTILE, fix=HOSTILE, rule=HOSTILE, suggestion=Suggestion(4, 4, "@everyone Closes #1 ``` <b>"))
    words = found.body.rpartition("<!-- accession:suggestion ")[0]
    assert markdown.escapes(words) == []


# the marker


def test_the_marker_names_the_suggestion():
    assert block_key(made().body, KEY, WHERE) == offer().key


def test_line_ends_of_a_browser_and_space_after_it_change_nothing():
    assert block_key(made().body.replace("\n", "\r\n") + "\r\n \n", KEY, WHERE) == offer().key


@pytest.mark.parametrize(
    ("key", "where"), [(b"another key of good length", WHERE), (KEY, "zoo/collection#6"), (KEY, "fork/collection#5")]
)
def test_another_key_pull_request_or_repository_is_not_ours(key, where):
    assert block_key(made().body, key, where) is None


@pytest.mark.parametrize(
    "alter",
    [
        lambda body: body.replace(offer().key, "0" * 32),
        lambda body: body[:-10],
        lambda body: f"{body}\nSomething after it.",
        lambda body: body.replace("accession:suggestion", "accession:other"),
        lambda _body: "",
        lambda _body: "<!-- accession:suggestion x y -->",
    ],
    ids=["another key", "cut", "text after it", "another marker", "empty", "made up"],
)
def test_an_altered_marker_is_not_ours(alter):
    assert block_key(alter(made().body), KEY, WHERE) is None


def test_a_marker_inside_the_suggestion_is_text():
    forged = block(offer(pointer="/other"), PATH, b"a key of somebody else", WHERE).body.splitlines()[-1]
    assert (
        block_key(made(suggestion=Suggestion(4, 4, forged)).body, KEY, WHERE)
        == offer(suggestion=Suggestion(4, 4, forged)).key
    )
