"""Every sentence around reminders and the retest's mail, word for word in `tests/golden/`."""

import pytest

from bot.words import reminding
from tests.fakes import markdown
from tests.fakes.golden import golden

ONE = ("brave-otter 1001", "awaiting review", 5, "https://x.example/5")
SAID = {
    "reminder_contributor": lambda: "\n\n".join(
        reminding.reminder("remind-1714564800-1", "contributor", ("ada", "grace"), (1, 3), "")
    ),
    "reminder_contributor_closes": lambda: (
        reminding.reminder("remind-1-3", "contributor", ("ada",), (3, 3), "2024-06-30").text
    ),
    "reminder_unreachable": lambda: reminding.reminder("remind-1-2", "unreachable", ("curator",), (2, 3), "").text,
    "reminder_review": lambda: reminding.reminder("remind-1-1", "review", ("curator",), (1, 1), "").text,
    "reminder_blocked_nobody": lambda: reminding.reminder("remind-1-1", "blocked", (), (1, 3), "").text,
    "done_stale": reminding.done_stale,
    "digest_title": lambda: reminding.digest_title(1),
    "digest_text": lambda: reminding.digest_text("A zoo\n", (reminding.digest_line(*ONE),) * 2, 7),
    "digest_line": lambda: reminding.digest_line("brave-otter 1001", "blocked", 1, "https://x.example/5"),
    "retest_title": lambda: reminding.retest_title(2),
    "retest_text": lambda: reminding.retest_text(
        "3 entries: 1 worse than before, 2 right", ("calm-seal 7: runs\n",), 1
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_the_sentence_is_the_golden_one(name):
    golden(f"reminding_{name}", SAID[name]())


@pytest.mark.parametrize("name", [name for name in SAID if not name.startswith(("digest", "retest"))])
def test_no_sentence_has_what_it_should_not(name):
    text = SAID[name]().partition("<!--")[0]
    called = [word for word in text.split() if word.startswith("@")]
    assert called in ([], ["@ada", "@grace"], ["@ada"], ["@curator"])
    assert markdown.escapes(" ".join(word for word in text.split() if word not in called)) == []
    assert "/accession" not in text


def test_every_sentence_has_a_golden_file():
    public = {name for name, value in vars(reminding).items() if getattr(value, "__module__", "") == reminding.__name__}
    public = {name for name in public if not name.startswith("_")}
    assert public == {name for name in public if any(said.startswith(name) for said in SAID)}
