"""No file takes the command line a second or 200 MB, or makes it fail without a sentence."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflows.hostile.corpus import WRONG
from tests.workflows.rdf_sample import MODEL_04

ROOT = Path(__file__).parents[3]
LAUNCH = Path(__file__).with_name("launch.py")
SECONDS = 1.0
MEGABYTES = 200.0
PATIENCE = 10  # seconds after which a child is killed


def check(path: Path | str, *arguments: str) -> dict:
    """What `static` said of a path, and what that cost; a child that had to wait for a processor gets two more tries."""
    command = [sys.executable, "-m", "workflows", "static", str(path), *arguments]
    for _ in range(3):
        launch = [sys.executable, "-I", "-S", str(LAUNCH), str(PATIENCE), *command]
        answer = json.loads(subprocess.run(launch, cwd=ROOT, capture_output=True, check=True).stdout)
        if answer["seconds"] < SECONDS:
            break
    return answer


def crowded() -> bool:
    """Whether more wants to run than there are processors; then a child's time on the clock says nothing of the child."""
    return os.getloadavg()[0] > (os.cpu_count() or 1)


def assert_bounded(answer: dict, says: str = "") -> None:
    said = answer["out"] + answer["err"]
    assert answer["code"] in {1, 2}, said
    assert "Traceback" not in said
    assert answer["busy"] < SECONDS
    assert answer["seconds"] < SECONDS or crowded()
    assert answer["megabytes"] < MEGABYTES
    assert said.strip()
    assert says.lower() in said.lower()


def test_the_bounds_are_measured():
    """A child that takes much and long is seen to."""
    code = "import time; x = b'x' * 300_000_000; time.sleep(1.1)\nwhile time.process_time() < 1.1: pass"
    launch = [sys.executable, "-I", "-S", str(LAUNCH), str(PATIENCE), sys.executable, "-c", code]
    answer = json.loads(subprocess.run(launch, capture_output=True, check=True).stdout)
    assert answer["megabytes"] > 280
    assert answer["seconds"] > 2.2
    assert answer["busy"] > 1.1
    assert answer["code"] == 0


def test_a_child_that_never_ends_is_killed():
    launch = [sys.executable, "-I", "-S", str(LAUNCH), "0.3", sys.executable, "-c", "while True: pass"]
    assert json.loads(subprocess.run(launch, capture_output=True, check=True).stdout)["code"] == -9


@pytest.mark.parametrize("name", WRONG)
def test_wrong_content(name, tmp_path):
    raw, says = WRONG[name]
    path = tmp_path / "rdf.yaml"
    path.write_bytes(raw)
    assert_bounded(check(path), says)
    assert not (ROOT / "owned").exists()


def test_a_file_of_100_megabytes(tmp_path):
    path = tmp_path / "rdf.yaml"
    with path.open("wb") as file:
        for _ in range(100):
            file.write(b"# not an RDF any more\n" * 47_663)
    assert path.stat().st_size > 100_000_000
    assert_bounded(check(path), "1,000,000 bytes")


def test_a_good_file_is_within_the_bounds(tmp_path):
    path = tmp_path / "rdf.yaml"
    path.write_text(MODEL_04)
    answer = check(path)
    assert answer["busy"] < SECONDS
    assert answer["megabytes"] < MEGABYTES


def test_a_folder_without_an_rdf(tmp_path):
    (tmp_path / "readme.txt").write_text("nothing")
    assert_bounded(check(tmp_path), "rdf")


def test_what_is_not_there(tmp_path):
    assert_bounded(check(tmp_path / "gone.yaml"), "gone.yaml")


def test_a_name_that_is_too_long(tmp_path):
    assert_bounded(check(tmp_path / ("x" * 300)))


def test_a_path_through_a_file(tmp_path):
    (tmp_path / "file").write_text("x")
    assert_bounded(check(tmp_path / "file" / "rdf.yaml"))


def test_a_pipe_that_nobody_writes_to(tmp_path):
    os.mkfifo(tmp_path / "rdf.yaml")
    assert_bounded(check(tmp_path / "rdf.yaml"))


def test_a_folder_whose_rdf_is_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "rdf.yaml")
    assert_bounded(check(tmp_path))


def test_a_device_without_an_end():
    assert_bounded(check("/dev/zero"))


def test_a_socket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the name of a socket may be about 100 characters long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("rdf.yaml")
        assert_bounded(check(tmp_path / "rdf.yaml"))


def test_a_link_to_itself(tmp_path):
    (tmp_path / "rdf.yaml").symlink_to(tmp_path / "rdf.yaml")
    assert_bounded(check(tmp_path / "rdf.yaml"))


def test_a_folder_that_links_to_itself(tmp_path):
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "rdf.yaml").write_text("a: b: c")
    assert_bounded(check(tmp_path), "Not YAML")


@pytest.mark.skipif(
    os.geteuid() == 0, reason="root may read every file; tests/workflows/test_read_file.py plays the refusal"
)
def test_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "rdf.yaml"
    path.write_text("type: model\n")
    path.chmod(0)
    assert_bounded(check(path), "may not be read")
