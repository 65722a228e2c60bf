"""The whole work side as it runs: a child process, the real engine, the job image, a real model from public sources."""

import hashlib
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.gateways.work_process import WorkProcess
from tests.fakes.served import job_of, serving

pytestmark = [pytest.mark.docker, pytest.mark.realdata]

ROOT = Path(__file__).parents[2]
MODEL = ROOT.parent / "shared" / "realdata" / "models" / "unet2d_nuclei_broad"
IMAGE = os.environ.get("ACCESSION_JOB_IMAGE", "accession-job:latest")
RDFS = ("local_v0_4_9.bioimageio.yaml", "local_bioimageio.yaml")
FILES = (
    "weights.onnx",
    "weights.pt",
    "test_input.npy",
    "test_output.npy",
    "test_input.png",
    "test_output.png",
    "README.md",
    "environment.yaml",
    "cover0.png",
)
ANSWERS = ("loads", "runs", "reproduces")


@pytest.fixture
def work(tmp_path, folder):
    """The work side beside an archive on loopback."""
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "ACCESSION_BOX": "docker",
        "ACCESSION_CACHE": str(tmp_path / "cache"),
        "ACCESSION_JOB_IMAGE": IMAGE,
    }
    command = [sys.executable, "-m", "bot.work"]
    with serving(folder) as url, WorkProcess(environ | {"ACCESSION_ZENODO_URL": url}, command=command) as made:
        yield lambda: made.check(job_of(url, folder))


@pytest.fixture(params=RDFS)
def folder(tmp_path, request):
    """The upload, in either form of its RDF."""
    made = tmp_path / "upload"
    made.mkdir()
    for name in FILES:
        shutil.copyfile(MODEL / name, made / name)
    shutil.copyfile(MODEL / request.param, made / "rdf.yaml")
    return made


def test_onnx_and_torchscript_reproduce_in_sealed_boxes(work):
    report = work()
    assert report["outcome"] == "passed", report["message"]
    for weights in report["weights"]:
        assert [weights[part]["outcome"] for part in ANSWERS] == ["passed"] * 3
        assert weights["tensors"][0]["max_abs"] < 1e-4
        assert {check["name"]: check["outcome"]["outcome"] for check in weights["checks"]}["varies"] == "passed"
    assert {weights["format"] for weights in report["weights"]} == {"onnx", "torchscript"}
    assert {one["outcome"]["outcome"] for one in report["comparisons"]} == {"passed"}
    assert report["image"].startswith("sha256:")


def test_an_expected_output_that_is_shifted_does_not_reproduce(work, folder):
    path, rdf = folder / "test_output.npy", folder / "rdf.yaml"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    np.save(path, np.load(path) + np.float32(0.05))
    rdf.write_text(rdf.read_text().replace(old, hashlib.sha256(path.read_bytes()).hexdigest()))  # 0.5 names it
    report = work()
    assert report["outcome"] == "failed"
    for weights in report["weights"]:
        assert [weights[part]["outcome"] for part in ANSWERS] == ["passed", "passed", "failed"]
        (tensor,) = weights["tensors"]
        assert tensor["max_abs"] == pytest.approx(0.05, abs=1e-5)
        assert (tensor["mismatched"], tensor["elements"], tensor["mismatch_ppm"]) == (262_144, 262_144, 1_000_000)
        assert [picture["output"] for picture in weights["pictures"]] == [tensor["name"]]
        assert weights["artefact"]["size"] > 0
