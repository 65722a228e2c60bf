"""The work side's settings: defaults, and what is said of a wrong one."""

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.records.box import KINDS
from bot.work_settings import IMAGES, NAMES, WorkSettings


def test_every_kind_of_image_has_a_name_and_a_variable():
    assert tuple(IMAGES) == KINDS
    assert WorkSettings.from_env({}).job_images == {
        "onnx-torch": "accession-job:latest",
        "tensorflow": "accession-job-tensorflow:latest",
        "tfjs": "accession-job-tfjs:latest",
    }
    given = {
        "ACCESSION_JOB_IMAGE": "a:1",
        "ACCESSION_JOB_IMAGE_TENSORFLOW": "b:2",
        "ACCESSION_JOB_IMAGE_TFJS": "c:3",
    }
    assert list(WorkSettings.from_env(given).job_images.values()) == ["a:1", "b:2", "c:3"]
    assert set(given) < set(NAMES)


def test_evidence_has_bytes_of_its_own():
    assert WorkSettings.from_env({}).evidence_bytes == 5 * 1024**3
    assert WorkSettings.from_env({"ACCESSION_EVIDENCE_BYTES": "1000"}).evidence_bytes == 1000


@pytest.mark.parametrize(("name", "value"), [("ACCESSION_EVIDENCE_BYTES", "5 GiB"), ("ACCESSION_BOX", "cardboard")])
def test_a_wrong_setting_is_named(name, value):
    with pytest.raises(ConfigError) as raised:
        WorkSettings.from_env({name: value})
    assert name in raised.value.message
    assert value in raised.value.message


def test_the_work_database_lies_in_the_cache_and_its_password_is_hidden():
    assert WorkSettings.from_env({"ACCESSION_CACHE": "/c"}).work_database == "sqlite:////c/work.sqlite"
    given = WorkSettings.from_env({"ACCESSION_WORK_DATABASE": "postgresql://ada:s%40cret@db/work"})
    assert "cret" not in repr(given)
    assert {"s%40cret", "s@cret"} <= set(given.secrets)


def test_the_child_of_another_command_is_not_told_of_it():
    assert "ACCESSION_WORK_DATABASE" not in NAMES


def test_a_work_database_that_is_none_is_named_without_its_password():
    with pytest.raises(ConfigError) as raised:
        WorkSettings.from_env({"ACCESSION_WORK_DATABASE": "mysql://ada:s3cret@db/work"})
    assert "ACCESSION_WORK_DATABASE" in raised.value.message
    assert "s3cret" not in raised.value.message


def test_a_launcher_is_a_path_and_goes_with_no_bare_process():
    assert WorkSettings.from_env({}).launcher is None
    assert WorkSettings.from_env({"ACCESSION_LAUNCHER": "run/x.sock"}).launcher == Path("run/x.sock").absolute()
    with pytest.raises(ConfigError, match="leave one of them out"):
        WorkSettings.from_env({"ACCESSION_LAUNCHER": "run/x.sock", "ACCESSION_BOX": "process"})
