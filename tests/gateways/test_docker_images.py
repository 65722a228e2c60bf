"""Boxes of several images against the real engine: made by digest, side by side, and nothing left of them whatever happens."""

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from bot.errors import GatewayError
from bot.gateways.boxes_container import OWNER_LABEL
from bot.gateways.docker_engine import DockerBoxes
from bot.records.box import FIRST, BoxEnd
from tests.gateways.sealed import LIMITS, Taken, ours, waiting

pytestmark = pytest.mark.docker

KILLED = """
import json, sys, threading
from pathlib import Path
import docker
from bot.gateways.docker_engine import DockerBoxes
from bot.records.box import BoxLimits
names = json.loads(sys.argv[2])
boxes = DockerBoxes(docker.APIClient(version="auto"), names, Path(sys.argv[1]))
print(boxes.owner, flush=True)
limits = BoxLimits(seconds=300, memory_bytes=256 * 1024**2, cpus=1, scratch_bytes=1024**2)
for image in names:
    job = {"verb": "produce", "attack": "loop"}
    threading.Thread(target=boxes.run, args=(job, {}, limits, print), kwargs={"image": image}).start()
"""


@pytest.fixture
def both(engine, hostile_image, other_hostile_image, tmp_path):
    """Boxes of two kinds of image, and a third whose image is not there."""
    names = {FIRST: hostile_image, "tensorflow": other_hostile_image, "tfjs": "accession-absent:never"}
    with DockerBoxes(engine, names, tmp_path / "boxes") as made:
        yield made
    assert engine.containers(all=True, filters={"label": f"{OWNER_LABEL}={made.owner}"}) == []
    assert list((tmp_path / "boxes").iterdir()) == []


def _image_of(engine, boxes):
    """Of the one that is there; it has no volume that could be left behind."""
    (container,) = ours(engine, boxes)
    found = engine.inspect_container(container["Id"])
    assert [mount["Type"] for mount in found["Mounts"]] == ["bind"]
    return found["Image"]


@pytest.mark.parametrize("by", ["kind", "digest"])
def test_a_box_is_made_of_the_image_it_was_asked_for_by_digest(both, engine, by):
    digests = both.images()
    assert set(digests) == {FIRST, "tensorflow"}
    image = "tensorflow" if by == "kind" else digests["tensorflow"]
    both.prewarm("produce", LIMITS, image=image, formats=["keras_v3"])
    (waiting,) = both.warm.prewarm(both.kind("produce", LIMITS, image))
    waiting.result()
    assert _image_of(engine, both) == digests["tensorflow"]
    taken = Taken()
    assert both.run({"verb": "produce", "attack": "secrets"}, {}, LIMITS, taken, image=image).end is BoxEnd.DONE
    assert taken.found()["environ"]["ACCESSION_PRELOAD"] == "keras_v3"
    assert ours(engine, both) == []


def test_a_waiting_box_of_another_image_is_not_taken(both, engine):
    waiting(both)
    assert both.run({"verb": "produce", "attack": "good"}, {}, LIMITS, Taken(), image="tensorflow").end is BoxEnd.DONE
    assert _image_of(engine, both) == both.images()[FIRST]


def test_a_kind_without_an_image_is_ours_to_mend(both):
    with pytest.raises(GatewayError) as raised:
        both.run({"verb": "produce", "attack": "good"}, {}, LIMITS, Taken(), image="tfjs")
    assert (raised.value.reason, raised.value.transient) == ("no-image", False)


def test_boxes_run_side_by_side_and_none_is_left(both, engine):
    ends = []

    def run(image, seconds):
        limits = replace(LIMITS, seconds=seconds)
        ends.append(both.run({"verb": "produce", "attack": "loop"}, {}, limits, Taken(), image=image).end)

    threads = [threading.Thread(target=run, args=one) for one in ((FIRST, 2), ("tensorflow", 2), (FIRST, 3))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == [BoxEnd.TIME] * 3
    assert ours(engine, both) == []
    assert [path.name for path in both._owner.folder.iterdir()] == ["lock"]


def test_a_box_of_ours_is_not_waited_for_after_its_last_word(both, engine):
    job = {"verb": "judge", "attack": "lingers"}
    began = time.monotonic()
    run = both.run(job, {}, replace(LIMITS, seconds=600), Taken())
    assert (run.end, run.exit_code) == (BoxEnd.DONE, None)
    assert ours(engine, both) == []
    assert time.monotonic() - began < 300


def test_closing_ends_what_still_runs(engine, hostile_image, other_hostile_image, tmp_path):
    made = DockerBoxes(engine, {FIRST: hostile_image, "tensorflow": other_hostile_image}, tmp_path / "boxes")
    ends = []

    def run():
        try:
            ends.append(made.run({"verb": "produce", "attack": "loop"}, {}, LIMITS, Taken(), image="tensorflow").end)
        except GatewayError as error:
            ends.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 30
    while not ours(engine, made) and time.monotonic() < deadline:
        time.sleep(0.05)
    made.close()
    thread.join()
    assert ends
    assert ends != [BoxEnd.DONE]
    assert engine.containers(all=True, filters={"label": f"{OWNER_LABEL}={made.owner}"}) == []
    assert list((tmp_path / "boxes").iterdir()) == []


def test_a_process_killed_in_the_middle_leaves_nothing_for_ever(engine, hostile_image, other_hostile_image, tmp_path):
    """A real process with a box of each kind at work, killed; its successor clears up."""
    names = {FIRST: hostile_image, "tensorflow": other_hostile_image}
    root = tmp_path / "boxes"
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(root), json.dumps(names)], stdout=subprocess.PIPE)
    owner = child.stdout.readline().decode().strip()
    label = {"label": f"{OWNER_LABEL}={owner}"}
    deadline = time.monotonic() + 60
    while len(engine.containers(filters=label)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert {one["ImageID"] for one in engine.containers(filters=label)} == {
        engine.inspect_image(name)["Id"] for name in names.values()
    }
    child.kill()
    child.wait()
    child.stdout.close()
    with DockerBoxes(engine, names, root) as successor:
        assert successor.reap() == 2
        assert engine.containers(all=True, filters=label) == []
        assert [path.name for path in root.iterdir()] == [successor.owner]
