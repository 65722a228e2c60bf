"""The one workflow file of a collection: it names what happened, Accession's own workflow does the rest. Pure.

It asks for no more than the called jobs do (a called workflow can take permissions away and never add any), names each
secret that it hands on, and is pinned to a commit. Source: https://docs.github.com/actions/how-tos/reuse-automations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adopting.permissions import permissions
from bot.adopting.secrets import secrets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.adopting.adoption import Adoption, Source

FILE = "accession.yml"
PATH = f".github/workflows/{FILE}"
INPUTS = ("what", "pull", "head", "record")
"""What a run may be told, by somebody or by an earlier run; each only names a subject."""

_WORKFLOW = """\
# Written by `accession init`: contributions to this collection are found, checked, reviewed and merged by Accession,
# {home}. Contributed files are opened in jobs without a token.
# What the repository's settings need: {home}/blob/{sha}/.github/ADOPTING.md
name: accession

on:
  schedule:
  - cron: "7,22,37,52 * * * *"  # new uploads, open pull requests
  - cron: "41 3 * * 6"  # accepted entries, tested again where images, rules or policy changed
  workflow_dispatch:
    inputs:
      what:
        description: what to do
        type: choice
        options: [poll, feedback, check, publish, retest]
        default: poll
      pull:
        description: number of a pull request, for feedback and check
        type: string
      head:
        description: the commit that was seen on it
        type: string
      record:
        description: number of a record in the archive, for poll
        type: string
  issue_comment:  # zizmor: ignore[dangerous-triggers] it names a pull request; no job reads a comment's text as code
    types: [created, edited]
  pull_request_review:
    types: [submitted, dismissed]

permissions: {{}}

# One run at a time for a subject; of those that wait the newest stays, and it looks at everything anew.
concurrency:
  group: accession-${{{{ github.event.issue.number || github.event.pull_request.number || inputs.pull || inputs.what || github.event.schedule }}}}
  cancel-in-progress: false

jobs:
  accession:
    name: accession
    # comments on plain issues, the bot's own words, and reviews on forks (which get no secrets) are left to the schedule
    if: >-
      github.event_name == 'schedule' || github.event_name == 'workflow_dispatch' || (github.event.sender.type != 'Bot' &&
      (github.event.issue.pull_request || github.event.pull_request.head.repo.full_name == github.repository))
    permissions:
{permissions}
    uses: {repository}/.github/workflows/accession.yml@{sha}  # main
    with:
{inputs}
    secrets:
{secrets}
"""

_WHY = {
    "contents": "entries, merges, collection.json",
    "pull-requests": "pull requests, the report, labels",
    "issues": "who closed a pull request",
    "checks": "the check run with findings on the lines",
    "actions": "checks are started on the default branch",
}


def workflow(adoption: Adoption, source: Source) -> str:
    """The file's text."""
    return _WORKFLOW.format(
        home=f"https://github.com/{source.repository}",
        repository=source.repository,
        sha=source.sha,
        permissions=_lines(f"{name}: {level}  # {_WHY[name]}" for name, level in _permissions().items()),
        inputs=_lines(f"{name}: ${{{{ inputs.{name} }}}}" for name in INPUTS),
        secrets=_lines(f"{secret.name}: ${{{{ secrets.{secret.name} }}}}" for secret in secrets(app=adoption.app)),
    )


def _permissions() -> dict[str, str]:
    """As a workflow spells them; metadata is always granted. An App's jobs hand out the same: they are the same jobs."""
    granted = permissions("actions")
    return {name.replace("_", "-"): level for name, level in granted.items() if name != "metadata"}


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(f"      {text}" for text in texts)
