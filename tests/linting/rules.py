"""Our own rules for workflows, as data: what no linter knows of. Each has a sample that breaks it and no other."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.linting.workflow_file import WorkflowFile

    Look = Callable[[WorkflowFile], Iterator[str]]

USES = re.compile(r"^\s*(?:- )?uses: *(\S+)(?: +# (\S+))?", re.MULTILINE)
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
RELEASE = re.compile(r"v\d+(\.\d+)*|main")
CONTRIBUTED = re.compile(r"accession actions (prepare|formats|produce|judge|test)\b|/actions/boxes\b|accession-check\b")
BOX_JOB = re.compile(r"box-.*|prepare|formats|produce|judge|retest")
KEYS = re.compile(r"secrets\.|github\.token|_TOKEN\b|STATE_KEY|NOTIFY|APP_KEY|WEBHOOK_SECRET")
FOREIGN_REF = re.compile(r"pull_request\.(head|merge)|head_ref|refs/pull|workflow_run\.head")


@dataclass(frozen=True)
class Rule:
    name: str
    why: str
    look: Look
    sample: str


def _nothing_at_the_top(file: WorkflowFile) -> Iterator[str]:
    if file.workflow and file.data.get("permissions") != {}:
        yield "the top level has no `permissions: {}`"


def _pinned(file: WorkflowFile) -> Iterator[str]:
    for used, release in USES.findall(file.text):
        if used.startswith("./"):
            continue
        if not PINNED.fullmatch(used):
            yield f"{used} is no full sha"
        elif not RELEASE.fullmatch(release):
            yield f"{used} has no comment with its release"


def _an_end(file: WorkflowFile) -> Iterator[str]:
    for name, job in file.jobs.items():
        if "uses" not in job and not job.get("timeout-minutes"):
            yield f"{name} has no timeout-minutes"


def _no_expressions_in_scripts(file: WorkflowFile) -> Iterator[str]:
    for place, step in file.steps():
        if "${{" in str(step.get("run", "")):
            yield f"{place}: an expression is pasted into the script"


def _no_privileged_triggers(file: WorkflowFile) -> Iterator[str]:
    for trigger in sorted(file.triggers & {"pull_request_target", "workflow_run"}):
        yield f"it is started by {trigger}"


def _named_secrets(file: WorkflowFile) -> Iterator[str]:
    for name, job in file.jobs.items():
        if job.get("secrets") == "inherit":
            yield f"{name} hands on all secrets"


def _secrets_in_steps(file: WorkflowFile) -> Iterator[str]:
    places = {"the workflow": file.data.get("env"), **{name: job.get("env") for name, job in file.jobs.items()}}
    for place, env in places.items():
        if KEYS.search(json.dumps(env or {})):
            yield f"{place} has a secret in its env: every step would have it"


def _boxes_without_keys(file: WorkflowFile) -> Iterator[str]:
    for name, job in file.jobs.items():
        if "uses" not in job and _touches_contributions(name, job):
            if job.get("permissions") != {}:
                yield f"{name} touches what was contributed and has no `permissions: {{}}`"
            found = KEYS.search(json.dumps(job))
            if found:
                yield f"{name} touches what was contributed and names {found[0]}"


def _touches_contributions(name: str, job: Mapping[str, Any]) -> bool:
    said = (f"{step.get('run', '')} {step.get('uses', '')}" for step in job.get("steps") or ())
    return BOX_JOB.fullmatch(name) is not None or any(CONTRIBUTED.search(text) for text in said)


def _one_at_a_time(file: WorkflowFile) -> Iterator[str]:
    if not file.workflow or "concurrency" in file.data or file.triggers == {"workflow_call"}:
        return
    for name, job in file.jobs.items():
        if "concurrency" not in job:
            yield f"neither the workflow nor {name} has a concurrency group"


def _checkouts_forget(file: WorkflowFile) -> Iterator[str]:
    for place, step in file.steps():
        given = step.get("with") or {}
        if str(step.get("uses", "")).startswith("actions/checkout@"):
            if given.get("persist-credentials") is not False:
                yield f"{place}: the token stays in .git/config"
            if FOREIGN_REF.search(json.dumps(given)):
                yield f"{place}: it checks out what a pull request brings"


def _one_failure_stops_no_other(file: WorkflowFile) -> Iterator[str]:
    for name, job in file.jobs.items():
        strategy = job.get("strategy") or {}
        if "matrix" in strategy and strategy.get("fail-fast") is not False:
            yield f"{name} has a matrix without `fail-fast: false`"


def _a_named_runner(file: WorkflowFile) -> Iterator[str]:
    for name, job in file.jobs.items():
        if str(job.get("runs-on", "")).endswith("-latest"):
            yield f"{name} runs on whatever is latest"


def _sample(jobs: str, *, on: str = "push", top: str = "permissions: {}\nconcurrency: one\n") -> str:
    return f"name: sample\non: {on}\n{top}jobs:\n{jobs}"


_JOB = "  one:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n"
_STEPS = f"{_JOB}    steps:\n"
_SHA = "0123456789" * 4

GOOD = _sample(
    f"{_STEPS}    - uses: actions/checkout@{_SHA}  # v4.2.2\n      with: {{persist-credentials: false}}\n"
    "    - env: {ACCESSION_STATE_KEY: '${{ secrets.ACCESSION_STATE_KEY }}'}\n      run: accession actions plan\n"
)
"""Breaks no rule."""

RULES: tuple[Rule, ...] = (
    Rule(
        "nothing-at-the-top",
        "A job added later starts with no permission, not with the repository's default.",
        _nothing_at_the_top,
        _sample(_JOB, top="permissions: {contents: read}\nconcurrency: one\n"),
    ),
    Rule(
        "pinned",
        "A tag can be moved to other code; the comment lets people and Dependabot see what it is.",
        _pinned,
        _sample(f"{_STEPS}    - uses: actions/setup-python@v5\n"),
    ),
    Rule(
        "release-named",
        "See above.",
        _pinned,
        _sample(f"{_STEPS}    - uses: actions/setup-python@{_SHA}\n"),
    ),
    Rule(
        "an-end",
        "A run that hangs costs six hours, and holds up its group.",
        _an_end,
        _sample("  one:\n    runs-on: ubuntu-24.04\n"),
    ),
    Rule(
        "no-expressions-in-scripts",
        "What is pasted into a script is code, also a number that somebody types.",
        _no_expressions_in_scripts,
        _sample(_STEPS + "    - run: echo ${{ inputs.pull }}\n"),
    ),
    Rule(
        "no-privileged-triggers",
        "They run with secrets beside what a fork brings.",
        _no_privileged_triggers,
        _sample(_JOB, on="pull_request_target"),
    ),
    Rule(
        "named-secrets",
        "A called workflow gets what it needs, not what comes to be there.",
        _named_secrets,
        _sample(f"  one:\n    uses: a/b/.github/workflows/c.yml@{_SHA}  # v1\n    secrets: inherit\n"),
    ),
    Rule(
        "secrets-in-steps",
        "A secret is in the environment of the one step that needs it.",
        _secrets_in_steps,
        _sample(_JOB + "    env: {KEY: '${{ secrets.ACCESSION_STATE_KEY }}'}\n"),
    ),
    Rule(
        "boxes-without-keys",
        "Where contributed files are opened or run there is nothing to steal: no permission, no token, no secret.",
        _boxes_without_keys,
        _sample(
            _STEPS.replace("  one:", "  one:\n    permissions: {contents: read}")
            + "    - run: accession actions produce\n"
        ),
    ),
    Rule(
        "boxes-without-keys-in-steps",
        "See above.",
        _boxes_without_keys,
        _sample(
            _STEPS.replace("  one:", "  judge:\n    permissions: {}")
            + "    - env: {KEY: '${{ secrets.ACCESSION_STATE_KEY }}'}\n      run: echo\n"
        ),
    ),
    Rule(
        "one-at-a-time",
        "Two looks at one subject would both write.",
        _one_at_a_time,
        _sample(_JOB, top="permissions: {}\n"),
    ),
    Rule(
        "checkouts-forget",
        "A token in .git/config is read by every later step.",
        _checkouts_forget,
        _sample(f"{_STEPS}    - uses: actions/checkout@{_SHA}  # v4.2.2\n"),
    ),
    Rule(
        "checkouts-of-our-own",
        "What a pull request brings is fetched by its hash into a box, and never stands beside a token.",
        _checkouts_forget,
        _sample(
            f"{_STEPS}    - uses: actions/checkout@{_SHA}  # v4.2.2\n"
            "      with: {persist-credentials: false, ref: 'refs/pull/1/head'}\n"
        ),
    ),
    Rule(
        "one-failure-stops-no-other",
        "One weight format that fails says nothing of the others.",
        _one_failure_stops_no_other,
        _sample(_JOB + "    strategy: {matrix: {format: [a, b]}}\n"),
    ),
    Rule(
        "a-named-runner",
        "What is latest changes by itself, and with it every verdict.",
        _a_named_runner,
        _sample("  one:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n"),
    ),
)
