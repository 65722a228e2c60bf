"""Who killed a box, against the real engine: we and everybody outside are not its memory limit, and it cannot look like them."""

import os
import threading
from dataclasses import replace

import pytest

from bot.checking.bench import Bench
from bot.checking.blob_cache import BlobCache
from bot.checking.check import check
from bot.checking.evidence import Evidence
from bot.checking.json_shelf import JsonShelf
from bot.errors import GatewayError
from bot.gateways.docker_engine import DockerBoxes
from bot.records.box import FIRST, BoxEnd
from tests.checking.conftest import Upload
from tests.fakes.boxes import FakeBoxes
from tests.fakes.clock import FakeClock
from tests.fakes.web import FakeWeb
from tests.gateways.sealed import LIMITS, Taken, ours

pytestmark = pytest.mark.docker

STAYS = {"verb": "produce", "attack": "stays_on"}


class Acting(Taken):
    """Does something as soon as a frame has come, when the box is in the middle of its work."""

    def __init__(self, act):
        super().__init__()
        self._act = act

    def __call__(self, name, chunks, size):
        super().__call__(name, chunks, size)
        self._act()


@pytest.fixture
def ended(boxes, engine):
    """The error of a run to whose container something was done meanwhile."""

    def run(act, **job):
        took = Acting(lambda: act(ours(engine, boxes)[0]["Id"]))
        with pytest.raises(GatewayError) as raised:
            boxes.run({"verb": "produce", "attack": "stays_on"} | job, {}, LIMITS, took)
        assert len(took) == 1
        return raised.value.reason, raised.value.transient

    return run


@pytest.mark.parametrize("half", [False, True])
def test_killed_through_the_engine(ended, engine, half):
    assert ended(engine.kill, half=half) == ("box-killed", True)


@pytest.mark.parametrize(("verb", "frame"), [("judge", "verdict"), ("static", "findings"), ("describe", "rdf")])
def test_boxes_of_our_own_programs_are_not_blamed_either(ended, engine, verb, frame):
    assert ended(engine.kill, verb=verb, frame=frame) == ("box-killed", True)


def test_stopped_through_the_engine(ended, engine):
    assert ended(lambda box: engine.stop(box, timeout=0)) == ("box-killed", True)


def test_removed_beside_us(ended, engine):
    assert ended(lambda box: engine.remove_container(box, force=True)) == ("box-killed", True)


@pytest.mark.skipif(os.geteuid() != 0, reason="a box's processes are not this user's")
def test_killed_on_the_host_as_its_kernel_does_without_memory(ended, engine):
    def kill(box):
        os.kill(engine.inspect_container(box)["State"]["Pid"], 9)

    assert ended(kill) == ("box-killed", True)


@pytest.mark.parametrize("job", [STAYS, STAYS | {"half": True}])
def test_what_a_box_says_while_its_owner_closes_is_no_verdict(engine, hostile_image, tmp_path, job):
    boxes = DockerBoxes(engine, {FIRST: hostile_image}, tmp_path / "boxes")
    closing = threading.Thread(target=boxes.close)
    with pytest.raises(GatewayError) as raised:
        boxes.run(job, {}, LIMITS, Acting(closing.start))
    closing.join()
    assert (raised.value.reason, raised.value.transient) == ("boxes-closed", True)
    assert ours(engine, boxes) == []
    assert list((tmp_path / "boxes").iterdir()) == []


class HalfReal(FakeBoxes):
    """Boxes that behave, but models run in real ones that are closed in the middle of it."""

    def __init__(self, real):
        super().__init__()
        self._real = real
        self.closing = threading.Thread(target=real.close)

    def run(self, job, inputs, limits, take, **more):
        if job["verb"] != "produce":
            return super().run(job, inputs, limits, take, **more)
        return self._real.run(job | {"attack": "stays_on"}, inputs, LIMITS, Acting(self.closing.start))


def test_a_check_that_is_under_way_while_its_owner_closes_leaves_no_verdict(engine, hostile_image, tmp_path):
    web, quota = FakeWeb(), 10**9
    upload = Upload(web)
    upload.rdf["weights"] = ["onnx"]
    boxes = HalfReal(DockerBoxes(engine, {FIRST: hostile_image}, tmp_path / "boxes"))
    shelf, evidence = JsonShelf(tmp_path / "facts"), Evidence(tmp_path / "evidence", quota_bytes=quota)
    cache = BlobCache(tmp_path / "cache", quota_bytes=quota)
    bench = Bench(cache, shelf, web, boxes, FakeClock(), evidence, b"secret")
    report = check(bench, upload.job())
    boxes.closing.join()
    assert (report["outcome"], report["weights"][0]["runs"]["outcome"]) == ("errored", "errored")
    assert not {"formats", "verdicts"} & {room.name for room in (tmp_path / "facts").iterdir() if any(room.iterdir())}


def test_nothing_is_run_after_the_close(engine, hostile_image, tmp_path):
    with DockerBoxes(engine, {FIRST: hostile_image}, tmp_path / "boxes") as boxes:
        pass
    with pytest.raises(GatewayError) as raised:
        boxes.run({"verb": "produce", "attack": "good"}, {}, LIMITS, Taken())
    assert (raised.value.reason, raised.value.transient) == ("boxes-closed", True)
    assert ours(engine, boxes) == []


@pytest.mark.parametrize("attack", ["memory", "child_memory"])
def test_memory_is_still_memory(boxes, attack):
    run = boxes.run({"verb": "produce", "attack": attack}, {}, LIMITS, Taken())
    assert (run.end, "512 MiB" in run.limit) == (BoxEnd.MEMORY, True)


@pytest.mark.parametrize("way", ["_exit", "_exit of more bits", "sys.exit", "thread", "exit", "exit_group of 64 bits"])
def test_an_exit_code_as_of_a_killed_process_is_the_models_own(boxes, way):
    run = boxes.run({"verb": "produce", "attack": "exits", "way": way}, {}, LIMITS, Taken())
    assert (run.end, "forbidden system call" in run.limit) == (BoxEnd.FAILED, True), run


@pytest.mark.parametrize("handled", ["ignored", "blocked"])
def test_nor_where_the_signal_of_it_is_not_heard(boxes, handled):
    job = {"verb": "produce", "attack": "exits", "way": "exit_group of 64 bits", "handled": handled}
    run = boxes.run(job, {}, LIMITS, Taken())
    assert (run.end, "forbidden system call" in run.limit) == (BoxEnd.FAILED, True), run


@pytest.mark.parametrize(
    ("way", "code"),
    [("_exit", 139), ("sys.exit", 159), ("thread", 139), ("exit", 7), ("exit_group of 64 bits", 7)],
)
def test_whoever_catches_the_signal_of_it_has_not_said_it(boxes, way, code):
    """libc, whose call to exit came back, ends by a fault; Python has taken its handlers back; a bare call goes on."""
    job = {"verb": "produce", "attack": "exits", "way": way, "handled": "caught"}
    run = boxes.run(job, {}, LIMITS, Taken())
    assert (run.end, run.exit_code) == (BoxEnd.FAILED, code), run


def test_nobody_inside_can_kill_the_first_process(boxes):
    took = Taken()
    assert boxes.run({"verb": "produce", "attack": "kills"}, {}, LIMITS, took).end is BoxEnd.DONE
    assert took.found() == {"other": -9, "itself": "None", "all": "ProcessLookupError 3 [Errno 3] No such process"}


def test_it_cannot_give_itself_no_more_processor_time(boxes):
    took = Taken()
    boxes.run({"verb": "produce", "attack": "processor_time"}, {}, LIMITS, took)
    found = took.found()
    assert found.pop("files") == "None"
    assert found.pop("asked") == [-1, -1]
    assert {answer for name, answer in found.items() if name != "setrlimit"} == {"Operation not permitted"}
    assert "not allowed" in found["setrlimit"] or "not permitted" in found["setrlimit"]


def test_a_frame_that_a_box_cuts_itself_is_its_own_doing(boxes):
    run = boxes.run({"verb": "produce", "attack": "cut"}, {}, LIMITS, Taken())
    assert (run.end, run.exit_code) == (BoxEnd.FAILED, 0)


def test_half_a_frame_and_nothing_more_ends_in_time(boxes):
    run = boxes.run(STAYS | {"half": True}, {}, replace(LIMITS, seconds=2), Taken())
    assert run.end is BoxEnd.TIME
