"""What a pull request waits for, in one sentence each; pure. "Why is nothing happening" is always answerable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.words.text import Comment, count, line

if TYPE_CHECKING:
    from bot.records.policy import Policy
    from bot.records.stage import Stage

NUDGE_MARKER = "<!-- accession:nudge {key} -->"

_PATHS = "Publish a corrected version of the upload, or correct the lines of `rdf.yaml` in this pull request; either is checked again by itself."


def wait_checking(attempt: int, most: int, when: str) -> str:
    """Our trouble, not the contributor's."""
    return f"The check could not be completed; the trouble is ours, nothing is wrong with the upload. Try {attempt} of {most} failed, the next one comes at {when} UTC."


def wait_exhausted(most: int) -> str:
    """Three tries are enough; then a human is asked."""
    return f"The check could not be completed in {most} tries; the trouble is ours. The collection's maintainers have been told; `/accession recheck` starts it again."


def wait_derived(trouble: str, tried: int, most: int) -> str:
    """A version on the base branch whose `entry.yaml` the bot could not make, for a reason of ours; after three tries a human is asked."""
    said = f"It was merged without `entry.yaml` and could not be described, so it is not published; the trouble is ours: {line(trouble, 100).rstrip('.')}."
    if tried < most:
        return f"{said} Try {tried} of {most} failed."
    return f"{said} {most} tries failed: somebody has to look into it."


def wait_changes(asked_by: tuple[str, ...] = ()) -> str:
    """The contributor's turn."""
    if asked_by:
        return f"{', '.join(f'`{login}`' for login in asked_by)} asked for changes in a review. {_PATHS}"
    return f"Something needs to be changed before this can be accepted. {_PATHS}"


def wait_entry() -> str:
    """A contributor wrote the bot's own file."""
    return "`entry.yaml` is written by the bot when the pull request is merged: remove it from the pull request."


def wait_conflict() -> str:
    """Git says no."""
    return "The pull request conflicts with the base branch and cannot be merged: a maintainer has to resolve it."


def wait_review(policy: Policy, have: int, refused: dict[str, str]) -> str:
    """The maintainers' turn; says why an approval that stands there does not count."""
    people = " or ".join(f"`{person.login}`" for person in policy.people)
    missing = count(policy.approvals - have, "approving review")
    notes = "".join(
        f" The approval by `{login}` does not count: that account {reason}."
        for login, reason in sorted(refused.items())
    )
    return f"All checks passed. Next: {missing} by {people}, then it is merged by itself.{notes}"


def wait_merging() -> str:
    """Ours."""
    return "Approved; it is merged as soon as GitHub says that it can be."


def wait_refused(reason: str) -> str:
    """GitHub's rules stand in the way, and it said which."""
    return f"Approved, but GitHub did not merge it: {reason} It is tried again every quarter of an hour."


def done_merged(place_id: str, version: str) -> str:
    """The end of the road."""
    return f"Accepted: this version is in the collection as `{place_id}`, version `{version}`. Thank you for the contribution!"


def done_declined(by: str) -> str:
    """A maintainer closed it."""
    return f"Declined: `{by}` closed the pull request. The same content is not proposed again; a changed version is."


def done_withdrawn(by: str) -> str:
    """Somebody else closed it."""
    return f"Withdrawn: `{by}` closed the pull request. The same content is not proposed again; a changed version is."


def done_superseded(newer: int | None) -> str:
    """A newer version of the same upload took its place."""
    where = f" by pull request {newer}" if newer else ""
    return f"Superseded{where}: a newer version of the same upload is on its way."


def wait_human(why: str) -> str:
    """The bot keeps its hands off."""
    return f"This pull request is for human eyes and is not merged by the bot: {why}"


def nudge(key: str, stage: Stage, mentions: tuple[str, ...]) -> Comment:
    """A stage change that needs somebody's action, as a new comment: editing one notifies nobody reliably."""
    whom = " ".join(f"@{login}" for login in mentions)
    said = f"The new state was checked and is at *{stage.value}*: see the report above for what is to be done."
    return Comment(f"{whom} {said}".strip(), NUDGE_MARKER.format(key=key))


def reply_unknown(name: str) -> str:
    """Somebody asked for what there is not."""
    return (
        f"`/accession {name}` is not a command. There is `/accession recheck`, which checks the pull request again, "
        "`/accession apply`, which writes suggestions of the report into `rdf.yaml`, and `/accession ok-to-build`, which lets "
        "images with declared dependencies be built."
    )


def reply_may_not(login: str, name: str) -> str:
    """Somebody asked for what is not theirs to ask."""
    named = "named in `rdf.yaml`" if name == "apply" else "whom the report mentions"
    others = "" if name == "ok-to-build" else f" and the maintainers {named}"
    who = f"the collection's people{others}"
    return f"`/accession {name}` was not followed: `{login}` may not ask for it, {who} may."


def reply(key: str, text: str) -> Comment:
    """The answer to a command, as a comment of its own."""
    return Comment(text, NUDGE_MARKER.format(key=key))


def notice_title(place_id: str, version: str, stage: Stage) -> str:
    """Subject of a mail; ids only."""
    return f"[accession] {place_id} {version}: {stage.value}"


def notice_text(place_id: str, version: str, wait: str, url: str) -> str:
    """Text of a mail."""
    return f"{place_id}, version {version}\n\n{wait}\n\n{url}\n"
