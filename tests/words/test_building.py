"""Every sentence around ok-to-build, word for word in `tests/golden/`."""

import pytest

from bot.words import building
from tests.fakes import markdown
from tests.fakes.golden import golden

SAID = {
    "wait_build": building.wait_build,
    "reply_allowed": building.reply_allowed,
    "reply_early": building.reply_early,
    "reply_nothing": building.reply_nothing,
    "reply_human": building.reply_human,
    "reply_no_role": lambda: building.reply_no_role("curator"),
    "reply_moved": building.reply_moved,
}


@pytest.mark.parametrize("name", SAID)
def test_the_sentence_is_the_golden_one(name):
    golden(f"building_{name}", SAID[name]())


@pytest.mark.parametrize("name", SAID)
def test_no_sentence_mentions_links_or_is_a_command_of_its_own(name):
    assert markdown.escapes(SAID[name]()) == []
    assert not SAID[name]().startswith("/accession")


def test_every_sentence_has_a_golden_file():
    public = {name for name, value in vars(building).items() if getattr(value, "__module__", "") == building.__name__}
    assert public == set(SAID)
