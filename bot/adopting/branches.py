"""What a repository's rules have to leave open for the bot, as data and as a list. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.adopting.adoption import EVIDENCE_BRANCH

if TYPE_CHECKING:
    from bot.adopting.adoption import Adoption


@dataclass(frozen=True)
class Rule:
    """A setting of the repository, and what to do about it."""

    setting: str
    advice: str


RULES: tuple[Rule, ...] = (
    Rule("Merge commits", "must be allowed (Settings, General, Pull Requests): the bot merges with a merge commit"),
    Rule("Require a pull request, approvals, review by code owners", "as you like: until they are met the bot waits"),
    Rule(
        "Changes to the default branch by pull request only",
        "the bot commits `entry.yaml` there for what came from a fork or by hand without one. Put a service's App on the bypass "
        "list. The token of Actions can be on none: then such pull requests have to bring their `entry.yaml`, or somebody commits "
        "it; until then the run that publishes fails and names the file, and everything else is published",
    ),
    Rule("Dismiss stale approvals", "as you like: an approval counts for the commit it stands on only, in any case"),
    Rule("Require status checks", "`accession` may be required; add no other that does not run on the bot's branches"),
    Rule("Require conversation resolution", "as you like: the bot resolves its own suggestions when they are done"),
    Rule("Require signed commits", "leave it off: GitHub does not sign commits that carry an author of their own"),
    Rule("Require linear history, merge queue", "leave them off: both refuse the bot's merge"),
    Rule("Rules on creating branches", "let the bot make `accession/**`, move them, and delete them when closed"),
    Rule("Rules on tags", "let the bot make `id/**`; each reserves the id of an entry"),
    Rule(
        "Block force pushes", f"not on `{EVIDENCE_BRANCH}`: old evidence is dropped by moving it to a new first commit"
    ),
)


def branch_rules() -> str:
    """A list, one line for a rule."""
    return "\n".join(f"* **{rule.setting}:** {rule.advice}." for rule in RULES)


def publishing(adoption: Adoption) -> str:
    """Where `collection.json` goes, and what that takes."""
    branch = adoption.publish_branch
    if branch == "main":
        return (
            "`collection.json` is committed to `main` directly. Where rules let changes into `main` by pull request only, publish\n"
            "to a branch of its own: `accession init ... --publish-branch published`. A service's App can be put on their bypass\n"
            "list instead, the token of Actions cannot. Where the default branch has another name, give that one."
        )
    return (
        f"`collection.json` is published to `{branch}`, which must exist and be free of rules against direct commits.\n"
        f"Make it once: `git push origin HEAD:refs/heads/{branch}`."
    )
