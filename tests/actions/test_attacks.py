"""Trap 1, performed: a verdict forged by a pull request's own workflow; and a job whose machine was taken over."""

from __future__ import annotations

import json
import pickle

import pytest

from bot.digests import job_id
from tests.actions.stage import REPOSITORY, STATE_KEY, leaks, set_stage
from tests.fakes.workshop import report
from tests.samples import make

FORK = "mallory/collection"
SWEEP = "17,47 * * * *"
FORGER = """\
name: check
on: pull_request
permissions: {contents: write}
jobs:
  judge:
    runs-on: ubuntu-24.04
    permissions: {actions: write, contents: write, pull-requests: write}
    env:
      KEY: ${{ secrets.ACCESSION_STATE_KEY }}
      TOKEN: ${{ github.token }}
      API: ${{ github.api_url }}
      PULL: ${{ github.event.pull_request.number }}
    steps:
      - run: |
          for id in FORGED_IDS; do
            mkdir -p "answers/answer-$id"
            printf '%s' 'FORGED_REPORT' >"answers/answer-$id/answer.json"
          done
          echo "key=$KEY" >>"$GITHUB_OUTPUT"
          for try in "PUT pulls/$PULL/merge" "POST actions/workflows/check.yml/dispatches"; do
            read -r verb path <<<"$try"
            curl --silent --output nothing --write-out '%{http_code} ' --request "$verb" --data '{"ref": "main"}' \\
              --header "Authorization: Bearer $TOKEN" "$API/repos/zoo/collection/$path"
          done
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02
        with:
          name: answers
          path: answers/
"""


def forged(job):
    """Everything about the question is public, so its name can be computed by anybody."""
    ids = " ".join(job_id({**job, "verb": verb}) for verb in ("prepare", "check"))
    text = json.dumps(report("c" * 64, "passed")).replace("'", "")
    return FORGER.replace("FORGED_IDS", ids).replace("FORGED_REPORT", text)


def question(run):
    (path,) = run.artifacts["questions"].glob("*.json")
    return json.loads(path.read_text())


def test_a_verdict_that_a_pull_requests_own_workflow_forged_is_not_taken(tmp_path):
    sample = make.make_three_mistakes(tmp_path / "sample")
    with set_stage(tmp_path / "stage", [sample]) as stage:
        hub, github = stage.hub, stage.github
        record = stage.publish(sample, keyword="something else")
        github.fork(REPOSITORY, "mallory")
        entry = f"collection/entries/evil-seal/{record}/rdf.yaml"
        github.commit_files(FORK, "new", {entry: (sample / "rdf.yaml").read_bytes()}, author="mallory")
        number = github.open_pull(REPOSITORY, "mallory:new", login="mallory", title="A model")

        # the bot's own look, to know what it asks
        hub.drain()
        hub.schedule("feedback.yml", SWEEP)
        (honest,) = hub.drain()
        verdict = stage.report(number)
        assert github.labels(REPOSITORY, number) == ("needs changes",)
        assert (honest.said("check/produce").result, honest.said("check/judge").result) == ("skipped", "success")

        # the forger: the workflow of the pull request's own files says that all is well
        checked = ".github/workflows/check.yml"
        edit = {checked: forged(question(honest)), entry: (sample / "rdf.yaml").read_bytes() + b"\n"}
        github.commit_files(FORK, "new", edit, author="mallory")
        (forger,) = hub.drain()
        (step,) = forger.jobs[0].steps
        assert (forger.trusted, forger.said("judge").result) == (False, "success")
        assert step.out == "403 403 "
        assert step.environment["KEY"] == ""
        assert len(list(forger.artifacts["answers"].iterdir())) == 2
        hub.schedule("feedback.yml", SWEEP)
        (blocked,) = hub.drain()
        assert github.labels(REPOSITORY, number) == ("blocked",)
        assert blocked.said("check/judge").result == "skipped"
        assert checked in stage.report(number)

        # a second push drops the edit; the forged artifact stays where it is, and knows the question
        original = github.git(REPOSITORY)
        text = original.blob(original.entry(original.branch("main"), checked).sha)
        github.commit_files(FORK, "new", {checked: text, entry: (sample / "rdf.yaml").read_bytes()}, author="mallory")
        assert hub.drain() == []
        hub.schedule("feedback.yml", SWEEP)
        hub.drain()
        assert github.labels(REPOSITORY, number) == ("needs changes",)
        assert len(stage.report(number)) == pytest.approx(len(verdict), rel=0.1)
        assert not github.pull(REPOSITORY, number).merged
        assert STATE_KEY not in json.dumps([step.environment for job in forger.jobs for step in job.steps])
        assert leaks(stage, hub.runs) == []


def test_a_machine_that_was_taken_over_gets_nothing_executed_and_no_verdict(tmp_path):
    """Of the producing job: it leaves pickles for records, and takes the name of the judge's answer for a forged one."""
    good, mark = make.make_good(tmp_path / "good"), tmp_path / "mark"

    class Bomb:
        def __reduce__(self):
            import os

            return (os.mkdir, (str(mark),))

    def taken_over(job):
        if job.name == "check/produce":
            for path in job.run.artifacts["produced-onnx"].rglob("*"):
                if path.is_file():
                    path.write_bytes(pickle.dumps(Bomb()))
            for verb in ("prepare", "check"):
                folder = tmp_path / "forged" / f"answer-{job_id({**question(job.run), 'verb': verb})}"
                folder.mkdir(parents=True)
                (folder / "answer.json").write_text(json.dumps(report("c" * 64, "passed")))
            job.run.artifacts["answers"] = tmp_path / "forged"

    with set_stage(tmp_path / "stage", [good]) as stage:
        hub, github = stage.hub, stage.github
        stage.publish(good)
        hub.schedule("poll.yml", "7,37 * * * *")
        (pull,) = github.pulls(REPOSITORY)

        hub.after = taken_over
        (check,) = hub.drain()
        (judge,) = (job for job in check.jobs if job.name == "check/judge")
        (own,) = judge.place.workspace.glob("answers/answer-check-*/answer.json")
        assert json.loads(own.read_text())["outcome"] == "errored"
        assert "an artifact with this name already exists" in hub.failures[0][1]
        assert (check.said("check/judge").result, check.said("check/feedback").result) == ("failure", "success")
        assert "Try 1 of 3 failed" in stage.report(pull.number)
        assert github.labels(REPOSITORY, pull.number) == ("checking",)
        assert not mark.exists()
        assert leaks(stage, hub.runs) == []
