"""A real engine where there is one, and an image whose boxes are hostile."""

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import docker
import pytest
from docker.errors import DockerException, ImageNotFound

from bot.gateways.docker_engine import DockerBoxes
from tests.conftest import ROOT

HOSTILE = Path(__file__).parent / "hostile" / "run.py"
TAG = f"accession-hostile:{os.getpid()}"
BUILDER = f"accession-builder-test:{os.getpid()}"
BASES = ("python:3.11-slim-bookworm", "accession-base:bookworm")


def _missing(reason):
    if os.environ.get("ACCESSION_REQUIRE_DOCKER") == "1":
        pytest.fail(f"ACCESSION_REQUIRE_DOCKER=1, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def engine():
    """The engine's client."""
    try:
        client = docker.APIClient(version="auto", timeout=60)
    except DockerException:
        _missing("no container engine answers")
    yield client
    client.close()


@pytest.fixture(scope="session")
def base_image(engine):
    """Whatever job image is there, or the bare base that it is made from."""
    for name in (os.environ.get("ACCESSION_JOB_IMAGE", "accession-job:latest"), "accession-base:local"):
        try:
            engine.inspect_image(name)
        except ImageNotFound:
            continue
        return name
    return _missing("there is neither a job image nor a base image with Python")


@pytest.fixture(scope="session")
def hostile_image(engine, base_image):
    """That image with an entrypoint that attacks instead of working."""
    dockerfile = (
        f'FROM {base_image}\nUSER root\nCOPY run.py /hostile/run.py\nENTRYPOINT ["python3", "/hostile/run.py"]\n'
    )
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        for name, content in (("Dockerfile", dockerfile.encode()), ("run.py", HOSTILE.read_bytes())):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    context.seek(0)
    words = list(engine.build(fileobj=context, custom_context=True, tag=TAG, rm=True, decode=True))
    assert "errorDetail" not in words[-1], words[-1]
    yield TAG
    engine.remove_image(TAG, force=True)


@pytest.fixture
def boxes(engine, hostile_image, tmp_path):
    """Boxes of the hostile image."""
    with DockerBoxes(engine, hostile_image, tmp_path / "boxes") as made:
        yield made


@pytest.fixture(scope="session")
def builder_image(engine, tmp_path_factory):
    """The Dockerfile's own target, alone: without BuildKit the engine would build every target before it."""
    base = next((name for name in BASES if there(engine, name)), None)
    if base is None:
        _missing(f"there is none of the base images {', '.join(BASES)}")
    context = tmp_path_factory.mktemp("builder")
    for folder in ("schemas", "workflows"):
        shutil.copytree(ROOT / folder, context / folder, ignore=shutil.ignore_patterns("__pycache__"))
    requirements = str(ROOT / "workflows/environment/requirements.txt")
    fetched = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--dest",
        str(context / ".wheels"),
        "-r",
        requirements,
    ]
    if subprocess.run(fetched, capture_output=True, check=False).returncode:
        pytest.skip("no registry answers from which the builder's pip could be taken")
    stage = re.search(
        r"^FROM \S+ AS job-builder\n.*?(?=^# ---|\Z)", (ROOT / "Dockerfile").read_text(), re.MULTILINE | re.DOTALL
    )[0]
    (context / "Dockerfile").write_text(f"ARG BASE_IMAGE\n{stage}")
    command = ["docker", "build", "--quiet", "--tag", BUILDER, "--build-arg", f"BASE_IMAGE={base}", str(context)]
    words = subprocess.run(command, capture_output=True, text=True, check=False)
    assert words.returncode == 0, words.stderr[-2000:]
    yield BUILDER
    engine.remove_image(BUILDER, force=True)


def there(engine, name):
    """Whether the engine has that image."""
    try:
        engine.inspect_image(name)
    except ImageNotFound:
        return False
    return True
