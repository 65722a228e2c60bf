"""Where both sides are asked: the present code, in an interpreter that is there; what is missing is told."""

import subprocess

import pytest

from tests.agreement.corpus import ROOT
from tests.agreement.dynamic.environments import ENVIRONMENTS, TENSORFLOW
from tests.agreement.dynamic.nursery import Nursery
from tests.samples import in_images

WHERE = "import tests, tensorflow, workflows; print(workflows.__file__)"


def test_the_command_asks_in_every_environment():
    assert [one.name for one in ENVIRONMENTS] == ["onnx-torch", "tensorflow"]


def test_a_missing_image_is_told_with_what_to_do(monkeypatch):
    monkeypatch.setenv("ACCESSION_JOB_IMAGE_TENSORFLOW", "accession-job-tensorflow:nowhere")
    in_images.missing.cache_clear()
    said = TENSORFLOW.missing
    in_images.missing.cache_clear()
    assert "accession-job-tensorflow:nowhere: make image" in said


@pytest.mark.docker
def test_the_code_in_the_image_is_that_of_this_checkout(tmp_path):
    in_images.needs("tensorflow")
    with TENSORFLOW.interpreter(tmp_path) as used:
        command = [used.python, "-c", f"{WHERE}; open({str(tmp_path / 'written')!r}, 'w').write('here')"]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == str(ROOT / "workflows/__init__.py")
    assert (tmp_path / "written").read_text() == "here"
    assert not used.home.exists()


def test_an_interpreter_that_does_not_start_is_told(tmp_path):
    with pytest.raises(RuntimeError, match=r"false.* serves no boxes"), Nursery("/bin/false", ROOT, tmp_path):
        pass
