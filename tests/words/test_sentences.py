"""Every sentence that the bot says, word for word in `tests/golden/`."""

from dataclasses import replace

import pytest

from bot.records.stage import Stage
from bot.words import sentences
from tests.fakes.facts import PLACE, POLICY
from tests.fakes.golden import golden

SAID = {
    "wait_checking": lambda: sentences.wait_checking(1, 3, "12:01"),
    "wait_exhausted": lambda: sentences.wait_exhausted(3),
    "wait_derived": lambda: sentences.wait_derived("its server answered 503", 1, 3),
    "wait_derived_over": lambda: sentences.wait_derived("The jobs ended without an answer.", 3, 3),
    "wait_changes": sentences.wait_changes,
    "wait_changes_asked": lambda: sentences.wait_changes(("curator", "second")),
    "wait_entry": sentences.wait_entry,
    "wait_conflict": sentences.wait_conflict,
    "wait_review": lambda: sentences.wait_review(POLICY, 0, {}),
    "wait_review_refused": lambda: sentences.wait_review(
        replace(POLICY, approvals=3), 1, {"zed": "approved too early", "ada": "has a part in it"}
    ),
    "wait_merging": sentences.wait_merging,
    "wait_refused": lambda: sentences.wait_refused("The base branch is protected."),
    "wait_human": lambda: sentences.wait_human("it touches `README.md` beside its own entry."),
    "done_merged": lambda: sentences.done_merged(PLACE.id, PLACE.version),
    "done_declined": lambda: sentences.done_declined("curator"),
    "done_withdrawn": lambda: sentences.done_withdrawn("ada"),
    "done_superseded": lambda: sentences.done_superseded(9),
    "done_superseded_unknown": lambda: sentences.done_superseded(None),
    "nudge": lambda: "\n\n".join(sentences.nudge("0123456789ab", Stage.NEEDS_CHANGES, ("ada", "grace"))),
    "nudge_nobody": lambda: sentences.nudge("0123456789ab", Stage.NEEDS_CHANGES, ()).text,
    "reply_unknown": lambda: sentences.reply_unknown("dance"),
    "reply_may_not": lambda: sentences.reply_may_not("mallory", "recheck"),
    "reply_may_not_build": lambda: sentences.reply_may_not("mallory", "ok-to-build"),
    "reply_may_not_apply": lambda: sentences.reply_may_not("mallory", "apply"),
    "reply": lambda: "\n\n".join(sentences.reply("command-7", "No.")),
    "notice_title": lambda: sentences.notice_title(PLACE.id, PLACE.version, Stage.AWAITING_REVIEW),
    "notice_text": lambda: sentences.notice_text(PLACE.id, PLACE.version, "Next: one review.", "https://x.example/5"),
}


@pytest.mark.parametrize("name", SAID)
def test_the_sentence_is_the_golden_one(name):
    golden(f"sentence_{name}", SAID[name]())


def test_every_sentence_has_a_golden_file():
    functions = {
        name for name, value in vars(sentences).items() if getattr(value, "__module__", "") == sentences.__name__
    }
    assert functions == {name for name in functions if any(said.startswith(name) for said in SAID)}
