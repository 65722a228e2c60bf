"""Addresses of pictures and tensors, as a report shows them. Pure.

A picture in a comment is fetched by GitHub for whoever looks, without their rights. So in a private repository it is linked,
where it opens for people who may see it, and embedded elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.records.evidence import day_of, kept_until, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.records.facts import PullFacts


@dataclass(frozen=True)
class Gallery:
    """What stands on the evidence branch, from sha256 to address."""

    addresses: Mapping[str, str] = field(default_factory=dict)
    embedded: bool = True
    until: str = ""
    """The last day on which it is kept, as ISO 8601."""


def gallery(facts: PullFacts) -> Gallery:
    """The addresses, on the pages of the repository that the pull request goes to."""
    found, root = shown(facts), facts.pull.url.rpartition("/pull/")[0]
    if not found:
        return Gallery()
    branch, until = facts.policy.evidence_branch, kept_until(day_of(facts), facts.policy.evidence_days)
    addresses = {sha256: f"{root}/raw/{branch}/{path}" for sha256, path in found.items()}
    return Gallery(addresses, embedded=not facts.pull.private, until=until)
