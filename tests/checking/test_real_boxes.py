"""The whole work side as it runs: a child process, the real engine, the job image, a real model from public sources."""

import functools
import hashlib
import os
import shutil
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import docker
import pytest
from docker.errors import DockerException, ImageNotFound

from bot.gateways.work_process import WorkProcess

pytestmark = [pytest.mark.docker, pytest.mark.realdata]

ROOT = Path(__file__).parents[2]
MODEL = ROOT.parent / "shared" / "realdata" / "models" / "unet2d_nuclei_broad"
IMAGE = os.environ.get("ACCESSION_JOB_IMAGE", "accession-job:latest")
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


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def work(tmp_path, folder):
    """The work side beside an archive on loopback."""
    if not MODEL.is_dir():
        pytest.skip("the real model is not beside this checkout")
    _need_image()
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "ACCESSION_BOX": "docker",
        "ACCESSION_CACHE": str(tmp_path / "cache"),
        "ACCESSION_JOB_IMAGE": IMAGE,
        "ACCESSION_ZENODO_URL": url,
    }
    with WorkProcess(environ, command=[sys.executable, "-m", "bot.work"]) as made:
        yield lambda: made.check(_job(url, folder))
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def folder(tmp_path):
    """The upload."""
    made = tmp_path / "upload"
    made.mkdir()
    for name in FILES:
        if (MODEL / name).is_file():
            shutil.copyfile(MODEL / name, made / name)
    if MODEL.is_dir():
        shutil.copyfile(MODEL / "local_v0_4_9.bioimageio.yaml", made / "rdf.yaml")
    return made


def _need_image():
    reason = ""
    try:
        client = docker.APIClient(version="auto")
        client.inspect_image(IMAGE)
        client.close()
    except ImageNotFound:
        client.close()
        reason = f"there is no image {IMAGE}: make it with .ci/build-image"
    except DockerException:
        reason = "no container engine answers"
    if reason and os.environ.get("ACCESSION_REQUIRE_DOCKER") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def _job(url, folder):
    files = [
        {
            "name": path.name,
            "url": f"{url}/{path.name}",
            "size": path.stat().st_size,
            "md5": hashlib.md5(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.iterdir())
    ]
    return {
        "schema": "accession/job/1",
        "verb": "check",
        "source": {"archive": "zenodo", "concept": "1", "record": "2", "files": files},
        "rdf_override": None,
        "policy": {
            "limits": {},
            "types": ["model"],
            "minimum_format_version": {"model": "0.4.0"},
            "tolerance": {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 1000},
        },
    }


def test_onnx_and_torchscript_reproduce_in_sealed_boxes(work):
    report = work()
    assert report["outcome"] == "passed", report["message"]
    for weights in report["weights"]:
        assert [weights[part]["outcome"] for part in ("loads", "runs", "reproduces")] == ["passed"] * 3
        assert weights["tensors"][0]["max_abs"] < 1e-4
    assert {weights["format"] for weights in report["weights"]} == {"onnx", "torchscript"}
    assert report["image"].startswith("sha256:")


def test_another_expected_output_does_not_reproduce(work, folder):
    path = folder / "test_output.npy"
    content = bytearray(path.read_bytes())
    content[-4:] = b"\x00\x00\x20\x41"
    path.write_bytes(content)
    report = work()
    assert report["outcome"] == "failed"
    assert [weights["reproduces"]["outcome"] for weights in report["weights"]] == ["failed", "failed"]
    assert [weights["runs"]["outcome"] for weights in report["weights"]] == ["passed", "passed"]
