"""Hostile jobs against the real engine: each limit is proven by a program that tries to break it."""

import json
import os
import time
from dataclasses import replace

import pytest

from bot.errors import GatewayError
from bot.gateways.docker_engine import DockerBoxes
from bot.records.box import FIRST, BoxEnd
from tests.gateways.sealed import LIMITS, MIB, Taken, ours, waiting

pytestmark = pytest.mark.docker

DENIED = ("Operation not permitted", "Function not implemented")


@pytest.fixture
def attack(boxes):
    """Run one attack; the box's end and the frames it got out."""

    def run(name, inputs=None, limits=LIMITS, **more):
        taken = Taken()
        return boxes.run({"verb": "produce", "attack": name, **more}, inputs or {}, limits, taken), taken

    return run


def test_a_good_box_reads_its_inputs_answers_and_is_gone(attack, tmp_path, engine, boxes):
    source = tmp_path / "blob"
    source.write_bytes(b"input")
    source.chmod(0o444)
    run, taken = attack("good", {"a.npy": source}, size=300_000)
    assert (run.end, run.ready) == (BoxEnd.DONE, True)
    assert run.exit_code in {0, None}  # None: it was ended before it had left by itself
    assert run.peak_memory_bytes == 12345
    assert taken.found()["inputs"] == ["a.npy"]
    assert taken["tensor-0"] == b"x" * 300_000
    assert ours(engine, boxes) == []
    assert [path.name for path in boxes._owner.folder.iterdir()] == ["lock"]


def test_no_network_of_any_family(attack):
    found = attack("network")[1].found()
    assert found.pop("interfaces") == 1
    assert found.pop("unix").startswith("<socket")
    assert set(found.pop("resolv").split()) <= {"nameserver", "127.0.0.1"}
    assert all("Error" in answer or "gaierror" in answer or "not permitted" in answer for answer in found.values()), (
        found
    )
    assert "not permitted" in found["vsock"]
    assert "not permitted" in found["disguised"]


def test_calls_that_widen_the_kernel_are_refused(attack):
    found = attack("kernel")[1].found()
    assert {name: answer for name, answer in found.items() if answer not in DENIED} == {}
    assert found["clone3"] == "Function not implemented"


def test_calls_by_the_numbers_of_another_architecture_end_the_box(attack):
    run, _ = attack("other_architecture")
    assert run.end is BoxEnd.FAILED
    assert "forbidden system call" in run.limit


def test_nobody_without_capabilities(attack):
    first, second = attack("identity")[1].found(), attack("identity")[1].found()
    assert first["uid"] >= 20_000
    assert first["uid"] != second["uid"]
    assert set(first["groups"]) <= {first["gid"]}
    assert {int(first["status"][name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapInh")} == {0}
    assert (first["status"]["NoNewPrivs"], first["status"]["Seccomp"]) == ("1", "2")
    assert first["core"] == [0, 0]


def test_no_writable_mount_but_scratch(attack, tmp_path):
    source = tmp_path / "blob"
    source.write_bytes(b"input")
    source.chmod(0o444)
    found = attack("mounts", {"a.npy": source})[1].found()
    written = [point for point, answer in found["written"].items() if answer == "1"]
    # the null device and its like take bytes and keep none; /tmp is the box's own memory
    kept = [point for point in written if not point.startswith(("/dev/", "/proc/"))]
    assert kept == ["/tmp"], found["written"]
    assert "PermissionError" in found["execute"]
    assert all("Error" in found[what] for what in ("input", "chmod", "unlink"))
    assert source.read_bytes() == b"input"


def test_neither_environment_nor_processes_know_a_secret(attack, monkeypatch):
    monkeypatch.setenv("ACCESSION_ZENODO_TOKEN", "s3cret-token")
    found = attack("secrets")[1].found()
    assert "s3cret-token" not in json.dumps(found)
    assert {name for name in found["environ"] if name.startswith("ACCESSION")} <= {"ACCESSION_IN", "ACCESSION_PRELOAD"}
    assert not [name for name in found["environ"] if "TOKEN" in name or "SECRET" in name]
    assert len(found["processes"]) == 2


def test_a_link_to_the_hosts_expected_output_leads_nowhere(attack, tmp_path):
    expected = tmp_path / "cache" / "blobs" / "expected.npy"
    expected.parent.mkdir(parents=True)
    needle = "the-expected-" + "output"
    expected.write_text(needle)
    paths = [str(expected), f"/proc/1/root{expected}", f"/host{expected}", f"/in/../{expected}"]
    run, taken = attack("find", paths=paths, needle=needle[::-1][::-1])
    found = taken.found()
    assert run.end is BoxEnd.DONE
    assert all("FileNotFoundError" in answer for answer in found["planted"].values()), found
    assert found["seen"] == []


def test_memory_ends_the_box_and_swap_does_not_help(attack):
    run, taken = attack("memory", gigabytes=10)
    assert run.end is BoxEnd.MEMORY
    assert "512 MiB" in run.limit
    assert "no swap" in run.limit
    assert taken == {}


def test_a_childs_death_by_memory_is_seen_although_the_parent_says_done(attack):
    run, _ = attack("child_memory")
    assert run.end is BoxEnd.MEMORY


def test_scratch_is_bounded_in_bytes_and_files(attack):
    found = attack("scratch")[1].found()
    assert "No space left" in found["full"]
    assert "No space left" in found["inodes"]


@pytest.mark.parametrize("name", ["fork_bomb", "threads"])
def test_processes_and_threads_are_counted(attack, name):
    run, taken = attack(name)
    assert run.end is BoxEnd.DONE
    assert taken.found()["started"] < LIMITS.pids


def test_an_endless_loop_ends_in_time(attack):
    began = time.monotonic()
    run, _ = attack("loop", limits=replace(LIMITS, seconds=2))
    assert run.end is BoxEnd.TIME
    assert "2 s" in run.limit
    assert "looping" in run.words
    assert time.monotonic() - began < 10


def test_closing_its_output_and_sleeping_on_does_not_help(attack):
    began = time.monotonic()
    run, _ = attack("sleepless", limits=replace(LIMITS, seconds=2))
    assert run.end in {BoxEnd.TIME, BoxEnd.FAILED}
    assert time.monotonic() - began < 10


def test_a_gigabyte_of_frames_is_cut_at_the_announcement(attack):
    run, taken = attack("flood")
    assert run.end is BoxEnd.OUTPUT
    assert "128 MiB" in run.limit
    assert "64 MiB" in run.limit
    assert set(taken) == {"tensor-0"}


def test_an_announced_exabyte_is_not_waited_for(attack):
    assert attack("announce")[0].end is BoxEnd.OUTPUT


def test_printing_ten_gigabytes_ends_at_the_limit_with_bounded_words(attack):
    run, _ = attack("prints", bytes=10 * 1024**3)
    assert run.end is BoxEnd.OUTPUT
    assert "printed" in run.limit
    assert len(run.words) <= 8000


def test_below_the_limit_the_last_words_are_kept(attack):
    run, _ = attack("prints", bytes=50 * MIB)
    assert run.end is BoxEnd.DONE
    assert run.words.endswith("the last words \u2603\n")
    assert len(run.words) == 8000


@pytest.mark.parametrize(
    ("name", "more", "end"),
    [
        ("undeclared", {"frame": "verdict"}, BoxEnd.PROTOCOL),
        ("undeclared", {"frame": "tensor-0/../x"}, BoxEnd.PROTOCOL),
        ("undeclared", {"frame": "ready"}, BoxEnd.PROTOCOL),
        ("undeclared", {"frame": "\u202etensor-0"}, BoxEnd.PROTOCOL),
        ("twice", {}, BoxEnd.PROTOCOL),
        ("silent", {}, BoxEnd.PROTOCOL),
        ("garbage", {}, BoxEnd.PROTOCOL),
        ("bad_done", {}, BoxEnd.PROTOCOL),
        ("after_done", {}, BoxEnd.PROTOCOL),
        ("crash", {}, BoxEnd.FAILED),
        ("exit_three", {}, BoxEnd.FAILED),
        ("cut", {}, BoxEnd.FAILED),
    ],
)
def test_whoever_leaves_the_protocol_has_failed(attack, name, more, end):
    run, _ = attack(name, **more)
    assert run.end is end, run


def test_a_crash_is_named(attack):
    assert "segmentation fault" in attack("crash")[0].limit


def test_prints_never_enter_the_protocol(attack):
    run, taken = attack("forged_job")
    assert run.end is BoxEnd.DONE
    assert "this print must not enter" in run.words
    assert set(taken) == {"produced"}


def test_a_warm_box_is_taken_once_and_filled_late(attack, boxes, engine, tmp_path):
    source = tmp_path / "blob"
    source.write_bytes(b"input")
    source.chmod(0o444)
    waiting(boxes)
    boxes.prewarm("produce", LIMITS)
    assert len(ours(engine, boxes)) == 1
    run, taken = attack("good", {"late.npy": source})
    assert run.end is BoxEnd.DONE
    assert taken.found()["inputs"] == ["late.npy"]
    assert ours(engine, boxes) == []
    assert attack("good")[0].end is BoxEnd.DONE


def test_a_box_of_other_limits_is_not_taken(attack, boxes, engine):
    waiting(boxes, replace(LIMITS, pids=32))
    assert attack("good")[0].end is BoxEnd.DONE
    assert len(ours(engine, boxes)) == 1


def test_a_warm_box_that_died_is_replaced(attack, boxes, engine):
    waiting(boxes)
    engine.kill(ours(engine, boxes)[0]["Id"])
    assert attack("good")[0].end is BoxEnd.DONE
    assert ours(engine, boxes) == []


def test_waiting_boxes_are_replaced_when_it_is_quiet_and_go_with_their_owner(engine, hostile_image, tmp_path):
    with DockerBoxes(engine, {FIRST: hostile_image}, tmp_path / "boxes", keep_warm=True) as made:
        made.run({"verb": "produce", "attack": "good"}, {}, LIMITS, Taken())
        assert ours(engine, made) == []
        deadline = time.monotonic() + 30
        while not ours(engine, made) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(ours(engine, made)) == 1
    assert ours(engine, made) == []
    assert list((tmp_path / "boxes").iterdir()) == []


def test_leftovers_of_a_dead_owner_are_found_and_those_of_a_living_one_left_alone(engine, hostile_image, tmp_path):
    root = tmp_path / "boxes"
    images = {FIRST: hostile_image}
    dead, living = DockerBoxes(engine, images, root), DockerBoxes(engine, images, root)
    left = waiting(dead)
    waiting(living)
    os.close(dead._owner._lock)  # what the kernel does to a killed process
    with DockerBoxes(engine, images, root) as successor:
        assert successor.reap() == 1
        assert ours(engine, dead) == []
        assert len(ours(engine, living)) == 1
    left.remove()
    dead.warm._starters.shutdown()
    dead._removers.shutdown()
    living.close()
    assert list(root.iterdir()) == []


def test_an_image_that_is_not_there_is_ours_to_mend(engine, tmp_path):
    with (
        DockerBoxes(engine, {FIRST: "accession-absent:never"}, tmp_path / "boxes") as made,
        pytest.raises(GatewayError) as raised,
    ):
        made.run({"verb": "produce"}, {}, LIMITS, Taken())
    assert (raised.value.reason, raised.value.transient) == ("no-image", False)


def test_an_exception_of_the_taker_passes_and_the_box_is_removed(boxes, engine):
    def full(name, chunks, size):
        raise OSError(28, "No space left on device")

    with pytest.raises(GatewayError):
        boxes.run({"verb": "produce", "attack": "good"}, {}, LIMITS, full)
    assert ours(engine, boxes) == []


@pytest.mark.parametrize("local", ["../x", "/etc/passwd", ".hidden", "a/b", ""])
def test_local_names_areours(boxes, tmp_path, local):
    with pytest.raises(GatewayError, match="no local name"):
        boxes.run({"verb": "produce", "attack": "good"}, {local: tmp_path}, LIMITS, Taken())
