"""The rooms of the local store, as data: what each holds, with what it grows, and when a row of it is forgotten. Pure.

Losing any of them, in part or whole, costs time and nothing else: a test deletes each in the middle of a journey.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.records.event import PullSubject, RecordSubject, subject_of

if TYPE_CHECKING:
    from bot.ports import Json


@dataclass(frozen=True)
class Known:
    """What clean-up looks at: all of it read once, from GitHub's listings and the store."""

    now: datetime
    open: frozenset[str]
    """Numbers of open pull requests."""
    branches: frozenset[str]
    """Their head branches."""
    entries: frozenset[str]
    """`blob of entry.yaml:blob of rdf.yaml` of everything on the base branch."""
    places: frozenset[str]
    """`id/version` of everything on the base branch."""
    waiting: frozenset[str]
    """Records that wait for the work side."""


Keep = Callable[[Known, str, "Json"], bool]
"""Whether a row stays, from what is known, its key and its value."""


@dataclass(frozen=True)
class Room:
    """`keep` says of a row (what is known, key, value) whether it stays; None where the room does not grow, or cleans itself."""

    name: str
    holds: str
    grows: str
    forgotten: str
    keep: Keep | None = None


def young(days: int, field: str = "at") -> Keep:
    """Rows whose moment is at most so many days ago; a row without one is old, one in the future is young."""

    def keep(known: Known, _key: str, row: Json) -> bool:
        try:
            return known.now - datetime.fromisoformat(str(row.get(field, ""))) <= timedelta(days=days)
        except (ValueError, TypeError):  # no moment, or one without its zone
            return False

    return keep


def either(*rules: Keep) -> Keep:
    """A row that one of the rules keeps."""
    return lambda known, key, row: any(rule(known, key, row) for rule in rules)


def of_open(known: Known, key: str, _row: Json) -> bool:
    """Rows under the number of an open pull request."""
    return key in known.open


def _checks(known: Known, key: str, row: Json) -> bool:
    return str(row.get("pull")) in known.open and young(180)(known, key, row)


def _asked(known: Known, _key: str, row: Json) -> bool:
    """Somebody still wants the answer."""
    try:
        subject = subject_of(str(row.get("subject")))
    except ValueError:
        return False
    if isinstance(subject, PullSubject):
        return str(subject.number) in known.open
    return not isinstance(subject, RecordSubject) or subject.record in known.waiting


def _uploads(known: Known, key: str, row: Json) -> bool:
    """Those that polls look at again."""
    return row.get("status") in {"held", "errored", "waiting"} or young(90, "tried")(known, key, row)


def _uploaded(known: Known, key: str, row: Json) -> bool:
    return key.partition(":")[2] in known.branches or young(2)(known, key, row)


ROOMS = (
    Room("poll", "the archive's cursor, and when it was listed", "", "never"),
    Room("sweep", "that all pull requests were seen once", "", "never"),
    Room("collection", "that something was merged since it was published", "", "when it is published"),
    Room("evidence", "the day on which old evidence was looked for", "", "never"),
    Room("etags", "what GitHub answered, by address", "addresses that were read", "by the transport itself"),
    Room("open", "pull requests to sweep", "open pull requests", "when one is brought to its end"),
    Room("waits", "what a pull request waits for, since when and until when", "open pull requests", "when it ends", of_open),
    Room("uploads", "where an upload stands", "uploads", "90 days after it came to its end", _uploads),
    Room("asked", "questions to the work side", "questions", "when nobody waits for the answer any more", _asked),
    Room("checks", "verdicts by their key", "checks", "14 days old and its pull request closed, or 180 days old",
         either(_checks, young(14))),
    Room("contents", "which pull requests have a content", "contents", "a year after it was last checked", young(365)),
    Room("owners", "who uploaded what a pull request is about", "pull requests", "when it is closed", of_open),
    Room("uploaded", "rdf.yaml files that are as uploaded", "proposals", "when its pull request is closed", _uploaded),
    Room("archive away", "how often an upload's files were not to be had", "such checks", "when they were had, or after 30 days",
         young(30)),
    Room("not derived", "tries to describe versions merged without entry.yaml", "such versions", "by the next look at the collection"),
    Room("looks", "what the last look at a pull request said", "open pull requests", "when it is closed", of_open),
    Room("durations", "how long questions of a kind take", "", "never"),
    Room("processes", "processes of the service that are alive", "processes", "by the engine, when one is taken over"),
    Room("ticks", "when each chore was told last", "", "never"),
    Room("pacer", "how fast may be written", "", "never"),
    Room("troubled", "failures of subjects that are tried again", "failing subjects", "by the engine, after 30 days"),
    Room("parked", "subjects that failed too often", "failing subjects", "by the engine, after 30 days"),
    Room("outbox:*", "mails of a pull request", "mails", "30 days after its last mail, when it is closed and all are sent"),
    Room("outboxes", "which pull requests have mails", "pull requests told about", "with their mails"),
    Room("digest", "daily mails about what waits", "days", "after 30 days", young(30)),
    Room("merges refused", "merges that GitHub did not make", "refused merges", "when its pull request is closed", of_open),
    Room("blocks refused", "heads that take no suggestions", "such pull requests", "when it is closed", of_open),
    Room("threads settled", "threads that are as they should be", "suggestions", "when its pull request is closed", of_open),
    Room("evidence lost", "pictures that cannot be had", "failed checks", "when its pull request is closed", of_open),
    Room("entries", "entries of the base branch, read", "versions", "when it is not on the base branch any more",
         lambda known, key, _row: key in known.entries),
    Room("retested", "results of retests", "versions and images", "by the retest itself, two images later"),
    Room("retested-latest", "what each version was before", "versions", "when it is not on the base branch any more",
         lambda known, key, _row: key in known.places),
    Room("retest-run", "the retest under way, and the last images", "", "when it comes to its end"),
    Room("retest-mails", "mails about what became worse", "retests", "after 30 days", young(30)),
    Room("retest-asked", "questions and tries of the retest under way", "versions", "when it comes to its end"),
)  # fmt: skip
"""In the order in which they are cleaned."""
