"""What is said around suggestions and `/accession apply`; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

APPLY = "/accession apply"
_MANY = 20
"""So many line ranges are named, the others counted."""


def how_to(numbers: int) -> str:
    """Below the numbered list: how to take a suggestion, and who may."""
    some, theirs = ("1", "its number") if numbers == 1 else ("1 2", "their numbers")
    noun = "the suggestion" if numbers == 1 else "suggestions"
    return (
        f"To have the bot write {noun} into `rdf.yaml`, comment `{APPLY} {some}` with {theirs}, or "
        f"`{APPLY} all`. The maintainers named in the file and the collection's people may ask for it; it becomes one "
        "commit in this pull request and is checked again."
    )


def how_to_in_fork() -> str:
    """The same, where the bot cannot write."""
    return (
        "This pull request comes from a fork, where the bot cannot write: take each suggestion with its button "
        "*Commit suggestion*, which stands on the lines of `rdf.yaml`, or change the lines in your fork."
    )


def review_body() -> str:
    """Above the suggestions on the lines."""
    return "What could be written instead, line by line; the numbered list is in the report."


def lines_named(start: int, end: int) -> str:
    """`line 4`, `lines 4 to 6`."""
    return f"line {start}" if start == end else f"lines {start} to {end}"


def reply_applied(lines: Iterable[tuple[int, int]], overlapping: tuple[int, ...]) -> str:
    """Done: a commit says so."""
    every = [lines_named(start, end) for start, end in sorted(lines)]
    more = f" and {len(every) - _MANY} more places" if len(every) > _MANY else ""
    left = ""
    if overlapping:
        left = (
            f" Not written, because an earlier suggestion has the same lines: {_listed(overlapping)}. "
            "If it is still due, the next report has it."
        )
    return f"Written to `rdf.yaml`: {', '.join(every[:_MANY])}{more}. The new state is checked by itself.{left}"


def reply_nothing() -> str:
    """There are no suggestions."""
    return f"`{APPLY}` changed nothing: the report has no suggestions to write."


def reply_human() -> str:
    """The bot keeps its hands off."""
    return f"`{APPLY}` changed nothing: this pull request is for human eyes, and the bot writes nothing into it."


def reply_numbers(unknown: tuple[int, ...], most: int) -> str:
    """Numbers that the list does not have; none is written then."""
    there = "suggestion 1" if most == 1 else f"suggestions 1 to {most}"
    return f"`{APPLY}` changed nothing: the report has {there}, and no {_listed(unknown)}."


def reply_usage() -> str:
    """Neither numbers nor `all`."""
    return f"`{APPLY}` changed nothing: after it come the numbers of suggestions in the report, as in `{APPLY} 1 3`, or `all`."


def reply_no_role(login: str) -> str:
    """Named in policy, but without write access."""
    return f"`{APPLY}` changed nothing: `{login}` has no write access to the repository."


def reply_fork() -> str:
    """The bot cannot write there."""
    return f"`{APPLY}` changed nothing. {how_to_in_fork()}"


def reply_outdated() -> str:
    """Numbers of a report that does not stand any more, or not yet."""
    return (
        f"`{APPLY}` changed nothing: the pull request or its report changed after the command was written, or the report is "
        "not there yet. Wait for it and use its numbers; `/accession recheck` asks for a new one."
    )


def reply_moved() -> str:
    """The branch did not take the commit."""
    return (
        f"`{APPLY}` changed nothing: the branch moved meanwhile, or does not let the bot write. "
        "Wait for the next report and use its numbers."
    )


def reply_changed() -> str:
    """The file's lines are not those of the report."""
    return (
        f"`{APPLY}` changed nothing: the lines of `rdf.yaml` are not as they were checked, are not UTF-8 text, or have "
        "line ends that are not told apart safely. Change them by hand."
    )


def reply_same() -> str:
    """The lines say so already."""
    return f"`{APPLY}` changed nothing: `rdf.yaml` says this already."


def _listed(numbers: tuple[int, ...]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_MANY])
    return shown + (f" and {len(numbers) - _MANY} more" if len(numbers) > _MANY else "")
