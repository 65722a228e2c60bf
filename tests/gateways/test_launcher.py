"""Boxes behind the launcher's socket are boxes: the same answers, the same ends, for clients that behave."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import pytest

from bot import cli
from bot.errors import ConfigError, GatewayError
from bot.gateways.launcher_client import LauncherBuilder
from bot.gateways.launcher_forms import JOB_BYTES, Ceilings
from bot.gateways.launcher_inputs import Inputs
from bot.records.box import BoxEnd, BoxLimits, BoxRun, Machine
from bot.records.environment import Built, Unsolved
from tests.conftest import ROOT
from tests.fakes.boxes import Ended, FakeBoxes
from tests.gateways.launched import (
    BOX_LIMITS,
    LIMITS,
    Launched,
    LongBoxes,
    begin,
    heard,
    launched,
    raw,
    run_request,
    spoken,
)
from tests.gateways.sealed import Taken
from tests.gateways.test_boxes_places import queued

RDF = json.dumps({"type": "model", "weights": ["onnx"], "files": []}).encode()
DESCRIBE = {
    "verb": "describe",
    "listing": [{"name": "rdf.yaml"}],
    "files": [{"name": "rdf.yaml", "local": "a"}],
    "override": None,
}
LONG = {"verb": "compare"}


@pytest.fixture
def launcher():
    with launched() as made:
        yield made


@pytest.fixture(params=["direct", "launcher"])
def boxes(request, launcher):
    """What holds for boxes holds behind the socket too."""
    return launcher.boxes if request.param == "direct" else launcher.client()


@pytest.fixture
def rdf(tmp_path):
    path = tmp_path / "rdf.yaml"
    path.write_bytes(RDF)
    return path


# --- what holds for the boxes themselves and for those behind the socket -------------------------------------------------


def test_images_and_machine(launcher, boxes):
    launcher.boxes.others = {"tensorflow": "sha256:tf"}
    assert boxes.images() == {"onnx-torch": "sha256:fake", "tensorflow": "sha256:tf"}
    assert boxes.machine() == Machine(8, 64 * 1024**3)


def test_a_box_reads_its_inputs_and_hands_out_its_frames(launcher, boxes, rdf):
    taken = Taken()
    run = boxes.run(DESCRIBE, {"a": rdf}, BOX_LIMITS, taken)
    assert run == BoxRun(BoxEnd.DONE, 0, 0.5, "some words", peak_memory_bytes=1000)
    assert taken["rdf"] == RDF
    assert set(taken) == {"description", "rdf", "judge-spec", "box-rdf-onnx", "plan"}
    assert launcher.boxes.seen == [(DESCRIBE, {"a": RDF})]


def test_whose_a_box_is_arrives(launcher, boxes, rdf):
    for whose in ("", "0f" * 16):
        boxes.run(DESCRIBE, {"a": rdf}, BOX_LIMITS, Taken(), whose=whose)
    assert launcher.boxes.owners == ["", "0f" * 16]


@pytest.mark.parametrize("end", [end for end in BoxEnd if end is not BoxEnd.DONE])
def test_how_a_box_ended(launcher, boxes, rdf, end):
    launcher.boxes.trouble["describe"] = end
    taken = Taken()
    run = boxes.run(DESCRIBE, {"a": rdf}, BOX_LIMITS, taken)
    assert (run.end, run.exit_code, run.words, taken) == (end, None, "last words", {})
    assert run.limit


def test_what_was_handed_out_before_a_bad_end_stays(launcher, boxes, rdf):
    launcher.boxes.trouble["describe"] = Ended("plan", BoxEnd.MEMORY)
    taken = Taken()
    assert boxes.run(DESCRIBE, {"a": rdf}, BOX_LIMITS, taken).end is BoxEnd.MEMORY
    assert "rdf" in taken
    assert "plan" not in taken


@pytest.mark.parametrize("transient", [True, False])
def test_a_failure_of_the_engine_is_told_as_it_is(launcher, boxes, rdf, transient):
    launcher.boxes.trouble["describe"] = GatewayError("the engine is on fire", reason="engine", transient=transient)
    with pytest.raises(GatewayError, match="on fire") as raised:
        boxes.run(DESCRIBE, {"a": rdf}, BOX_LIMITS, Taken())
    assert (raised.value.reason, raised.value.transient) == ("engine", transient)


def test_a_box_that_was_not_ready(launcher, boxes, rdf):
    launcher.boxes.trouble["describe"] = "not ready"
    run = boxes.run(DESCRIBE, {"a": rdf}, BOX_LIMITS, Taken())
    assert (run.ready, run.words) == (False, "ImportError")


def test_boxes_wait_where_it_was_asked_for(launcher, boxes):
    boxes.prewarm("produce", BOX_LIMITS, image="onnx-torch", formats=["onnx", "torchscript"])
    assert launcher.boxes.warmed == [("produce", "sha256:fake", ("onnx", "torchscript"))]


def test_an_exception_of_the_taker_passes(launcher, boxes, rdf):
    def full(name, chunks, size):
        raise GatewayError("the cache is full", reason="cache", transient=True)

    with pytest.raises(GatewayError, match="cache is full"):
        boxes.run(DESCRIBE, {"a": rdf}, BOX_LIMITS, full)


def test_a_taker_that_takes_nothing_changes_nothing(boxes, rdf):
    names = []
    run = boxes.run(DESCRIBE, {"a": rdf}, BOX_LIMITS, lambda name, chunks, size: names.append(name))
    assert (run.end, len(names)) == (BoxEnd.DONE, 5)


def test_an_image_that_was_built_is_one_of_the_launchers(launcher, rdf):
    built = LauncherBuilder(launcher.client()).build(["six", "numpy"])
    assert built == Built(built.image, built.lock)
    launcher.boxes.installed[built.image] = {"six"}
    launcher.boxes.image = "sha256:" + "0" * 64
    image = f"sha256:{built.lock}"
    launcher.client().run(DESCRIBE, {"a": rdf}, BOX_LIMITS, Taken(), image=image)
    assert [digest for _, digest, _ in launcher.boxes.ran] == [image]


# --- the builder -----------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _on_the_registry(launcher):
    launcher.builder.registry["six"] = "1.17"


def test_what_cannot_be_solved_is_told(launcher):
    said = LauncherBuilder(launcher.client()).build(["absent"])
    assert isinstance(said, Unsolved)
    assert "absent" in said.message
    assert "absent" in said.words


def test_the_builders_own_trouble_is_told(launcher):
    launcher.builder.trouble = GatewayError("no registry answers", reason="registry", transient=True)
    with pytest.raises(GatewayError, match="no registry") as raised:
        LauncherBuilder(launcher.client()).build(["six"])
    assert raised.value.transient


def test_more_builds_than_may_wait_are_refused_for_now():
    with launched(ceilings=Ceilings(builds=1)) as made:
        made.builder.registry["six"] = "1.17"
        made.builder.seconds = 1.0
        first = threading.Thread(target=lambda: LauncherBuilder(made.client()).build(["six"]))
        first.start()
        while not made.builder.asked:
            time.sleep(0.01)
        with pytest.raises(GatewayError) as raised:
            LauncherBuilder(made.client()).build(["six"])
        first.join()
    assert (raised.value.reason, raised.value.transient) == ("launcher-busy", True)


# --- sizes ---------------------------------------------------------------------------------------------------------------------


def test_a_job_as_large_as_allowed_passes_and_a_larger_one_is_said_to_be(launcher):
    launcher.boxes.trouble["static"] = BoxEnd.TIME
    job = {"verb": "static", "listing": "x" * (JOB_BYTES - 1000)}
    assert launcher.client().run(job, {}, BOX_LIMITS, Taken()).end is BoxEnd.TIME
    assert [said for said, _ in launcher.boxes.seen] == [job]
    with pytest.raises(GatewayError, match="8388608 bytes") as raised:
        launcher.client().run(job | {"more": "x" * 1000}, {}, BOX_LIMITS, Taken())
    assert not raised.value.transient


# --- ceilings ----------------------------------------------------------------------------------------------------------------


def test_limits_above_the_ceilings_are_the_ceilings(rdf):
    with launched(ceilings=Ceilings().on(Machine(cpus=4, memory_bytes=8 * 1024**3))) as made:
        asked = BoxLimits(10**9, 10**15, 10**9, 10**6, 10**15, 10**15)
        made.client().run(DESCRIBE, {"a": rdf}, asked, Taken())
        made.client().run(DESCRIBE, {"a": rdf}, BOX_LIMITS, Taken())
    limits = [limits for _, _, limits in made.boxes.ran]
    assert limits[0] == BoxLimits(3600, 8 * 1024**3, 1024, 4, 8 * 1024**3, 4 * 1024**3)
    assert limits[1] == BOX_LIMITS


def test_more_runs_than_there_are_places_wait_for_their_turn():
    boxes = LongBoxes()
    with launched(boxes, Ceilings(runs=1)) as made, spoken(made.path, "run", run_request()) as first:
        assert heard(first)[0] == "go"
        begin(first)
        assert boxes.started.acquire(timeout=5)
        with spoken(made.path, "run", run_request()) as second:
            assert not boxes.started.acquire(timeout=0.3)
            first.shut()
            assert heard(second)[0] == "go"
            begin(second)
            assert boxes.started.acquire(timeout=5)


def test_whose_turn_it_is_goes_by_the_check_that_a_run_is_for():
    with launched(LongBoxes(), Ceilings(runs=1)) as made, ExitStack() as stack:
        asked = []
        for number, whose in enumerate(("aa", "aa", "bb")):
            asked.append(stack.enter_context(spoken(made.path, "run", run_request(whose=whose))))
            queued(made.server._bay.slots.places, number) if number else heard(asked[0])
        asked[0].shut()
        assert heard(asked[2])[0] == "go"
        assert not select.select([asked[1].socket], [], [], 0)[0]


def test_no_more_is_promised_to_all_clients_together_than_the_machine_has():
    boxes = LongBoxes()
    boxes.room = Machine(cpus=4, memory_bytes=64 * 1024**3)
    asked = run_request(limits=LIMITS | {"cpus": 2})
    with ExitStack() as stack:
        made = stack.enter_context(launched(boxes, Ceilings().on(boxes.room)))
        let_in = []
        for _ in range(2):
            let_in.append(stack.enter_context(spoken(made.path, "run", asked)))
            assert heard(let_in[-1])[0] == "go"
            begin(let_in[-1])
            assert boxes.started.acquire(timeout=5)
        third = stack.enter_context(spoken(made.path, "run", asked))
        assert not select.select([third.socket], [], [], 0.3)[0]
        let_in[0].shut()
        assert heard(third)[0] == "go"


def test_a_box_larger_than_the_machine_is_let_in_by_itself():
    boxes = LongBoxes()
    boxes.room = Machine(cpus=2, memory_bytes=4 * 1024**3)
    asked = run_request(limits=LIMITS | {"cpus": 64, "memory_bytes": 64 * 1024**3})
    with launched(boxes, Ceilings().on(boxes.room)) as made, spoken(made.path, "run", asked) as only:
        assert heard(only)[0] == "go"


def test_who_leaves_while_waiting_takes_no_place():
    boxes = LongBoxes()
    with launched(boxes, Ceilings(runs=1)) as made, spoken(made.path, "run", run_request()) as first:
        assert heard(first)[0] == "go"
        with spoken(made.path, "run", run_request()):
            assert settled(made, 2)
        assert settled(made, 1)


def test_hints_too_many_are_dropped():
    with launched(ceilings=Ceilings(prewarms=3)) as made:
        for _ in range(10):
            made.client().prewarm("static", BOX_LIMITS)
        assert len(made.boxes.warmed) == 3


# --- two clients, and those that go ----------------------------------------------------------------------------------------


def settled(made, count):
    """Wait until so many connections are served."""
    until = time.monotonic() + 10
    while made.sessions() != count and time.monotonic() < until:
        time.sleep(0.01)
    return made.sessions() == count


def test_many_jobs_at_once_and_each_gets_its_own(tmp_path):
    with launched() as made:
        answers = {}

        def one(number):
            path = tmp_path / str(number)
            path.write_bytes(json.dumps({"type": "model", "weights": [], "files": [], "number": number}).encode())
            taken = Taken()
            assert made.client(knock_seconds=10).run(DESCRIBE, {"a": path}, BOX_LIMITS, taken).end is BoxEnd.DONE
            answers[number] = json.loads(taken["rdf"])["number"]

        threads = [threading.Thread(target=one, args=(number,)) for number in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == {number: number for number in range(24)}
        assert settled(made, 0)
        assert list((made.folder / "inputs").iterdir()) == []


def test_a_client_that_goes_away_ends_its_box_and_no_other():
    boxes = LongBoxes()
    with launched(boxes) as made:
        with spoken(made.path, "run", run_request()) as staying:
            heard(staying)
            begin(staying)
            with spoken(made.path, "run", run_request()) as leaving:
                heard(leaving)
                begin(leaving)
                assert boxes.started.acquire(timeout=5)
                assert boxes.started.acquire(timeout=5)
            assert boxes.ended.acquire(timeout=5)
            assert not boxes.ended.acquire(timeout=0.3)
            assert settled(made, 1)
        assert boxes.ended.acquire(timeout=5)


def test_a_closed_client_ends_its_box_and_hears_of_it():
    boxes = LongBoxes()
    with launched(boxes) as made:
        client = made.client()
        raised = []

        def ask():
            try:
                client.run(LONG, {}, BOX_LIMITS, Taken())
            except GatewayError as error:
                raised.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        assert boxes.started.acquire(timeout=5)
        client.close()
        thread.join(5)
        assert boxes.ended.acquire(timeout=5)
    assert [(error.reason, error.transient) for error in raised] == [("launcher-gone", True)]


def test_a_launcher_that_ends_makes_its_jobs_errored_for_now():
    boxes = LongBoxes()
    raised = []
    with launched(boxes) as made:

        def ask():
            try:
                made.client().run(LONG, {}, BOX_LIMITS, Taken())
            except GatewayError as error:
                raised.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        assert boxes.started.acquire(timeout=5)
    thread.join(5)
    assert boxes.ended.acquire(timeout=5)
    assert [(error.reason, error.transient) for error in raised] == [("launcher-gone", True)]
    with pytest.raises(GatewayError) as absent:
        made.client().images()
    assert (absent.value.reason, absent.value.transient) == ("launcher-down", True)


def test_a_restart_is_waited_for(tmp_path):
    with launched() as made:
        client = made.client(knock_seconds=20)
        made.close()
        found = []
        thread = threading.Thread(target=lambda: found.append(client.images()))
        thread.start()
        time.sleep(0.3)
        again = Launched(made.folder, FakeBoxes(), Ceilings(), made.path)
        thread.join(20)
        again.close()
    assert found == [{"onnx-torch": "sha256:fake"}]


def test_who_finds_all_places_taken_knocks_again():
    with launched(ceilings=Ceilings(connections=1)) as made:
        found = []
        with raw(made.path):
            assert settled(made, 1)
            with pytest.raises(GatewayError) as refused:
                made.client().images()
            thread = threading.Thread(target=lambda: found.append(made.client(knock_seconds=20).images()))
            thread.start()
            time.sleep(0.3)
        thread.join(20)
    assert (refused.value.reason, refused.value.transient) == ("launcher-busy", True)
    assert found == [{"onnx-torch": "sha256:fake"}]


def test_one_launcher_for_one_socket(launcher):
    with pytest.raises(ConfigError, match="Another launcher"):
        Launched(launcher.folder, FakeBoxes(), Ceilings(), launcher.path)
    assert launcher.client().images()


def test_a_path_too_long_is_named(tmp_path):
    with pytest.raises(ConfigError, match="107 bytes"):
        Launched(tmp_path, FakeBoxes(), Ceilings(), tmp_path / ("x" * 108))


def test_the_socket_is_its_owners_and_its_groups(launcher):
    assert launcher.path.stat().st_mode & 0o777 == 0o660


def test_what_a_killed_launcher_left_is_cleared(launcher):
    left = launcher.folder / "inputs" / "left"
    left.mkdir()
    launcher.close()
    again = Launched(launcher.folder, FakeBoxes(), Ceilings(), launcher.path)
    assert not left.exists()
    again.close()


# --- inputs ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("local", ["../x", "/etc/passwd", ".hidden", "a/b", "", "a\0b", "x" * 129])
def test_a_local_name_is_no_path(launcher, rdf, local):
    with pytest.raises(GatewayError, match="no local name"):
        launcher.client().run(DESCRIBE, {local: rdf}, BOX_LIMITS, Taken())


def test_an_input_that_is_gone_or_a_link_is_ours(launcher, rdf, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(rdf)
    for path in (link, tmp_path / "gone", tmp_path):
        with pytest.raises(GatewayError) as raised:
            launcher.client().run(DESCRIBE, {"a": path}, BOX_LIMITS, Taken())
        assert (raised.value.reason, raised.value.transient) == ("box-inputs", True)
    assert launcher.boxes.ran == []


def test_hundreds_of_inputs_of_all_sizes(launcher, tmp_path):
    inputs = {}
    for number in range(600):
        path = tmp_path / str(number)
        path.write_bytes(os.urandom(number * 7))
        inputs[f"file-{number}.bin"] = path
    launcher.boxes.trouble["static"] = BoxEnd.TIME
    launcher.client().run({"verb": "static"}, inputs, BOX_LIMITS, Taken())
    assert launcher.boxes.seen == [({"verb": "static"}, {name: path.read_bytes() for name, path in inputs.items()})]


@pytest.mark.parametrize("ceilings", [Ceilings(inputs=1), Ceilings(input_bytes=2 * len(RDF) - 1)])
def test_inputs_have_ceilings(rdf, ceilings):
    with launched(ceilings=ceilings) as made:
        with pytest.raises(GatewayError) as raised:
            made.client().run(DESCRIBE, {"a": rdf, "b": rdf}, BOX_LIMITS, Taken())
        made.client().run(DESCRIBE, {"a": rdf}, BOX_LIMITS, Taken())
    assert raised.value.reason == "bad-request"
    assert len(made.boxes.ran) == 1


def test_a_disk_that_is_nearly_full_stays_so(tmp_path, rdf):
    with Inputs(tmp_path, most=2, most_bytes=10**6, spare_bytes=1 << 60) as inputs, rdf.open() as file:
        with pytest.raises(GatewayError, match="nearly full") as raised:
            inputs.add("a", file.fileno())
        assert inputs.paths == {}
    assert raised.value.transient


def test_a_copy_is_whole_readable_and_apart_from_its_original(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"0123456789")
    with Inputs(tmp_path, most=2, most_bytes=10**6) as inputs, source.open("rb") as file:
        file.seek(4)
        inputs.add("a", file.fileno())
        with source.open("r+b") as other:
            other.write(b"changed")
        assert inputs.paths["a"].read_bytes() == b"0123456789"
        assert inputs.paths["a"].stat().st_mode & 0o777 == 0o444
        assert file.tell() == 4
        folder = inputs.paths["a"].parent
    assert not folder.exists()


def test_a_sparse_file_across_file_systems(tmp_path):
    with open("/dev/shm/accession-sparse", "w+b") as file:  # noqa: PTH123 - another file system
        os.unlink("/dev/shm/accession-sparse")  # noqa: PTH108
        file.truncate(5_000_000)
        file.seek(4_999_999)
        file.write(b"x")
        file.flush()
        with Inputs(tmp_path, most=2, most_bytes=10**7) as inputs:
            inputs.add("a", file.fileno())
            content = inputs.paths["a"].read_bytes()
    assert (len(content), content[-1:], content.count(0)) == (5_000_000, b"x", 4_999_999)


# --- the command -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [[], ["--ping"]])
def test_without_its_setting_it_says_what_is_missing(capsys, more):
    before = signal.getsignal(signal.SIGTERM)
    assert cli.main(["launcher", *more], {}) == 2
    signal.signal(signal.SIGTERM, before)
    assert "ACCESSION_LAUNCHER is not set" in capsys.readouterr().err


def test_without_an_engine_it_ends(tmp_path):
    environ = {"DOCKER_HOST": f"unix://{tmp_path}/no.sock", "ACCESSION_LAUNCHER": str(tmp_path / "x.sock")}
    command = [sys.executable, "-m", "bot", "launcher"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environ, cwd=ROOT)
    assert (run.returncode, run.stderr) == (1, "accession: No container engine answers.\n")
    assert not (tmp_path / "x.sock").exists()


def test_a_ping_asks_the_one_that_runs(launcher, capsys):
    environ = {"ACCESSION_LAUNCHER": str(launcher.path)}
    assert cli.main(["launcher", "--ping"], environ) == 0
    launcher.close()
    assert cli.main(["launcher", "--ping"], environ) == 1
    assert "No launcher listens" in capsys.readouterr().err
