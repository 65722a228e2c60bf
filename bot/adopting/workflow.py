"""The one workflow file of a collection: it says when something is looked at, Accession's own workflow does the rest. Pure.

Each job asks for no more than the called ones do (a called workflow can take permissions away and never add any), names each
secret that it hands on, and is pinned to a commit. All that look at one pull request share a concurrency group. Of a group one run
waits, and a newer one takes its place: whatever asks for something else has another group.
Source: https://docs.github.com/actions/how-tos/reuse-automations, .../actions/concepts/workflows-and-actions/concurrency.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.adopting.permissions import permissions
from bot.adopting.secrets import SECRETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.adopting.adoption import Source

FILE = "accession.yml"
PATH = f".github/workflows/{FILE}"
RUNNER = "ubuntu-24.04"
NEW, EVERYTHING, OPEN, CLOSED, PUBLISH, RETEST = (
    "7,37 * * * *",
    "23 4 * * *",
    "17,47 * * * *",
    "32 3 * * *",
    "52 2 * * *",
    "41 1 * * 6",
)
"""When; past the full hour, at which GitHub's schedules are late most."""


@dataclass(frozen=True)
class Job:
    """One job that calls Accession's workflow: when, in which group, and with which inputs."""

    name: str
    comment: str
    when: str
    group: str
    given: Mapping[str, str] = field(default_factory=dict)


JOBS: tuple[Job, ...] = (
    Job(
        "poll",
        "New uploads become pull requests; once a day everything there is, for what a changed upload hides.",
        f"inputs.what == 'poll' || github.event.schedule == '{NEW}' || github.event.schedule == '{EVERYTHING}'",
        "accession-poll-${{ inputs.record }}-${{ inputs.days || github.event.schedule }}",
        {
            "what": "poll",
            "record": "${{ inputs.record || '' }}",
            "days": f"${{{{ inputs.days || (github.event.schedule == '{EVERYTHING}' && '0') || '2' }}}}",
        },
    ),
    Job(
        "sweep",
        "Names the pull requests that need something: whatever no event told, reviews on forks too.",
        f"inputs.what == 'sweep' || github.event.schedule == '{OPEN}' || github.event.schedule == '{CLOSED}'",
        f"accession-sweep-${{{{ github.event.schedule == '{CLOSED}' && 'closed' || 'open' }}}}",
        {"what": "sweep", "closed": f"${{{{ github.event.schedule == '{CLOSED}' }}}}"},
    ),
    Job(
        "check",
        "One pull request, named by number; whoever starts it has said nothing else that is believed.",
        "inputs.what == 'check' || inputs.what == 'feedback'",
        "accession-pull-${{ inputs.pull }}",
        {"what": "${{ inputs.what }}", "pull": "${{ inputs.pull }}", "head": "${{ inputs.head || '' }}"},
    ),
    Job(
        "comment",
        "A command on a pull request.",
        "github.event.issue.pull_request != null && contains(github.event.comment.body, '/accession')",
        "accession-pull-${{ github.event.issue.number }}",
        {"what": "feedback", "pull": "${{ github.event.issue.number }}"},
    ),
    Job(
        "publish",
        "collection.json; whoever merges starts it, the schedule is for a start that got lost.",
        f"inputs.what == 'publish' || github.event.schedule == '{PUBLISH}'",
        "accession-collection",
        {"what": "publish"},
    ),
    Job(
        "retest",
        "Accepted entries again, where images, rules or policy changed; an artifact of the run shows the result.",
        f"inputs.what == 'retest' || github.event.schedule == '{RETEST}'",
        "accession-retest",
        {"what": "retest"},
    ),
)

_HEAD = """\
# Written by `accession init`: contributions to this collection are found, checked, reviewed and merged by Accession,
# {home}. What was contributed is opened in jobs without a token.
# What the repository's settings need: {home}/blob/{sha}/.github/ADOPTING.md
# With a renewed pin other permissions or inputs may be needed than stand here, and GitHub starts nothing: then remove this file and
# run that release's `accession init` again.
name: accession
run-name: accession ${{{{ inputs.what || github.event_name }}}} ${{{{ inputs.pull || github.event.issue.number || '' }}}}

on:
  schedule:
{crons}
  workflow_dispatch:
    inputs:
      what:
        description: What to do
        type: choice
        options: [poll, sweep, check, feedback, publish, retest]
        default: poll
      pull:
        description: The pull request's number, for check and feedback
        type: string
      head:
        description: The commit that whoever asks for a check has seen
        type: string
      record:
        description: One record of the archive by its number, for poll
        type: string
      days:
        description: How far poll looks back, in days; 0 is to the beginning
        type: string
  issue_comment:  # zizmor: ignore[dangerous-triggers] it names a pull request; nothing of the comment is run
    types: [created, edited]
  pull_request_review:
    types: [submitted, dismissed]

permissions: {{}}

jobs:
"""

_JOB = """\
  # {comment}
  {name}:
    name: {name}
    if: >-
      {when}
    concurrency:
      group: {group}
      cancel-in-progress: false
    # what the called jobs ask for at most; each of them takes its own part
    permissions:
{permissions}
    uses: {repository}/.github/workflows/accession.yml@{sha}  # main
    with:
{given}
    secrets:
{secrets}
"""

_REVIEW = """\
  # This event alone runs with files that a pull request may have changed. It has no secret, and can do no more than have the
  # pull request looked at from the default branch. On a fork's pull request it may not even that; the sweep finds those.
  review:
    name: review
    if: github.event_name == 'pull_request_review' && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: {runner}
    timeout-minutes: 5
    concurrency:
      group: accession-review-${{{{ github.event.pull_request.number }}}}
      cancel-in-progress: true
    permissions:
      actions: write  # starts the check
    steps:
    - name: have it looked at
      env:
        GH_TOKEN: ${{{{ github.token }}}}
        BRANCH: ${{{{ github.event.repository.default_branch }}}}
        PULL: ${{{{ github.event.pull_request.number }}}}
      run: gh workflow run {file} --repo "$GITHUB_REPOSITORY" --ref "$BRANCH" --raw-field what=check --raw-field pull="$PULL"
"""

_WHY = {
    "contents": "entries, merges, collection.json",
    "pull-requests": "pull requests, the report, labels",
    "issues": "who closed a pull request, labels that are not there yet",
    "checks": "the check run with findings on the lines",
    "actions": "checks are started on the default branch",
}


def workflow(source: Source) -> str:
    """The file's text."""
    crons = (f'- cron: "{cron}"' for cron in (NEW, EVERYTHING, OPEN, CLOSED, PUBLISH, RETEST))
    home = f"https://github.com/{source.repository}"
    head = _HEAD.format(home=home, sha=source.sha, crons=_lines(crons, "  "))
    jobs = (_job(job, source) for job in JOBS)
    return head + "\n".join((*jobs, _REVIEW.format(runner=RUNNER, file=FILE)))


def _job(job: Job, source: Source) -> str:
    return _JOB.format(
        comment=job.comment,
        name=job.name,
        when=job.when,
        group=job.group,
        permissions=_lines(f"{name}: {level}  # {_WHY[name]}" for name, level in granted().items()),
        repository=source.repository,
        sha=source.sha,
        given=_lines(f"{name}: {value}" for name, value in job.given.items()),
        secrets=_lines(f"{secret.name}: ${{{{ secrets.{secret.name} }}}}" for secret in SECRETS),
    )


def granted() -> dict[str, str]:
    """The permissions as a workflow spells them; metadata is always granted."""
    return {name.replace("_", "-"): level for name, level in permissions("actions").items() if name != "metadata"}


def _lines(texts: Iterable[str], indent: str = "      ") -> str:
    return "\n".join(f"{indent}{text}" for text in texts)
