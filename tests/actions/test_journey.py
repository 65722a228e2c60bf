"""The bot's own workflows, executed step by step against the local world, from an upload to the published collection."""

from __future__ import annotations

import json

import pytest

from tests.actions.stage import REPOSITORY, leaks, set_stage, touches
from tests.samples import make

BOT = "github-actions[bot]"
POLL = "7,37 * * * *"


@pytest.fixture
def good(tmp_path):
    return make.make_good(tmp_path / "good")


def test_from_an_upload_to_the_collection(tmp_path, good):
    with set_stage(tmp_path / "stage", [good]) as stage:
        hub, github = stage.hub, stage.github
        record = stage.publish(good)

        poll = hub.schedule("poll.yml", POLL)
        assert hub.failures == []
        (pull,) = github.pulls(REPOSITORY)
        assert (poll.said("poll/find").result, poll.said("poll/prepare").result) == ("success", "success")
        assert pull.user == BOT

        (check,) = hub.drain()
        assert hub.failures == []
        assert check.path == ".github/workflows/check.yml"
        assert [name for name, one in check.results.items() if one.result == "success"] == [
            f"check{job}" for job in ("/plan", "/images", "/formats", "/produce", "/judge", "/feedback", "")
        ]
        assert github.labels(REPOSITORY, pull.number) == ("awaiting review",)
        assert "onnx" in stage.report(pull.number)

        stage.later()
        github.approve(REPOSITORY, pull.number, login="curator")
        after = hub.drain()
        assert hub.failures == []
        assert [run.path.rpartition("/")[2] for run in after] == ["feedback.yml", "check.yml", "publish.yml"]
        assert github.pull(REPOSITORY, pull.number).merged
        assert github.labels(REPOSITORY, pull.number) == ("merged",)
        collection = json.loads(github.file(REPOSITORY, "collection/collection.json"))
        assert [version["version"] for entry in collection["entries"] for version in entry["versions"]] == [record]

        before = len(github.writes)
        hub.schedule("feedback.yml", "17,47 * * * *")
        assert hub.drain() == []
        assert len(github.writes) == before

        worked = [job.name for run in hub.runs for job in run.jobs if touches(job.steps)]
        assert sorted(set(worked)) == ["check/formats", "check/judge", "check/produce", "poll/prepare"]
        assert leaks(stage, hub.runs) == []
        assert {group for run in hub.runs for group in run.groups} >= {
            f"accession-poll--{POLL}",
            f"accession-pull-{pull.number}",
        }
        assert set(hub.cached_by) <= {"poll/images", "check/images"}
