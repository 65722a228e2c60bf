"""The other workflows, executed: an entry merged by hand is described and published, then tested again; and one file for all."""

from __future__ import annotations

import json

import pytest

from bot.adopting.adoption import Source
from bot.adopting.workflow import PATH, workflow
from tests.actions.hub import BOT
from tests.actions.stage import REPOSITORY, leaks, set_stage, workflows
from tests.actions.test_workflows import ONE_FILE
from tests.samples import make

ADOPTED = {PATH: workflow(Source(BOT, "c0ffee" + "0" * 34))}


def test_an_entry_that_was_merged_by_hand_is_described_published_and_tested_again(tmp_path):
    """Another one that can never be described is merged beside it, and starts no run after run."""
    good = make.make_good(tmp_path / "good")
    with set_stage(tmp_path / "stage", [good]) as stage:
        hub, github = stage.hub, stage.github
        record = stage.publish(good, keyword="something else")
        entry = f"collection/entries/calm-seal/{record}"
        never = {"collection/entries/bald-heron/1/rdf.yaml": b"a: [\n"}
        github.commit_files(
            REPOSITORY, "main", {f"{entry}/rdf.yaml": (good / "rdf.yaml").read_bytes(), **never}, author="curator"
        )

        publish = hub.schedule("publish.yml", "52 2 * * *")
        assert hub.failures == []
        assert hub.drain() == []
        done = [name for name, one in publish.results.items() if one.result == "success"]
        assert done == [f"publish/{name}" for name in ("publish", "images", "prepare", "publish-described")] + [
            "publish"
        ]
        assert github.file(REPOSITORY, f"{entry}/entry.yaml") is not None
        collection = json.loads(github.file(REPOSITORY, "collection/collection.json"))
        assert [version["version"] for one in collection["entries"] for version in one["versions"]] == [record]

        before = len(github.writes)
        retest = hub.schedule("retest.yml", "41 1 * * 6")
        assert hub.failures == []
        found = json.loads((retest.artifacts["retest"] / "retest.json").read_text())
        assert (retest.artifacts["retest"] / "retest.svg").read_text().startswith("<svg")
        assert [one["id"] for one in found["entries"]] == ["calm-seal"]
        assert [cell["level"] for cell in found["entries"][0]["cells"]] == ["passes", "reproduces"]
        assert len(github.writes) == before

        again = hub.schedule("retest.yml", "41 1 * * 6")
        assert (again.said("retest/retest").result, again.said("retest/retest-collect").result) == (
            "skipped",
            "success",
        )
        assert json.loads((again.artifacts["retest"] / "retest.json").read_text())["entries"] == found["entries"]
        assert leaks(stage, hub.runs) == []


def test_another_collection_has_all_of_it_by_one_file(tmp_path):
    sample = make.make_three_mistakes(tmp_path / "sample")
    with set_stage(tmp_path / "stage", [sample], {".github/workflows/accession.yml": ONE_FILE.read_text()}) as stage:
        hub, github = stage.hub, stage.github
        stage.publish(sample)
        hub.schedule("accession.yml", "7,37 * * * *")
        (pull,) = github.pulls(REPOSITORY)
        (check,) = hub.drain()
        assert hub.failures == []
        assert check.inputs == {"what": "check", "pull": str(pull.number), "head": "", "record": ""}
        assert github.labels(REPOSITORY, pull.number) == ("needs changes",)

        github.comment(REPOSITORY, pull.number, login="ada-sample", body="When will it be accepted?")
        (ignored,) = hub.drain()
        assert [one.result for one in ignored.results.values()] == ["skipped"]
        stage.later()
        github.comment(REPOSITORY, pull.number, login="curator", body="/accession frobnicate")
        (answered,) = hub.drain()
        assert answered.said("accession/feedback").result == "success"
        assert "frobnicate" in github.comments(REPOSITORY, pull.number)[-1].body
        assert check.groups == answered.groups == [f"accession-pull-{pull.number}"]

        hub.schedule("accession.yml", "17,47 * * * *")
        hub.schedule("accession.yml", "52 2 * * *")
        assert hub.drain() == []
        assert hub.failures == []
        assert leaks(stage, hub.runs) == []


def test_with_what_init_writes_all_that_is_there_is_taken_in_by_hand(tmp_path):
    sample = make.make_three_mistakes(tmp_path / "sample")
    with set_stage(tmp_path / "stage", [sample], ADOPTED) as stage:
        hub, github = stage.hub, stage.github
        stage.publish(sample)
        run = hub.start("accession.yml", what="poll", days="0")
        assert hub.failures == []
        assert len(github.pulls(REPOSITORY)) == 1
        (find,) = (job for job in run.jobs if job.name == "poll/find")
        assert [step.environment["DAYS"] for step in find.steps if "actions find" in step.text] == ["0"]
        assert run.groups == ["accession-poll--0"]

        daily = hub.schedule("accession.yml", "23 4 * * *")
        assert hub.failures == []
        (find,) = (job for job in daily.jobs if job.name == "poll/find")
        assert [step.environment["DAILY"] for step in find.steps if "actions find" in step.text] == ["--daily"]
        assert len(github.pulls(REPOSITORY)) == 1


@pytest.mark.parametrize(
    ("files", "name", "renewed"),
    [
        (None, "feedback.yml", {"feedback.yml", "poll.yml", "publish.yml"}),
        (ADOPTED, "accession.yml", {"accession.yml"}),
    ],
    ids=["own", "adopted"],
)
def test_the_daily_sweep_alone_renews_the_workflows_and_wakes_none_that_somebody_disabled(
    tmp_path, files, name, renewed
):
    with set_stage(tmp_path / "stage", [], files) as stage:
        hub, github = stage.hub, stage.github
        names = sorted(path.rpartition("/")[2] for path in files or workflows())
        if files is None:
            github.disable_workflow(REPOSITORY, "retest.yml")
        before = {one: github.workflow(REPOSITORY, one) for one in names}
        stage.later(3600)
        hub.schedule(name, "17,47 * * * *")
        assert {one: github.workflow(REPOSITORY, one) for one in names} == before
        hub.schedule(name, "32 3 * * *")
        assert hub.failures == []
        after = {one: github.workflow(REPOSITORY, one) for one in names}
        assert {one for one in names if after[one].updated > before[one].updated} == renewed
        assert {one: after[one].state for one in names} == {one: before[one].state for one in names}
