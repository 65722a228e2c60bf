"""A real engine where there is one, and an image whose boxes are hostile."""

import io
import os
import subprocess
import tarfile
from pathlib import Path

import docker
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from docker.errors import DockerException, ImageNotFound

from bot.gateways.clock import SystemClock
from bot.gateways.docker_engine import DockerBoxes
from bot.gateways.store_sqlite import SqliteStore
from bot.records.box import FIRST
from tests.conftest import ROOT
from tests.fakes.engines import Bench, Crowd
from tests.gateways.work_side import nodes, queue, work_url, worker  # noqa: F401 - fixtures of the work database

HOSTILE = Path(__file__).parent / "hostile" / "run.py"
TAG = f"accession-hostile:{os.getpid()}"


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
    yield _built(engine, base_image, TAG)
    engine.remove_image(TAG, force=True)


@pytest.fixture(scope="session")
def other_hostile_image(engine, base_image):
    """The same as an image of another kind, with another digest."""
    yield _built(engine, base_image, f"{TAG}-other", "LABEL kind=other\n")
    engine.remove_image(f"{TAG}-other", force=True)


def _built(engine, base_image, tag, more=""):
    dockerfile = (
        f'FROM {base_image}\nUSER root\nCOPY run.py /hostile/run.py\nENTRYPOINT ["python3", "/hostile/run.py"]\n{more}'
    )
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        for name, content in (("Dockerfile", dockerfile.encode()), ("run.py", HOSTILE.read_bytes())):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    context.seek(0)
    words = list(engine.build(fileobj=context, custom_context=True, tag=tag, rm=True, decode=True))
    assert "errorDetail" not in words[-1], words[-1]
    return tag


@pytest.fixture
def boxes(engine, hostile_image, tmp_path):
    """Boxes of the hostile image."""
    with DockerBoxes(engine, {FIRST: hostile_image}, tmp_path / "boxes") as made:
        yield made


@pytest.fixture(scope="session")
def builder_image(engine):
    """The builder's, as `make image` builds it."""
    script = ROOT / ".ci" / "build-image"
    name = subprocess.run([script, "--name", "builder"], capture_output=True, text=True, check=True).stdout.strip()
    if not there(engine, name):
        made = subprocess.run([script, "builder"], capture_output=True, text=True, check=False)
        if made.returncode:
            _missing(f"the builder's image cannot be built: {made.stderr.strip()[-500:]}")
    return name


def there(engine, name):
    """Whether the engine has that image."""
    try:
        engine.inspect_image(name)
    except ImageNotFound:
        return False
    return True


@pytest.fixture
def ascii_postgres(postgres_here):
    """A database without an encoding, which is what a server that was set up without a locale makes."""
    return postgres_here.database("ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")


@pytest.fixture(params=["sqlite", "postgres"])
def engine_url(request, tmp_path):
    """The engine's database, of both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'engine' / 'engine.sqlite'}"
    return request.getfixturevalue(request.param)


@pytest.fixture
def bench(engine_url, tmp_path):
    """Engines in this process, one after the other."""
    with Bench(engine_url, tmp_path) as made:
        yield made


@pytest.fixture
def crowd(engine_url, tmp_path):
    """Engines in processes of their own."""
    with Crowd(engine_url, tmp_path) as made:
        yield made


@pytest.fixture
def store_and_clock(tmp_path):
    """For an engine that is never started."""
    store = SqliteStore(tmp_path / "store.sqlite")
    yield store, SystemClock()
    store.close()


@pytest.fixture(scope="session")
def key():
    """An App's private and public key."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()
