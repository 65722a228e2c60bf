"""Images for models with dependencies of their own, built by the real engine from an index that the test serves."""

import ipaddress
import json
import os
import re
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import GatewayError
from bot.gateways import image_builder
from bot.gateways.builder_container import LABEL, remove_left
from bot.gateways.built_images import LABEL as IMAGE_LABEL
from bot.gateways.built_images import NAME, tag
from bot.gateways.docker_engine import DockerBoxes
from bot.gateways.image_builder import BuildLimits, DockerImageBuilder, pip_settings
from bot.records.box import FIRST, BoxEnd, BoxLimits
from bot.records.environment import Built, Unsolved
from tests.fakes.builder import FakeBuilder
from tests.gateways.conftest import there
from tests.gateways.package_index import serve_index

# --- settings, without an engine -------------------------------------------------------------------------------------


def test_pips_settings_are_the_work_sides_own(tmp_path):
    (tmp_path / "ca.pem").write_text("PEM")
    environ = {
        "PIP_INDEX_URL": "https://a.example",
        "PIP_CERT": str(tmp_path / "ca.pem"),
        "PIP_PROXY": "",
        "SECRET": "s3cret",
    }
    assert pip_settings(environ) == {"index-url": "https://a.example", "cert": "PEM"}
    assert pip_settings({}) == {}
    assert pip_settings({"SSL_CERT_FILE": str(tmp_path / "ca.pem")}) == {"cert": "PEM"}


def test_a_bundle_that_is_not_there_is_no_reason_not_to_start(tmp_path):
    assert pip_settings({"PIP_CERT": str(tmp_path / "none")}) == {}


@pytest.mark.parametrize("bad", ["--index-url", "six==${SECRET}", "./six", "six @ https://x", "six\n", "Six", ""])
def test_the_door_holds_requirements_to_the_pattern_again(tmp_path, bad):
    """No engine is asked: the client is none."""
    builder = DockerImageBuilder(None, "image", tmp_path, {})
    for wanted in ([bad], ["six", bad]):
        with pytest.raises(GatewayError) as refused:
            builder.build(wanted)
        assert refused.value.reason == "bad-requirements"
    with pytest.raises(GatewayError):
        builder.build([])


# --- what holds for the real one and for the fake --------------------------------------------------------------------


@pytest.fixture(scope="session")
def gateway_address(engine):
    """The host's own address on the engine's bridge: the first one where the engine does not say."""
    config = engine.inspect_network("bridge")["IPAM"]["Config"][0]
    address = config.get("Gateway") or str(ipaddress.ip_network(config["Subnet"])[1])
    try:
        with socket.socket() as probe:
            probe.bind((address, 0))
    except OSError:
        pytest.skip("the engine's bridge has no address on this machine: it runs elsewhere")
    return address


@pytest.fixture
def index(gateway_address):
    with serve_index(gateway_address) as made:
        yield made


@pytest.fixture
def made(engine, builder_image, index, tmp_path):
    """Makes builders on one cache folder, and leaves no image behind."""
    owners = set()

    def make(**limits):
        builder = DockerImageBuilder(
            engine, builder_image, tmp_path / "environments", pip_settings(index.pip), BuildLimits(**limits)
        )
        owners.add(builder._owner)
        return builder

    yield make
    for owner in owners:
        for image in engine.images(filters={"label": f"{IMAGE_LABEL}={owner}"}):
            engine.remove_image(image["Id"], force=True)
        assert engine.containers(all=True, filters={"label": f"{LABEL}={owner}"}) == []


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.docker)])
def builder(request):
    if request.param == "real":
        return request.getfixturevalue("made")()
    return FakeBuilder(tiny="2.0", third="1.0")


def test_an_image_is_built_once_for_the_same_lock(builder):
    built = builder.build(["tiny"])
    assert isinstance(built, Built)
    assert re.fullmatch("sha256:[0-9a-f]{64}", built.image)
    assert re.fullmatch("[0-9a-f]{64}", built.lock)
    assert builder.build(["tiny", "tiny"]) == builder.build(["tiny==2.0"]) == built
    assert builder.build(["third"]) != built


def test_what_cannot_be_solved_is_told_in_the_resolvers_words(builder):
    answer = builder.build(["tiny==9.0"])
    assert isinstance(answer, Unsolved)
    assert "No matching distribution found for tiny==9.0" in answer.message
    assert "What to do: pin" in answer.message
    assert "ERROR: No matching distribution found for tiny==9.0" in answer.words


def test_two_builds_at_once_are_one(builder):
    with ThreadPoolExecutor(3) as pool:
        found = set(pool.map(builder.build, [["tiny"], ["tiny"], ["tiny"]]))
    assert len(found) == 1


@pytest.mark.parametrize("bad", ["--index-url", "six==${SECRET}", "./six"])
def test_no_requirement_is_refused_as_our_own_mistake(builder, bad):
    with pytest.raises(GatewayError) as refused:
        builder.build([bad])
    assert (refused.value.reason, refused.value.transient) == ("bad-requirements", False)


# --- the real one ----------------------------------------------------------------------------------------------------

docker = pytest.mark.docker


@docker
def test_a_box_runs_sealed_in_the_image_and_has_what_was_asked_for(made, engine, builder_image, tmp_path):
    built = made().build(["other"])
    config = engine.inspect_image(built.image)["Config"]
    assert config["User"] == "65534:65534"
    assert not [one for one in config["Env"] if "PIP" in one or "http" in one]
    seen = _inside(
        built.image, "import tiny, other, os; print(tiny.VERSION, other.VERSION, os.path.exists('/tmp/pth-was-run'))"
    )
    # the file of the .pth is the box's own: it was made when this very interpreter started
    assert seen.split() == ["1.0", "1.0", "True"]
    assert (
        _inside(built.image, "import glob; print(glob.glob('/tmp/*') + glob.glob('/opt/job/pip.conf'))", "-S").strip()
        == "[]"
    )
    frames = {}
    with DockerBoxes(engine, {FIRST: builder_image}, tmp_path / "boxes") as boxes:
        job = {"verb": "resolve", "requirements": ["tiny"], "seconds": 20, "pip": {}}
        limits = BoxLimits(seconds=30, memory_bytes=512 * 1024**2, cpus=1)
        run = boxes.run(
            job, {}, limits, lambda name, chunks, size: frames.update({name: b"".join(chunks)}), image=built.image
        )
    assert run.end is BoxEnd.DONE
    assert "No module named pip" in json.loads(frames["lock"])["words"]


def _inside(image, program, *options):
    command = [
        "docker",
        "run",
        "--rm",
        "--network",
        "none",
        "--entrypoint",
        "/opt/job/bin/python",
        image,
        *options,
        "-c",
        program,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@docker
def test_nothing_is_fetched_again_for_what_was_built(made, index):
    first = made().build(["tiny"])
    assert index.taken == ["tiny 2.0"] * 2
    assert made().build(["tiny"]) == first
    assert len(index.taken) == 2
    assert made().build(["tiny>=2"]) == first
    assert len(index.taken) == 3


@docker
def test_two_processes_on_one_cache_build_one_after_the_other(made, index):
    builders = [made(), made()]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda builder: builder.build(["tiny"]), builders))
    assert found[0] == found[1]
    assert len(index.taken) == 2


@docker
def test_pins_that_contradict_each_other_are_told_with_both(made):
    answer = made().build(["other", "tiny==2.0"])
    assert isinstance(answer, Unsolved)
    assert "conflicting dependencies" in answer.message
    assert "other 1.0 depends on tiny<2" in answer.words


@docker
def test_a_registry_that_is_busy_is_ours(made, index):
    index.trouble = "busy"
    with pytest.raises(GatewayError) as failed:
        made().build(["tiny"])
    assert (failed.value.reason, failed.value.transient) == ("registry", True)
    index.trouble = ""
    assert isinstance(made().build(["tiny"]), Built)


@docker
def test_a_resolver_that_comes_to_no_end_is_stopped(made, index):
    index.trouble = "silent"
    answer = made(resolve_seconds=2).build(["tiny"])
    assert isinstance(answer, Unsolved)
    assert "stopped after 2 s" in answer.message


@docker
def test_a_builder_that_hangs_is_removed_and_ours(engine, builder_image, tmp_path, monkeypatch):
    monkeypatch.setattr(image_builder, "_SPARE_SECONDS", 1)
    ready = "import struct, sys, time; sys.stdout.buffer.write(struct.pack('>IQ', 5, 0) + b'ready'); sys.stdout.flush(); time.sleep(600)"
    name = f"accession-hanging:{os.getpid()}"
    subprocess.run(
        ["docker", "build", "--quiet", "--tag", name, "-"],
        input=f'FROM {builder_image}\nENTRYPOINT ["python3", "-c", "{ready}"]\n', text=True, capture_output=True, check=True,
    )  # fmt: skip
    builder = DockerImageBuilder(engine, name, tmp_path / "e", {}, BuildLimits(resolve_seconds=1))
    try:
        with pytest.raises(GatewayError) as failed:
            builder.build(["tiny"])
    finally:
        engine.remove_image(name, force=True)
    assert (failed.value.reason, failed.value.transient) == ("builder", True)
    assert "time limit" in failed.value.message
    assert engine.containers(all=True, filters={"label": f"{LABEL}={builder._owner}"}) == []


@docker
def test_without_the_builders_image_the_fault_is_ours(engine, tmp_path):
    with pytest.raises(GatewayError) as failed:
        DockerImageBuilder(engine, "accession-no-such-image:1", tmp_path, {}).build(["tiny"])
    assert failed.value.reason == "no-image"


@docker
def test_the_least_recently_used_goes_and_nobody_elses(made, engine, builder_image, tmp_path):
    builder = made(images=2)
    other = DockerImageBuilder(engine, builder_image, tmp_path / "neighbour", builder._pip)
    theirs = other.build(["tiny"])
    try:
        tiny, third = made(images=2).build(["tiny==1.0"]), builder.build(["third"])
        assert theirs.image != tiny.image
        assert builder.build(["tiny==1.0"]) == tiny
        assert isinstance(builder.build(["other"]), Built)
        assert [there(engine, one.image) for one in (tiny, third, theirs)] == [True, False, True]
        assert builder.build(["third"]).lock == third.lock
        assert there(engine, theirs.image)
    finally:
        engine.remove_image(tag(theirs.lock), force=True)


@docker
def test_an_image_in_which_a_box_runs_stays(made, engine):
    builder = made(images=1)
    tiny = builder.build(["tiny"])
    box = engine.create_container(tiny.image, ["describe"], stdin_open=True)["Id"]
    try:
        engine.start(box)
        assert isinstance(builder.build(["third"]), Built)
        assert there(engine, tiny.image)
        assert (
            engine.inspect_container(box)["State"]["Running"] or engine.inspect_container(box)["State"]["ExitCode"] == 1
        )
    finally:
        engine.remove_container(box, force=True)


@docker
def test_what_a_killed_builder_left_is_removed_and_no_box_is(made, engine, builder_image):
    builder = made()
    tiny = builder.build(["tiny"])
    left = engine.create_container(builder_image, ["resolve"], labels={LABEL: builder._owner})["Id"]
    box = engine.create_container(tiny.image, ["describe"])["Id"]
    try:
        assert remove_left(engine, builder._owner) == 1
        assert [one["Id"] for one in engine.containers(all=True) if one["Id"] in {left, box}] == [box]
    finally:
        engine.remove_container(box, force=True)


@docker
def test_the_builder_knows_no_secret_and_has_no_mount(made, engine, monkeypatch):
    monkeypatch.setenv("ACCESSION_ZENODO_TOKEN", "s3cret-token")
    seen = []
    builder = made()
    watch = threading.Event()

    def look():
        while not watch.is_set():
            for one in engine.containers(filters={"label": f"{LABEL}={builder._owner}"}):
                try:
                    seen.append(engine.inspect_container(one["Id"]))
                except Exception:  # noqa: BLE001 - it may be gone meanwhile
                    continue

    watcher = threading.Thread(target=look)
    watcher.start()
    builder.build(["tiny"])
    watch.set()
    watcher.join()
    assert seen
    assert "s3cret-token" not in json.dumps(seen)
    for one in seen:
        assert one["Mounts"] == []
        assert one["HostConfig"]["CapDrop"] == ["ALL"]
        assert one["HostConfig"]["Privileged"] is False
        assert not [name for name in one["Config"]["Env"] if "PIP" in name]


def test_the_name_of_an_image_is_its_address():
    assert tag("a" * 64) == f"{NAME}:{'a' * 24}"
    assert Path(NAME).name == NAME
