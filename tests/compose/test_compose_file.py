"""The services side by side: who may have what, as it stands in the compose file, and as containers of the images."""

import json
import os
import re
import subprocess
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from ruamel.yaml import YAML

from bot.work_settings import NAMES
from tests.conftest import ROOT

FOLDER = ROOT / ".deploy"
COMPOSE = FOLDER / "compose.yaml"
SERVICES = YAML(typ="safe").load(COMPOSE.read_text())["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
KEYS = re.compile(
    r"ACCESSION_(GITHUB_.*|STATE_KEY|WEBHOOK_.*|NOTICE_.*|NOTIFY|DATABASE|REPOSITORY)|POSTGRES_PASSWORD|DATABASE_PASSWORD"
)
OURS = ["serve", "work", "launcher"]


def stage(target):
    """The lines of one target of the Dockerfile."""
    found = re.search(rf"^FROM \S+ AS {target}\n(.*?)(?=^FROM |\Z)", DOCKERFILE, re.MULTILINE | re.DOTALL)
    assert found, f"the Dockerfile has no target {target}"
    return found[1]


def networks(name):
    return set(SERVICES[name].get("networks", ()))


# --- the file ------------------------------------------------------------------------------------------------------------


def test_it_is_a_compose_file():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_there_are_four_services():
    assert set(SERVICES) == {"serve", "work", "launcher", "postgres"}


def test_only_the_launcher_has_the_engines_socket():
    assert [name for name, service in SERVICES.items() if "docker.sock" in json.dumps(service["volumes"])] == [
        "launcher"
    ]
    assert "privileged" not in json.dumps(SERVICES)


def test_only_serve_has_keys():
    holders = {name for name, service in SERVICES.items() if any(map(KEYS.fullmatch, service["environment"]))}
    assert holders == {"serve", "postgres"}
    assert not [name for name in SERVICES["postgres"]["environment"] if name.startswith("ACCESSION_")]
    assert "env_file" not in json.dumps(SERVICES)


def test_no_value_of_a_key_reaches_another_service_by_another_name():
    for name in ("work", "launcher"):
        values = re.findall(r"\$\{(\w+)", json.dumps(SERVICES[name]))
        assert [value for value in values if KEYS.fullmatch(value)] == [], name


def test_who_works_is_told_what_its_settings_know():
    for name in ("work", "launcher"):
        said = {one for one in SERVICES[name]["environment"] if one.startswith("ACCESSION_")}
        assert said <= {*NAMES, "ACCESSION_WORK_DATABASE"}, name
    assert "ACCESSION_WORK_DATABASE" not in SERVICES["launcher"]["environment"]


def test_the_launcher_has_no_network_and_nobody_else_shares_one_with_work():
    assert SERVICES["launcher"]["network_mode"] == "none"
    assert networks("serve") & networks("work") == set()
    assert networks("postgres") == {"keys-data", "work-data"}
    whole = YAML(typ="safe").load(COMPOSE.read_text())["networks"]
    assert {name for name, network in whole.items() if network.get("internal")} == {"keys-data", "work-data"}


def test_only_serve_is_published_and_at_loopback_unless_told():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["serve"]
    assert SERVICES["serve"]["ports"] == ["${SERVE_ADDRESS:-127.0.0.1}:${SERVE_PORTS:-8080-8083}:8080"]


def test_who_works_can_neither_replace_the_socket_nor_see_the_boxes_folder():
    assert [one for one in SERVICES["work"]["volumes"] if one.startswith("launcher:")] == ["launcher:/run/accession:ro"]
    assert not [one for one in SERVICES["work"]["volumes"] if one.startswith("boxes:")]
    assert not [one for one in SERVICES["launcher"]["volumes"] if one.startswith("fetched:")]
    assert "fetched" not in json.dumps(SERVICES["serve"]["volumes"])


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_sealed_and_bounded(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert {"mem_limit", "cpus", "pids_limit", "stop_grace_period"} <= set(service)
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    assert all("noexec" in one and "size=" in one for one in service["tmpfs"])


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_says_how_it_is(name):
    healthy = "healthcheck" in SERVICES[name] or "HEALTHCHECK" in stage(name)
    assert healthy
    for other, how in SERVICES[name].get("depends_on", {}).items():
        assert how == {"condition": "service_healthy"}, other


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_built_here_or_pinned(name):
    service = SERVICES[name]
    if "build" in service:
        assert service["build"]["context"] == ".."
        assert re.search(r"^USER 1000[1-9]:1000[0-9]$", stage(service["build"]["target"]), re.MULTILINE)
    else:
        assert re.search(r":\d+\.\d+-bookworm\}$|@sha256:[0-9a-f]{64}\}$", service["image"])


def test_each_runs_as_a_user_of_its_own():
    users = [re.findall(r"^USER (\S+)$", stage(target), re.MULTILINE)[-1] for target in ("bot", "work", "launcher")]
    assert len({user.split(":")[0] for user in users}) == 3
    assert [user.split(":")[1] for user in users[1:]] == ["10000", "10000"]  # who may ask the launcher


def test_all_can_be_scaled_but_the_launcher_and_the_databases():
    assert "container_name" not in json.dumps(SERVICES)
    assert "hostname" not in json.dumps(SERVICES)  # the launcher finds its own container by it


def test_the_example_names_all_that_must_be_set():
    text = COMPOSE.read_text()
    needed = set(re.findall(r"\$\{(\w+):\?", text))
    lines = (FOLDER / ".env.example").read_text().splitlines()
    example = {found[1] for line in lines if (found := re.match(r"#?([A-Z_]+)=", line))}
    assert needed <= example
    assert example <= set(re.findall(r"\$\{(\w+)", text))
    values = [line for line in lines if re.match(r"[A-Z_]+=.", line)]
    assert values == []


# --- the libraries of each image -------------------------------------------------------------------------------------------


def pins(name):
    return {line for line in (ROOT / "bot" / name).read_text().splitlines() if line and not line.startswith("#")}


def names(name):
    return {pin.partition("==")[0].lower() for pin in pins(name)}


@pytest.mark.parametrize("role", ["work", "launcher"])
def test_the_libraries_of_a_role_are_some_of_the_bots(role):
    assert pins(f"requirements-{role}.txt") < pins("requirements.txt")


def test_who_has_no_business_with_it_does_not_have_the_library():
    assert not {"docker", "pygithub", "apprise", "fastapi", "ruamel.yaml"} & names("requirements-work.txt")
    assert not {"dbos", "psycopg", "pygithub", "apprise", "fastapi", "ruamel.yaml"} & names("requirements-launcher.txt")


def test_what_work_imports_beside_a_launcher_is_in_its_libraries():
    """Imported with everything else of the environment hidden, as the image has it."""
    code = (
        "import sys\n"
        "hidden = {'docker', 'github', 'apprise', 'fastapi', 'ruamel', 'merge3', 'rich', 'uvicorn', 'starlette'}\n"
        "class Hide:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name.partition('.')[0] in hidden: raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Hide())\n"
        "import bot.work, bot.work_bench, bot.launcher, bot.cli\n"
        "bot.cli.main(['launcher', '--ping'], {'ACCESSION_LAUNCHER': '/nowhere'})\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.stderr == "accession: No launcher listens at /nowhere.\n"


# --- the databases ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def databases(postgres_here):
    """What the script makes, on a server that is used by others too."""
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    environ = {
        "PATH": ":".join([*map(str, tools[:1]), os.environ["PATH"]]),
        "PGHOST": "127.0.0.1",
        "PGPORT": str(postgres_here.port),
        "DATABASE_PASSWORD": "s3rve' OR",
        "WORK_DATABASE_PASSWORD": "w0rk",
    }
    run = subprocess.run([FOLDER / "databases.sh"], capture_output=True, text=True, check=False, env=environ)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    yield postgres_here
    with psycopg.connect(postgres_here.url(), autocommit=True) as connection:
        for name in ("accession", "accession_work"):
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"DROP ROLE {name}")
        connection.execute("GRANT CONNECT, TEMPORARY ON DATABASE postgres, template1 TO PUBLIC")


@contextmanager
def opened(server, role, database):
    with psycopg.connect(server.url(database).replace("postgres@", f"{role}@"), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("role", ["accession", "accession_work"])
def test_each_owns_a_database_and_can_make_what_it_needs(databases, role):
    with opened(databases, role, role) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS dbos")
        connection.execute("CREATE TABLE public.x (y int)")
        assert connection.execute("SELECT count(*) FROM public.x").fetchone() == (0,)


@pytest.mark.parametrize(
    ("role", "database"),
    [
        ("accession_work", "accession"),
        ("accession_work", "postgres"),
        ("accession_work", "template1"),
        ("accession", "accession_work"),
        ("accession", "postgres"),
    ],
)
def test_nobody_opens_what_is_not_its_own(databases, role, database):
    with (
        pytest.raises(psycopg.OperationalError, match="permission denied for database"),
        opened(databases, role, database),
    ):
        pass


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE ROLE more SUPERUSER",
        "CREATE DATABASE more",
        "ALTER ROLE accession_work SUPERUSER",
        "ALTER ROLE accession PASSWORD 'mine'",
        "SET ROLE accession",
        "SELECT rolpassword FROM pg_authid",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
        "ALTER SYSTEM SET max_connections = 1",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
    ],
)
def test_who_works_becomes_nobody_else(databases, statement):
    with (
        psycopg.connect(databases.url()),
        opened(databases, "accession_work", "accession_work") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_passwords_are_kept_as_hashes_and_connections_are_counted(databases):
    with psycopg.connect(databases.url()) as connection:
        found = connection.execute(
            "SELECT rolname, left(rolpassword, 14), rolconnlimit FROM pg_authid WHERE rolname LIKE 'accession%' ORDER BY 1"
        ).fetchall()
    assert found == [("accession", "SCRAM-SHA-256$", -1), ("accession_work", "SCRAM-SHA-256$", 100)]


# --- containers ------------------------------------------------------------------------------------------------------------

JOB = """
import json, os, sys
from pathlib import Path
from bot.gateways.launcher_client import LauncherBoxes
from bot.records.box import BoxLimits
rdf = Path("/var/lib/accession/rdf.yaml")
rdf.write_text("type: dataset\\nformat_version: 0.2.4\\nname: A\\n")
size = rdf.stat().st_size
limits = {"rdf_bytes": 10**6, "file_bytes": 10**6, "package_bytes": 10**6, "files": 8}
file = {"local": "a.yaml", "name": "rdf.yaml", "size": size}
job = {"verb": "describe", "files": [file], "listing": [{"name": "rdf.yaml", "size": size}], "override": None, "limits": limits}
frames = {}
take = lambda name, chunks, size: frames.__setitem__(name, b"".join(chunks).decode())
boxes = LauncherBoxes(Path(os.environ["ACCESSION_LAUNCHER"]))
run = boxes.run(job, {"a.yaml": rdf}, BoxLimits(), take)
print(json.dumps({"end": run.end.value, "words": run.words, "uid": os.getuid(), "frames": frames}))
"""


def docker(*arguments, text=None):
    run = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False, input=text, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.strip()


@pytest.fixture
def images():
    """The services' images of this very code, by target."""
    run = subprocess.run(
        [ROOT / ".ci" / "build-image", "--name", "work", "launcher"], capture_output=True, text=True, check=True
    )
    found = dict(zip(("work", "launcher"), run.stdout.split(), strict=True))
    missing = [name for name in found.values() if not docker("images", "--quiet", name)]
    if missing:
        pytest.skip(f"there is no image {' and '.join(missing)}: .ci/build-image work launcher")
    return found


@pytest.fixture
def volumes():
    """Two named volumes, as compose makes them."""
    made = {name: f"accession-test-{name}-{uuid.uuid4().hex[:8]}" for name in ("launcher", "boxes")}
    for volume in made.values():
        docker("volume", "create", volume)
    yield made
    docker("volume", "rm", "--force", *made.values())


SEALED = [
    "--read-only",
    "--network",
    "none",
    "--cap-drop",
    "ALL",
    "--security-opt",
    "no-new-privileges",
    "--tmpfs",
    "/tmp",
]


@pytest.mark.docker
def test_one_sealed_job_from_work_through_the_launcher(images, volumes):
    socket = Path("/var/run/docker.sock")
    container = docker(
        "run", "--detach", *SEALED, "--group-add", str(socket.stat().st_gid), "--volume", f"{socket}:/var/run/docker.sock",
        "--volume", f"{volumes['launcher']}:/run/accession", "--volume", f"{volumes['boxes']}:/var/lib/accession",
        "--env", f"ACCESSION_JOB_IMAGE={os.environ.get('ACCESSION_JOB_IMAGE', 'accession-job:latest')}",
        "--env", "ACCESSION_KEEP_WARM=0", images["launcher"],
    )  # fmt: skip
    try:
        beside = [
            "run", "--rm", "--interactive", *SEALED, "--volume", f"{volumes['launcher']}:/run/accession:ro",
            "--tmpfs", "/var/lib/accession:uid=10002,mode=0700", "--entrypoint", "/opt/service-work/bin/python",
        ]  # fmt: skip
        said = json.loads(docker(*beside, images["work"], "-", text=JOB))
        assert (said["end"], said["uid"]) == ("done", 10002), said
        assert json.loads(said["frames"]["description"])["resource"]["name"] == "A"
        stranger = subprocess.run(
            ["docker", *beside, "--user", "10001:10001", images["work"], "-m", "bot", "launcher", "--ping"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Permission denied" in stranger.stderr
        assert docker("exec", container, "/opt/service-launcher/bin/python", "-m", "bot", "launcher", "--ping") == ""
        docker("stop", "--time", "30", container)
        assert docker("inspect", "--format", "{{.State.ExitCode}}", container) == "0"
    finally:
        docker("rm", "--force", "--volumes", container)
