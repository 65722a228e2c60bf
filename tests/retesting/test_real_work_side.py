"""An entry that went the whole road, retested by the real work side: the same job, the same content, the same verdict."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.corridor.retest import plan, retest
from bot.gateways.work_process import WorkProcess
from tests.journeys.conftest import REPOSITORY, little_world
from tests.samples.make import make_good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.conftest import Little

pytestmark = pytest.mark.docker

ROOT = Path(__file__).parents[2]


@pytest.fixture
def little(tmp_path: Path) -> Iterator[Little]:
    with little_world(tmp_path) as world:
        environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "ACCESSION_BOX": "docker",
            "ACCESSION_CACHE": str(tmp_path / "cache"),
            "ACCESSION_ZENODO_URL": world.zenodo.url,
            **{name: os.environ[name] for name in ("ACCESSION_JOB_IMAGE",) if name in os.environ},
        }
        with WorkProcess(environ, command=[sys.executable, "-m", "bot.work"]) as work:
            world.workshop = work
            yield world


class Told:
    def __init__(self) -> None:
        self.tries: list[str] = []

    def tried(self, tried, done, left) -> None:
        self.tries.append(tried.version.place)


def test_an_accepted_entry_is_found_as_it_was_accepted(little, tmp_path):
    folder = make_good(tmp_path / "upload", github_user="ada")
    record = little.publish({path.name: path.read_bytes() for path in folder.iterdir()})
    desk = little.start()
    little.go(desk)
    little.approve(1)
    little.go(desk)
    assert little.github.pulls(REPOSITORY)[0].merged, little.report(1)

    told = Told()
    found = retest(desk, plan(desk, (), all_versions=False), told, workers=2, stop=lambda: False)
    (row,) = found.rows
    assert row.levels() == {"rules": "passes", "onnx": "reproduces"}, row
    assert (row.version, row.tested) == (record, row.content)
    assert told.tries == [f"{row.id}/{record}"]

    again = retest(desk, plan(desk, (), all_versions=False), told, workers=2, stop=lambda: False)
    assert (again.rows, again.asked, len(told.tries)) == (found.rows, 0, 1)
