"""The whole set under compose: two copies of serve and of work, the launcher, PostgreSQL; from an upload to a merged entry."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import uuid
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.journeys.conftest import REPOSITORY, TOKEN
from tests.samples.make import make_good, make_wrong_output
from tests.trials import run as trials
from tests.trials.world import SECRET, STATE_KEY, Curator, trial_world

POSTGRES = Path(__file__).parent / "postgres"
OFFICIAL = "postgres:17.5-bookworm"
PATIENCE = 180.0
KEYS = {"ACCESSION_GITHUB_TOKEN", "ACCESSION_STATE_KEY", "ACCESSION_WEBHOOK_SECRET", "ACCESSION_NOTICE_TOKEN"}

pytestmark = pytest.mark.docker


def docker(*arguments):
    run = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.strip()


def compose_command():
    """The plugin, or the program of that name; empty where there is neither."""
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    found = shutil.which("docker-compose")
    return ["docker", "compose"] if plugin.returncode == 0 else [found] if found else []


@pytest.fixture(scope="module")
def postgres_image():
    """The official one where it is here, else the stand-in."""
    if not compose_command():
        pytest.skip("there is no docker compose: apt-get install docker-compose")
    if docker("images", "-q", OFFICIAL):
        return OFFICIAL
    base = next(
        (name for name in ("accession-base:bookworm", "debian:bookworm-slim") if docker("images", "-q", name)), ""
    )
    if not base:
        pytest.skip("there is no base for a stand-in of PostgreSQL's image: .ci/build-image")
    docker("build", "--tag", "accession-test-postgres", "--build-arg", f"BASE_IMAGE={base}", str(POSTGRES))
    return "accession-test-postgres"


@pytest.fixture(scope="module")
def gateway():
    """Where containers reach this machine."""
    return docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")


class Set:
    """What `docker compose` does with our file, in a project of its own."""

    def __init__(self, folder, environ):
        self.command, self.environ = compose_command(), environ
        self.project = f"accession-{uuid.uuid4().hex[:8]}"
        shutil.copytree(ROOT / ".deploy", folder / ".deploy", ignore=shutil.ignore_patterns(".env", "keys"))
        (folder / ".deploy" / "keys").mkdir()
        self.file = folder / ".deploy" / "compose.yaml"
        # Debian's docker-compose does not know the line that names the project.
        text = re.sub(r"^name: .*\n", "", self.file.read_text(), flags=re.MULTILINE)
        self.file.write_text(re.sub(r"\binterval: \d+s", "interval: 3s", text))  # so that nobody waits for that

    def __call__(self, *arguments):
        run = subprocess.run(
            [*self.command, "--project-name", self.project, "--file", str(self.file), *arguments],
            capture_output=True, text=True, check=False, timeout=300, env=self.environ,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def containers(self, service):
        return self("ps", "--quiet", service).split()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("compose")


@pytest.fixture(scope="module")
def world(folder, gateway):
    with trial_world(folder / "world", gateway) as made:
        yield made


@pytest.fixture(scope="module")
def running(folder, world, postgres_image):
    images = subprocess.run(
        [ROOT / ".ci" / "build-image", "bot", "work", "launcher"], capture_output=True, text=True, check=True
    ).stdout.split()
    (version,) = {image.rpartition(":")[2] for image in images}
    first = free_range(4)
    environ = {name: os.environ[name] for name in ("PATH", "HOME", "DOCKER_HOST") if name in os.environ} | {
        "ACCESSION_VERSION": version,
        "ACCESSION_JOB_IMAGE": os.environ.get("ACCESSION_JOB_IMAGE", "accession-job:latest"),
        "ACCESSION_REPOSITORY": REPOSITORY,
        "ACCESSION_GITHUB_URL": world.github_url,
        "ACCESSION_GITHUB_TOKEN": TOKEN,
        "ACCESSION_STATE_KEY": STATE_KEY,
        "ACCESSION_WEBHOOK_SECRET": SECRET,
        "ACCESSION_NOTICE_TOKEN": trials.NOTICE,
        "ACCESSION_ZENODO_URL": world.zenodo.url,
        "ACCESSION_KEEP_WARM": "0",
        "POSTGRES_IMAGE": postgres_image,
        "POSTGRES_PASSWORD": "one",
        "DATABASE_PASSWORD": "two",
        "WORK_DATABASE_PASSWORD": "three",
        "DOCKER_GID": str(Path("/var/run/docker.sock").stat().st_gid),
        "SERVE_PORTS": f"{first}-{first + 3}",
    }
    made = Set(folder, environ)
    try:
        made("up", "--detach", "--no-build", "--scale", "serve=2", "--scale", "work=2")
        until(lambda: healthy(made), "six healthy containers")
        yield made
    finally:
        logs = made("logs", "--no-color")
        made("down", "--volumes", "--timeout", "30")
        print(logs)  # noqa: T201 - what a failure is explained by


def free_range(count):
    """So many neighbouring ports that nobody listens on, below those that connections get."""
    for first in range(20_000, 30_000, count):
        with ExitStack() as stack, suppress(OSError):
            for port in range(first, first + count):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first
    raise OSError("no free ports")


def until(seen, what):
    end = time.monotonic() + PATIENCE
    while not (found := seen()):
        assert time.monotonic() < end, f"{what}: not after {PATIENCE:.0f} s"
        time.sleep(0.5)
    return found


def healthy(running):
    states = [
        docker("inspect", "--format", "{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}", container)
        for service in ("serve", "work", "launcher", "postgres")
        for container in running.containers(service)
    ]
    return states == ["healthy"] * 6


def port_of(container):
    return int(docker("port", container, "8080/tcp").splitlines()[0].rpartition(":")[2])


def test_an_upload_becomes_an_entry(running, world, tmp_path):
    ports = [port_of(container) for container in running.containers("serve")]
    world.github.add_webhook(REPOSITORY, f"http://127.0.0.1:{ports[0]}/webhook", SECRET)
    right, wrong = make_good(tmp_path / "right"), make_wrong_output(tmp_path / "wrong", seed=1)
    with Curator(world, 1):
        for owner, folder in enumerate((right, wrong), start=2_000):
            files = {path.name: path for path in folder.iterdir()}
            record = world.zenodo.publish(files, title=folder.name, owner=owner)
            trials.notify(ports[owner % 2], str(record.id))
        pulls = until(lambda: ended(world), "two pull requests at their end")
    assert [pull.merged for pull in pulls] == [True, False], [pull.title for pull in pulls]
    reports = [
        [c.body for c in world.github.comments(REPOSITORY, pull.number) if "accession:report" in c.body]
        for pull in pulls
    ]
    assert [len(one) for one in reports] == [1, 1]
    assert "reproduces" in reports[1][0]


def ended(world):
    found = sorted(world.github.pulls(REPOSITORY), key=lambda pull: pull.title.split()[-1])  # the record
    return found if len(found) == 2 and all(pull.state == "closed" for pull in found) else None


def test_who_works_holds_no_key_and_reaches_neither_serve_nor_its_database(running):
    (serve, *_), (work, *_) = running.containers("serve"), running.containers("work")
    told = json.loads(docker("inspect", "--format", "{{json .Config.Env}}", work))
    assert not KEYS & {entry.partition("=")[0] for entry in told}
    assert not [entry for entry in told if SECRET in entry or TOKEN in entry or STATE_KEY in entry or "two" in entry]
    python = "/opt/service-work/bin/python"
    addresses = docker("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", serve)
    for address in addresses.split():
        code = f"import socket; socket.create_connection(('{address}', 8080), 3)"
        run = subprocess.run(["docker", "exec", work, python, "-c", code], capture_output=True, text=True, check=False)
        assert run.returncode, address
    code = "import psycopg; psycopg.connect('postgresql://accession:two@postgres/accession_work')"
    run = subprocess.run(["docker", "exec", work, python, "-c", code], capture_output=True, text=True, check=False)
    assert "permission denied" in run.stderr
