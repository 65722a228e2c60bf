"""Open questions to the work side: a row for each question and each subject that waits for its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Store
    from bot.records.event import Subject

ASKED = "asked"


def ask(store: Store, question: str, subject: Subject) -> None:
    """Write down who waits; two that wait for one answer are both told."""
    store.put(ASKED, f"{question} {subject}", {"subject": str(subject)})


def question_of(key: str) -> str:
    """The question's name, which has no spaces."""
    return key.partition(" ")[0]
