"""The launcher with the real engine: what is proven of sealed boxes holds for a client without the engine's socket."""

import os
import shutil
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from bot import launcher, work_bench
from bot.errors import GatewayError
from bot.gateways.boxes_container import OWNER_LABEL
from bot.gateways.docker_engine import DockerBoxes
from bot.gateways.launcher_client import LauncherBoxes, LauncherBuilder
from bot.gateways.launcher_forms import Ceilings
from bot.records.box import FIRST, BoxEnd
from bot.work_settings import WorkSettings
from tests.gateways.launched import launched
from tests.gateways.sealed import LIMITS, MIB, Taken, ours, waiting

pytestmark = pytest.mark.docker


@pytest.fixture
def folder():
    made = Path(tempfile.mkdtemp(prefix="launcher-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def launcher_here(engine, hostile_image, folder):
    """A launcher with the real engine and hostile boxes."""
    with (
        DockerBoxes(engine, {FIRST: hostile_image}, folder / "boxes") as boxes,
        launched(boxes, Ceilings().on(boxes.machine()), folder) as made,
    ):
        yield made


@pytest.fixture
def attack(launcher_here):
    def run(name, inputs=None, limits=LIMITS, **more):
        taken = Taken()
        client = launcher_here.client()
        return client.run({"verb": "produce", "attack": name, **more}, inputs or {}, limits, taken), taken

    return run


def gone(engine, boxes, seconds=20):
    """Wait until no container of these boxes is there."""
    until = time.monotonic() + seconds
    while ours(engine, boxes) and time.monotonic() < until:
        time.sleep(0.05)
    return ours(engine, boxes) == []


def test_a_good_box_reads_its_inputs_and_answers(attack, launcher_here, engine, tmp_path):
    source = tmp_path / "blob"
    source.write_bytes(b"input")
    source.chmod(0o600)  # what the box reads is the launcher's copy, readable for all
    run, taken = attack("good", {"a.npy": source}, size=3_000_000)
    assert (run.end, run.ready, run.peak_memory_bytes) == (BoxEnd.DONE, True, 12345)
    assert taken.found()["inputs"] == ["a.npy"]
    assert taken["tensor-0"] == b"x" * 3_000_000
    assert gone(engine, launcher_here.boxes)
    assert list((launcher_here.folder / "inputs").iterdir()) == []


def test_a_warm_box_is_filled_late_with_copies(attack, launcher_here, tmp_path):
    source = tmp_path / "blob"
    source.write_bytes(b"input")
    waiting(launcher_here.boxes)
    launcher_here.client().prewarm("produce", LIMITS)
    assert len(ours(launcher_here.boxes.client, launcher_here.boxes)) == 1
    assert attack("good", {"late.npy": source})[1].found()["inputs"] == ["late.npy"]


@pytest.mark.parametrize(
    ("name", "more", "end"),
    [
        ("memory", {"gigabytes": 10}, BoxEnd.MEMORY),
        ("flood", {}, BoxEnd.OUTPUT),
        ("announce", {}, BoxEnd.OUTPUT),
        ("undeclared", {"frame": "verdict"}, BoxEnd.PROTOCOL),
        ("silent", {}, BoxEnd.PROTOCOL),
        ("cut", {}, BoxEnd.FAILED),
    ],
)
def test_a_box_that_breaks_its_limits_ends_alike(attack, name, more, end):
    run, _ = attack(name, **more)
    assert run.end is end, run


def test_an_endless_loop_ends_in_time(attack):
    run, _ = attack("loop", limits=replace(LIMITS, seconds=2))
    assert run.end is BoxEnd.TIME
    assert "2 s" in run.limit


def test_a_ceiling_is_what_the_box_feels(engine, hostile_image, folder):
    box = replace(Ceilings().box, memory_bytes=256 * MIB)
    with (
        DockerBoxes(engine, {FIRST: hostile_image}, folder / "boxes") as boxes,
        launched(boxes, replace(Ceilings(), box=box), folder) as made,
    ):
        asked = replace(LIMITS, memory_bytes=2**40)
        run = made.client().run({"verb": "produce", "attack": "memory", "gigabytes": 2}, {}, asked, Taken())
    assert run.end is BoxEnd.MEMORY
    assert "256 MiB" in run.limit


def test_a_client_that_goes_away_takes_its_box_with_it(launcher_here, engine):
    client, raised = launcher_here.client(), []

    def ask():
        try:
            client.run({"verb": "produce", "attack": "loop"}, {}, replace(LIMITS, seconds=300), Taken())
        except GatewayError as error:
            raised.append(error.reason)

    thread = threading.Thread(target=ask)
    thread.start()
    until = time.monotonic() + 30
    while not ours(engine, launcher_here.boxes) and time.monotonic() < until:
        time.sleep(0.05)
    client.close()
    thread.join(10)
    assert raised == ["launcher-gone"]
    assert gone(engine, launcher_here.boxes)


def test_an_image_of_the_engine_that_is_not_the_launchers(launcher_here, engine, base_image):
    digest = engine.inspect_image(base_image)["Id"]
    with pytest.raises(GatewayError) as raised:
        launcher_here.client().run({"verb": "produce"}, {}, LIMITS, Taken(), image=digest)
    assert raised.value.reason == "no-image"


def test_the_command_puts_it_together_and_clears_up_after_itself(engine, hostile_image, folder, tmp_path):
    """The composition roots of both sides, with what a killed launcher left behind."""
    environ = {
        "ACCESSION_CACHE": str(folder / "cache"),
        "ACCESSION_LAUNCHER": str(folder / "run" / "launcher.sock"),
        "ACCESSION_JOB_IMAGE": hostile_image,
        "ACCESSION_KEEP_WARM": "0",
    }
    dead = DockerBoxes(engine, {FIRST: hostile_image}, folder / "cache" / "boxes")
    left = waiting(dead)
    os.close(dead._owner._lock)  # what the kernel does to a killed process
    with ExitStack() as stack:
        server = launcher.open_launcher(WorkSettings.from_env(environ), environ, stack)
        assert ours(engine, dead) == []
        thread = threading.Thread(target=server.serve)
        thread.start()
        assert launcher.ping(environ) == 0
        work = environ | {"ACCESSION_CACHE": str(tmp_path / "work")}
        with work_bench.open_bench(WorkSettings.from_env(work)) as bench:
            assert isinstance(bench.boxes, LauncherBoxes)
            assert isinstance(bench.builder, LauncherBuilder)
            assert bench.image() == engine.inspect_image(hostile_image)["Id"]
            assert bench.boxes.run({"verb": "produce", "attack": "good"}, {}, LIMITS, Taken()).end is BoxEnd.DONE
        server.stop()
        thread.join(10)
    left.remove()
    dead.warm._starters.shutdown()
    dead._removers.shutdown()
    assert engine.containers(all=True, filters={"label": f"{OWNER_LABEL}={dead.owner}"}) == []
    with pytest.raises(GatewayError, match="No launcher listens"):
        launcher.ping(environ)
