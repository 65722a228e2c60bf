"""Which approvals count, and whether somebody asked for changes. Pure; the rule on who may approve is ours alone.

GitHub's "you cannot approve your own" protects nobody on a pull request that the bot opened, and a review's `commit_id`
can move to a new head after a force-push, so the time is compared too (docs: "Reviewing proposed changes").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.records.facts import PullFacts
    from bot.records.github import Review
    from bot.records.policy import Person

_SPOKEN = {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}
WRITERS = frozenset({"write", "maintain", "admin"})


@dataclass(frozen=True)
class Approvals:
    """Logins whose approval counts, who asked for changes, and why other approvals do not count."""

    by: tuple[str, ...]
    against: tuple[str, ...]
    refused: Mapping[str, str]
    """Login to the reason as a sentence."""


def approvals(facts: PullFacts) -> Approvals:
    """Each person's latest review that takes a side, judged."""
    latest = _latest(facts.reviews)
    people = {person.id: person for person in facts.policy.people}
    by, against, refused = [], [], {}
    for review in latest.values():
        person = people.get(review.author.id)
        if review.state == "CHANGES_REQUESTED" and person:
            against.append(review.author.login)
        if review.state == "APPROVED":
            reason = _refusal(review, person, facts)
            if reason:
                refused[review.author.login] = reason
            else:
                by.append(review.author.login)
    return Approvals(tuple(sorted(by)), tuple(sorted(against)), refused)


def _latest(reviews: Iterable[Review]) -> dict[int, Review]:
    ordered = sorted((r for r in reviews if r.state in _SPOKEN), key=lambda r: (r.submitted_at, r.id))
    return {review.author.id: review for review in ordered}


def _refusal(review: Review, person: Person | None, facts: PullFacts) -> str:
    """Why an approval does not count, empty when it does."""
    login, state = review.author.login, facts.state
    if person is None:
        return "is not among the people that the collection's policy names"
    if login.lower() in _interested(facts):
        return "has a part in this submission (uploader, author, maintainer, packager or committer)"
    if review.commit != facts.pull.head_sha:
        return "approved an earlier state of the pull request"
    checked_as = (facts.pull.head_sha, facts.check_key, "passed")
    if state is None or (state.head, state.check_key, state.outcome) != checked_as or not state.completed_at:
        return "approved before the check of this state was completed"
    if _judged_anew(facts):
        return "approved before the check of this state was completed"
    if review.submitted_at <= _completed(facts, state.completed_at):
        return "approved before the check of this state was completed"
    return ""


def _completed(facts: PullFacts, remembered: str) -> datetime:
    """GitHub last saw our report edited after the check was completed; where what we remember is later, our clock was ahead."""
    completed = datetime.fromisoformat(remembered)
    return min(completed, facts.comment.updated_at) if facts.comment else completed


def _judged_anew(facts: PullFacts) -> bool:
    """The check at hand was of other remote bytes than the report that stood there when the review was given."""
    before = facts.state.content_hash if facts.state else ""
    return facts.checked is not None and facts.checked.report.content_hash != before


def _interested(facts: PullFacts) -> frozenset[str]:
    excluded = facts.state.excluded if facts.state else ()
    author = () if facts.own else (facts.pull.author.login,)
    return frozenset(login.lower() for login in (*excluded, *facts.committers, *author))
