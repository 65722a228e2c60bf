"""The workflow files as they stand: what a reader would look for, looked for in every job."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.actions.tend import SCHEDULED
from bot.work_actions import KEYS, VERBS
from tests.actions.expressions import Strict, fill
from tests.actions.machine import ROOT
from tests.actions.run import load

FILES = [path for path in sorted((ROOT / ".github/workflows").glob("*.yml")) if path.name != "ci.yml"]
ONE_FILE = Path(__file__).with_name("one_file.yml")
ACTIONS = sorted((ROOT / ".github/actions").glob("*/action.yml"))
CALLED = load((ROOT / ".github/workflows/accession.yml").read_text())
WORKED = re.compile(rf"accession actions ({'|'.join(verb for verb in VERBS if verb != 'environment')})\b")
SECRET = re.compile(r"secrets\.|github\.token|GITHUB_TOKEN|GH_TOKEN")


def text_of(value) -> str:
    stream = StringIO()
    YAML().dump(value, stream)
    return stream.getvalue()


def jobs():
    for path in [*FILES, ONE_FILE]:
        for name, job in load(path.read_text())["jobs"].items():
            yield pytest.param(job, id=f"{path.stem}-{name}")


@pytest.mark.parametrize("path", [*FILES, ONE_FILE], ids=lambda path: path.stem)
def test_a_workflow_gives_nothing_away_by_default(path):
    assert load(path.read_text())["permissions"] == {}


@pytest.mark.parametrize("job", list(jobs()))
def test_a_job_says_what_it_may_and_when_it_ends(job):
    assert isinstance(job["permissions"], dict)
    assert not set(job["permissions"].values()) - {"read", "write"}
    assert "uses" in job or job["timeout-minutes"] <= 350
    if "strategy" in job:
        assert job["strategy"]["fail-fast"] is False


@pytest.mark.parametrize("name", [name for name, job in CALLED["jobs"].items() if WORKED.search(text_of(job))])
def test_a_job_that_touches_contributed_content_has_no_token_and_no_secret(name):
    job = CALLED["jobs"][name]
    assert job["permissions"] == {}
    assert not SECRET.search(text_of(job))
    assert job["env"]["ACCESSION_BOX"] == "docker"
    assert not any("cache/save" in str(step.get("uses", "")) for step in job["steps"])
    assert not any(step.get("with", {}).get("save") for step in job["steps"])


def test_which_jobs_touch_contributed_content():
    found = {name for name, job in CALLED["jobs"].items() if WORKED.search(text_of(job))}
    assert found == {"prepare", "formats", "produce", "judge", "retest"}


def test_secrets_go_to_single_steps_and_never_to_a_whole_job():
    for name, job in CALLED["jobs"].items():
        assert not SECRET.search(text_of(job.get("env") or {})), name
        for step in job["steps"]:
            assert "run" in step or not SECRET.search(text_of(dict(step))), name


def test_writing_is_for_few_jobs():
    writing = {name for name, job in CALLED["jobs"].items() if "write" in job["permissions"].values()}
    assert writing == {"propose", "feedback", "sweep", "publish", "publish-described"}
    assert CALLED["jobs"]["sweep"]["permissions"]["contents"] == "read"


@pytest.mark.parametrize("path", [*FILES, *ACTIONS, ONE_FILE], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_expression_stands_in_a_script(path):
    found = YAML(typ="safe", pure=True).load(path.read_text())
    jobs_ = [found["runs"]] if "runs" in found else found["jobs"].values()
    scripts = [step["run"] for job in jobs_ for step in job.get("steps", ()) if "run" in step]
    assert [script for script in scripts if "${{" in script] == []


@pytest.mark.parametrize("path", [*FILES, *ACTIONS], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_action_is_pinned_and_says_its_version(path):
    uses = re.findall(r"^ *(?:- )?uses: (\S+)(.*)", path.read_text(), re.MULTILINE)
    outside = [(name, rest) for name, rest in uses if not name.startswith("./")]
    assert [name for name, rest in outside if not re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40}", name)] == []
    assert [name for name, rest in outside if not re.fullmatch(r"  # v\d+\.\d+\.\d+", rest)] == []


def test_one_version_of_each_action():
    found = {}
    for path in [*FILES, *ACTIONS, ROOT / ".github/workflows/ci.yml"]:
        for name, ref in re.findall(r"uses: (actions/\w[\w-]*)\S*@([0-9a-f]{40})", path.read_text()):
            found.setdefault(name, set()).add(ref)
    assert {name: refs for name, refs in found.items() if len(refs) > 1} == {}


def test_no_checkout_keeps_its_token_and_none_takes_a_pull_requests_files():
    steps = [step for path in FILES for job in load(path.read_text())["jobs"].values() for step in job.get("steps", ())]
    checkouts = [step["with"] for step in steps if str(step.get("uses", "")).startswith("actions/checkout@")]
    assert len(checkouts) > 10
    assert {given["persist-credentials"] for given in checkouts} == {False}
    assert {given["ref"] for given in checkouts} == {
        "${{ job.workflow_sha }}",
        "${{ github.event.repository.default_branch }}",
    }


def test_a_pull_request_is_acted_on_in_one_group_over_all_workflows():
    groups = {
        path.stem: [
            job["concurrency"]["group"] for job in load(path.read_text())["jobs"].values() if "concurrency" in job
        ]
        for path in FILES
    }
    assert groups["check"] == ["accession-pull-${{ inputs.pull }}"]
    assert groups["feedback"][0] == "accession-pull-${{ github.event.issue.number }}"
    callers = [path for path in FILES if path.name != "accession.yml"]
    assert all(
        "concurrency" in job and job["concurrency"]["cancel-in-progress"] in {False, True}
        for path in callers
        for job in load(path.read_text())["jobs"].values()
    )


def test_the_keys_that_the_work_side_refuses_are_those_that_the_workflow_hands_out():
    handed = set(re.findall(r"(ACCESSION_\w+): \$\{\{ (?:secrets|github\.token)", (ROOT / FILES[0]).read_text()))
    assert handed == {"ACCESSION_GITHUB_TOKEN", "ACCESSION_STATE_KEY", "ACCESSION_NOTIFY"}
    assert handed <= set(KEYS)


def test_the_one_file_asks_for_what_the_called_jobs_ask_for():
    most = load(ONE_FILE.read_text())["jobs"]["accession"]["permissions"]
    asked = {}
    for job in CALLED["jobs"].values():
        for key, level in job["permissions"].items():
            asked[key] = max(level, asked.get(key, "read"))
    assert most == asked


@pytest.mark.parametrize(
    ("event", "days", "daily"),
    [
        ("schedule", "0", "--daily"),
        ("schedule", "2", ""),
        ("workflow_dispatch", "0", ""),
        ("workflow_dispatch", "", ""),
    ],
)
def test_the_daily_schedule_alone_counts_days(event, days, daily):
    """By hand, all there is is taken in by polls that follow each other: each must have another window."""
    contexts = {"inputs": Strict(days=days), "github": {"event_name": event}}
    assert fill(CALLED["jobs"]["find"]["env"]["DAILY"], contexts) == daily
    assert '${DAILY:+"$DAILY"}' in text_of(CALLED["jobs"]["find"])


def test_every_workflow_with_a_schedule_is_renewed():
    assert [path.name for path in FILES if "schedule" in load(path.read_text())["on"]] == list(SCHEDULED)


def test_the_jobs_that_may_build_images_and_no_others_are_told_where_pip_finds_torch():
    """Beside a token it would be another place that the bot's own libraries could come from."""
    building = {name for name, job in CALLED["jobs"].items() if "./.github/actions/boxes" in text_of(job)}
    told = {name: job["env"]["PIP_EXTRA_INDEX_URL"] for name, job in CALLED["jobs"].items() if "PIP_" in text_of(job)}
    assert building == {"images", "prepare", "formats", "produce", "judge", "retest-images", "retest"}
    assert told == dict.fromkeys(building, "${{ vars.PIP_EXTRA_INDEX_URL }}")
