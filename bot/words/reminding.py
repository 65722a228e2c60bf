"""What is said to who has the turn, when nothing has moved for a while; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.words.text import Comment, count, line

if TYPE_CHECKING:
    from collections.abc import Sequence

MARKER = "<!-- accession:remind {key} -->"

_WAITS = {
    "contributor": "This submission waits for you: the report above says what is to be changed.",
    "unreachable": (
        "This submission needs changes, and nobody of the upload can be reached on GitHub: the report above says what is to be "
        "changed. Somebody of the collection may know the authors, or correct `rdf.yaml` here."
    ),
    "review": "This submission waits for a review: the report above says by whom.",
    "blocked": "This submission waits for somebody of the collection: the report above says why.",
}
"""By whose turn it is."""


def reminder(key: str, whom: str, mentions: Sequence[str], which: tuple[int, int], closes: str) -> Comment:
    """A short comment; `which` is its number and how many there are at most, `closes` a day (ISO 8601) or empty."""
    called = " ".join(f"@{login}" for login in mentions)
    number, most = which
    last = "This is the last reminder." if number == most else f"This is reminder {number} of at most {most}."
    closing = (
        f" Where nothing moves until {closes}, the bot closes the pull request; it can be reopened then."
        if closes
        else ""
    )
    return Comment(f"{called} {_WAITS[whom]}{closing} {last}".strip(), MARKER.format(key=key))


def done_stale() -> str:
    """The bot closed it because nobody moved."""
    return (
        "Withdrawn: changes were needed and nothing moved for a long time, so the bot closed the pull request. Reopen it to go "
        "on, or publish a corrected version of the upload; either is looked at again by itself."
    )


def digest_title(number: int) -> str:
    """Subject of the daily mail."""
    return f"[accession] {count(number, 'submission')} waiting for you"


def digest_text(collection: str, lines: Sequence[str], more: int) -> str:
    """Text of the daily mail: everything that waits for the collection's people, the longest waiting first."""
    return f"{line(collection)}: this waits for the collection's people.\n\n" + "\n".join([*lines, *_more(more)])


def digest_line(name: str, stage: str, days: int, url: str) -> str:
    """One submission."""
    return f"* {name}: {stage} for {count(days, 'day')}\n  {url}"


def retest_title(worse: int) -> str:
    """Subject of the mail about a retest that found something."""
    return f"[accession] retest: {count(worse, 'entry', 'entries')} worse than before"


def retest_text(words: str, lines: Sequence[str], more: int) -> str:
    """Text of that mail: the counts, then what became worse."""
    return f"{words}.\n\n" + "\n".join([*(f"* {line(one)}" for one in lines), *_more(more)])


def _more(number: int) -> list[str]:
    return ["", f"And {number:,} more."] if number else []
