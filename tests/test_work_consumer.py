"""`accession work` as a command: what it reads of its surroundings, how it begins and ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import work_consumer
from bot.errors import ConfigError
from bot.records.box import Machine
from bot.work_settings import NAMES, WorkSettings
from tests.fakes.boxes import FakeBoxes

ROOT = Path(__file__).parents[1]
GIB = 1024**3


class Watched(Mapping):
    """Settings that tell which of them were read."""

    def __init__(self, values):
        self.values, self.read = values, set()

    def __getitem__(self, name):
        self.read.add(name)
        return self.values[name]

    def __iter__(self):
        raise AssertionError("it looks at everything there is")

    def __len__(self):
        return len(self.values)


def test_it_reads_no_setting_with_a_key():
    watched = Watched({"ACCESSION_GITHUB_TOKEN": "s3cret", "ACCESSION_STATE_KEY": "s3cret"})
    WorkSettings.from_env(watched)
    assert watched.read <= {*NAMES, "ACCESSION_WORK_DATABASE"}


@pytest.mark.parametrize(("cpus", "memory", "lanes"), [(1, 1, 1), (2, 64, 1), (8, 64, 4), (8, 9, 2), (64, 512, 4)])
def test_it_takes_as_many_questions_at_once_as_boxes_fit_on_the_machine(cpus, memory, lanes):
    boxes = FakeBoxes()
    boxes.room = Machine(cpus=cpus, memory_bytes=memory * GIB)
    assert work_consumer.lanes(SimpleNamespace(boxes=boxes)) == lanes


def run(tmp_path, **environ):
    known = {"PATH": os.environ["PATH"], "ACCESSION_CACHE": str(tmp_path), "ACCESSION_BOX": "process"}
    command = [sys.executable, "-m", "bot", "work"]
    return subprocess.Popen(command, cwd=ROOT, env=known | environ, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_asked_to(tmp_path, number):
    with run(tmp_path, ACCESSION_ZENODO_TOKEN="s3cret-token") as process:
        said = []
        for line in process.stderr:
            said.append(line)
            if "worker_ready" in line:
                break
        process.send_signal(number)
        said.append(process.stderr.read())
        assert process.wait(60) == 0
    assert "s3cret-token" not in "".join(said)
    assert "worker_stopped" in said[-1]
    assert (tmp_path / "work.sqlite").is_file()


def test_a_database_that_does_not_answer_ends_it_with_a_sentence(tmp_path):
    with run(tmp_path, ACCESSION_WORK_DATABASE="postgresql://ada:s3cret@127.0.0.1:1/work") as process:
        said = process.stderr.read()
        assert process.wait(60) == 1
    assert "accession: The work database does not do its part" in said
    assert "s3cret" not in said
    assert "Traceback" not in said


def test_a_wrong_setting_ends_it_with_code_2(tmp_path):
    with run(tmp_path, ACCESSION_WORK_DATABASE="mysql://db") as process:
        said = process.stderr.read()
        assert process.wait(60) == 2
    assert said.startswith("accession: ACCESSION_WORK_DATABASE")


def test_a_wrong_setting_is_an_error_of_its_family():
    with pytest.raises(ConfigError):
        WorkSettings.from_env({"ACCESSION_WORK_DATABASE": "x"})
