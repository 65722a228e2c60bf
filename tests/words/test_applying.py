"""Every sentence around suggestions, word for word in `tests/golden/`."""

import pytest

from bot.words import applying
from tests.fakes import markdown
from tests.fakes.golden import golden

MANY = tuple(range(1, 31))
SAID = {
    "how_to": lambda: applying.how_to(3),
    "how_to_one": lambda: applying.how_to(1),
    "how_to_in_fork": applying.how_to_in_fork,
    "review_body": applying.review_body,
    "lines_named": lambda: f"{applying.lines_named(4, 4)}; {applying.lines_named(4, 6)}",
    "reply_applied": lambda: applying.reply_applied(((7, 8), (4, 4)), ()),
    "reply_applied_overlapping": lambda: applying.reply_applied(((4, 4),), (2, 3)),
    "reply_applied_many": lambda: applying.reply_applied(tuple((n, n) for n in MANY), MANY),
    "reply_nothing": applying.reply_nothing,
    "reply_human": applying.reply_human,
    "reply_numbers": lambda: applying.reply_numbers((4, 9), 3),
    "reply_numbers_one": lambda: applying.reply_numbers((2,), 1),
    "reply_usage": applying.reply_usage,
    "reply_no_role": lambda: applying.reply_no_role("curator"),
    "reply_fork": applying.reply_fork,
    "reply_outdated": applying.reply_outdated,
    "reply_moved": applying.reply_moved,
    "reply_changed": applying.reply_changed,
    "reply_same": applying.reply_same,
}


@pytest.mark.parametrize("name", SAID)
def test_the_sentence_is_the_golden_one(name):
    golden(f"applying_{name}", SAID[name]())


@pytest.mark.parametrize("name", SAID)
def test_no_sentence_mentions_links_or_is_a_command_of_its_own(name):
    assert markdown.escapes(SAID[name]()) == []
    assert not SAID[name]().startswith("/accession")


def test_every_sentence_has_a_golden_file():
    public = {
        name
        for name, value in vars(applying).items()
        if getattr(value, "__module__", "") == applying.__name__ and not name.startswith("_")
    }
    assert public == {name for name in public if any(said.startswith(name) for said in SAID)}
