"""Whoever holds the other end of the launcher's socket is taken for hostile: what it says, sends, and leaves unsaid."""

import contextlib
import os
import socket
import struct
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.gateways.boxes_frames import HEADER, encode
from bot.gateways.boxes_verbs import BOX_VERBS, BUILDER_VERBS
from bot.gateways.launcher_forms import Ceilings
from bot.gateways.launcher_wire import VERSION, Wire, WireError
from bot.plain_json import dumps, loads
from bot.records.box import BoxEnd
from tests.fakes.boxes import FakeBoxes
from tests.gateways.launched import LIMITS, LongBoxes, begin, heard, launched, raw, run_request, spoken

QUICK = Ceilings(request_seconds=0.5, input_seconds=0.5)
NOW = run_request(verb="static")


@pytest.fixture
def launcher():
    with launched(LongBoxes(), Ceilings(request_seconds=2.0, input_seconds=2.0)) as made:
        yield made
        assert made.client(knock_seconds=5).images() == {"onnx-torch": "sha256:fake"}


@pytest.fixture
def brief():
    with launched(LongBoxes(), QUICK) as made:
        yield made


def refusal(launcher, name, body):
    """The reason it was refused by, before anything ran."""
    with spoken(launcher.path, name, body) as wire:
        said, payload = heard(wire)
        assert said == "error", payload
        assert launcher.boxes.ran == []
        return loads(payload)["reason"]


def ends(connected):
    """True when the launcher hung up; False when it is still there after some seconds."""
    try:
        while connected.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


# --- what is said --------------------------------------------------------------------------------------------------------


def test_another_version_is_refused_with_a_sentence(launcher):
    with raw(launcher.path) as connected:
        connected.sendall(encode("accession-launcher/2", b"") + encode("images", b"{}"))
        name, payload = heard(Wire(connected, limit=10**6, seconds=5))
    assert (name, loads(payload)["reason"]) == ("error", "launcher-version")
    assert "one release" in loads(payload)["message"]


@pytest.mark.parametrize(
    "name", ["create", "exec", "pull", "input", "begin", "go", "_run", "__class__", "runs", "\u202erun", "x" * 128]
)
def test_a_verb_that_there_is_not(launcher, name):
    assert refusal(launcher, name, {}) == "bad-request"


@pytest.mark.parametrize(
    "more",
    [
        {"image": "accession-job:latest"},
        {"image": "registry.example/x@sha256:" + "0" * 64},
        {"image": "sha256:" + "0" * 63},
        {"image": "sha256:" + "0" * 64 + "\n"},
        {"image": None},
        {"verb": "resolve"},
        {"verb": "install"},
        {"verb": "sh"},
        {"verb": ["produce"]},
        {"verb": None},
        {"job": {"verb": "static"}},
        {"limits": LIMITS | {"seconds": 0}},
        {"limits": LIMITS | {"cpus": -1}},
        {"limits": LIMITS | {"pids": True}},
        {"limits": LIMITS | {"pids": 1.5}},
        {"limits": LIMITS | {"memory_bytes": "1"}},
        {"limits": LIMITS | {"privileged": 1}},
        {"limits": {"seconds": 1}},
        {"binds": ["/:/host"]},
        {"privileged": True},
        {"command": ["sh"]},
        {"whose": None},
        {"whose": 1},
        {"whose": "../x"},
        {"whose": "a\n"},
        {"whose": "a" * 33},
    ],
)
def test_a_run_that_says_what_cannot_be_said(launcher, more):
    assert refusal(launcher, "run", run_request(**more)) == "bad-request"
    assert (
        refusal(launcher, "prewarm", {"verb": "static", "limits": LIMITS, "image": "onnx-torch"} | more)
        == "bad-request"
    )


@pytest.mark.parametrize("image", ["sha256:" + "0" * 64, "alpine", "tensorflows"])
def test_an_image_that_is_not_the_launchers(launcher, image):
    assert refusal(launcher, "run", run_request(image=image)) == "no-image"


@pytest.mark.parametrize(
    ("requirements", "reason"),
    [
        (["--index-url"], "bad-requirements"),
        (["six @ https://x"], "bad-requirements"),
        (["${SECRET}"], "bad-requirements"),
        ([], "bad-request"),
        (["x" * 513], "bad-request"),
        (["six"] * 201, "bad-request"),
        ("six", "bad-request"),
        ([1], "bad-request"),
    ],
)
def test_requirements_are_names_and_versions(launcher, requirements, reason):
    assert refusal(launcher, "build", {"requirements": requirements}) == reason


@pytest.mark.parametrize("formats", [["a,b"], ["onnx\n"], ["../x"], ["x" * 65], ["onnx"] * 17, "onnx", [None]])
def test_formats_are_words(launcher, formats):
    said = {"verb": "produce", "limits": LIMITS, "image": "onnx-torch", "formats": formats}
    assert refusal(launcher, "prewarm", said) == "bad-request"
    assert launcher.boxes.warmed == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"job": NaN}', b'{"job": 1e999}']
)
def test_json_that_is_none(launcher, body):
    with raw(launcher.path) as connected:
        connected.sendall(encode(VERSION, b"") + encode("run", body))
        name, payload = heard(Wire(connected, limit=10**6, seconds=5))
    assert (name, loads(payload)["reason"]) == ("error", "bad-request")


@pytest.mark.parametrize(
    "job",
    [
        b'{"verb": "judge"}',
        b'{"verb": "resolve"}',
        b"{}",
        b"[]",
        b"",
        b'{"verb": "static", "x": [' + b"[]," * 300_000 + b"0]}",
        b'{"verb": "static", "x": [' + b"1," * 500_000 + b"0]}",
        b'{"verb": "static", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_a_job_that_is_not_that_of_its_run_or_explodes(launcher, job):
    with spoken(launcher.path, "run", NOW) as wire:
        assert heard(wire)[0] == "go"
        wire.say("begin", job)
        name, payload = heard(wire)
        assert (name, loads(payload)["reason"]) == ("error", "bad-request")
    assert launcher.boxes.ran == []


def test_the_verbs_of_the_schema_are_those_of_the_boxes():
    from bot.plain_json import _validator

    verbs = _validator("launcher").schema["$defs"]["verb"]["enum"]
    assert set(verbs) == BOX_VERBS
    assert not BUILDER_VERBS & set(verbs)


# --- what is no message ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "garbage",
    [
        os.urandom(4096),
        b"GET /containers/json HTTP/1.1\r\nHost: docker\r\n\r\n",
        HEADER.pack(0, 0),
        HEADER.pack(2**32 - 1, 0),
        HEADER.pack(5, 2**63),
        HEADER.pack(5, 2**64 - 1) + b"hello",
        HEADER.pack(20, 9 * 1024**2) + VERSION.encode(),
        HEADER.pack(2, 0) + b"\xff\xfe",
        encode(VERSION, b"") + HEADER.pack(3, 2**40) + b"run",
        encode(VERSION, b"") + encode("run", dumps(NOW).encode())[:-5],
    ],
)
def test_garbage_and_huge_lengths_end_the_talk(launcher, garbage):
    with raw(launcher.path) as connected:
        with contextlib.suppress(ConnectionError):
            connected.sendall(garbage)
        assert ends(connected)
    assert launcher.boxes.ran == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(min_size=1, max_size=200), greeted=st.booleans())
def test_whatever_bytes_come_the_next_client_is_served(launcher, garbage, greeted):
    with raw(launcher.path) as connected:
        with contextlib.suppress(ConnectionError):
            connected.sendall((encode(VERSION, b"") if greeted else b"") + garbage)
            connected.shutdown(socket.SHUT_WR)
        assert ends(connected)
    assert launcher.boxes.ran == []


# --- files that are none ---------------------------------------------------------------------------------------------------


@pytest.fixture
def special(tmp_path):
    """Descriptors of what is no regular file."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    opened = [os.open(fifo, os.O_RDWR), os.open("/dev/zero", os.O_RDONLY), os.open("/", os.O_RDONLY)]
    left, right = socket.socketpair()
    yield [*opened, left.fileno()]
    left.close()
    right.close()
    for descriptor in opened:
        os.close(descriptor)


def test_only_regular_files_are_read(launcher, special):
    for descriptor in special:
        with spoken(launcher.path, "run", NOW) as wire:
            assert heard(wire)[0] == "go"
            wire.say("input", b"a", file=descriptor)
            name, payload = heard(wire)
            assert (name, loads(payload)["reason"]) == ("error", "bad-request")
    assert launcher.boxes.ran == []


def test_a_path_opened_without_the_right_to_read_is_not_read(launcher, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"content")
    descriptor = os.open(path, os.O_PATH)
    with spoken(launcher.path, "run", NOW) as wire:
        assert heard(wire)[0] == "go"
        wire.say("input", b"a", file=descriptor)
        assert loads(heard(wire)[1])["reason"] == "box-inputs"
    os.close(descriptor)


def test_a_link_swapped_after_opening_changes_nothing(launcher, tmp_path):
    """The race that a path loses: the file that was opened is the one that is copied."""
    path, secret = tmp_path / "input", tmp_path / "secret"
    path.write_bytes(b"mine")
    secret.write_bytes(b"the launcher's own")
    launcher.boxes.trouble["static"] = BoxEnd.TIME
    descriptor = os.open(path, os.O_RDONLY)
    path.unlink()
    path.symlink_to(secret)
    with spoken(launcher.path, "run", NOW) as wire:
        assert heard(wire)[0] == "go"
        wire.say("input", b"a", file=descriptor)
        begin(wire, "static")
        while heard(wire)[0] != "ran":
            pass
    os.close(descriptor)
    assert [files for _, files in launcher.boxes.seen] == [{"a": b"mine"}]


@pytest.mark.parametrize("local", [b"../x", b"a/b", b"..", b"\xff", b"", b"x" * 500])
def test_a_name_that_escapes(launcher, tmp_path, local):
    with (tmp_path / "file").open("w+b") as file, spoken(launcher.path, "run", NOW) as wire:
        assert heard(wire)[0] == "go"
        wire.say("input", local, file=file.fileno())
        assert loads(heard(wire)[1])["reason"] == "bad-local-name"
    assert launcher.boxes.ran == []


def test_the_same_name_twice(launcher, tmp_path):
    with (tmp_path / "file").open("w+b") as file, spoken(launcher.path, "run", NOW) as wire:
        assert heard(wire)[0] == "go"
        for _ in range(2):
            wire.say("input", b"a", file=file.fileno())
        assert loads(heard(wire)[1])["reason"] == "bad-request"


def test_an_input_without_a_file_and_files_without_end(launcher, tmp_path):
    with spoken(launcher.path, "run", NOW) as wire:
        assert heard(wire)[0] == "go"
        wire.say("input", b"a")
        with contextlib.suppress(WireError):
            assert heard(wire) is None
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with (tmp_path / "file").open("w+b") as file, spoken(launcher.path, "run", NOW) as wire:
        assert heard(wire)[0] == "go"
        with contextlib.suppress(OSError):
            for _ in range(20):
                socket.send_fds(wire.socket, [b"\0"], [file.fileno()] * 200)
        with contextlib.suppress(WireError):
            assert heard(wire) is None
    assert wait(lambda: launcher.sessions() == 0)
    assert len(os.listdir("/proc/self/fd")) <= before  # noqa: PTH208
    assert launcher.boxes.ran == []


def test_a_file_that_shrinks_is_not_waited_for(launcher, tmp_path):
    """What `stat` promised and the file no longer has."""
    from bot.gateways import launcher_inputs

    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    descriptor = os.open(path, os.O_RDONLY)
    with pytest.raises(OSError, match="shorter"):
        launcher_inputs._copy(descriptor, tmp_path / "copy", 11)
    os.close(descriptor)


# --- what is left unsaid -----------------------------------------------------------------------------------------------------


def wait(what, seconds=10):
    until = time.monotonic() + seconds
    while not what() and time.monotonic() < until:
        time.sleep(0.01)
    return what()


@pytest.mark.parametrize(
    "said", [b"", HEADER.pack(20, 0), encode(VERSION, b""), encode(VERSION, b"") + HEADER.pack(3, 1000) + b"run"]
)
def test_who_says_nothing_more_is_hung_up_on(brief, said):
    with raw(brief.path) as connected:
        connected.sendall(said)
        assert ends(connected)


def test_a_byte_now_and_then_does_not_keep_a_connection(brief):
    with raw(brief.path) as connected:
        stop = time.monotonic() + 8
        with contextlib.suppress(ConnectionError):
            for byte in encode(VERSION, b"") + encode("run", b" " * 10**6):
                if time.monotonic() > stop:
                    pytest.fail("it still listens")
                connected.sendall(struct.pack("B", byte))
                time.sleep(0.05)


def test_who_brings_no_input_gives_its_place_back(brief):
    with spoken(brief.path, "run", run_request()) as wire:
        assert heard(wire)[0] == "go"
        with contextlib.suppress(WireError):
            heard(wire)
        assert wait(lambda: brief.sessions() == 0)
    assert list((brief.folder / "inputs").iterdir()) == []


def test_a_word_during_the_run_ends_it(launcher):
    with spoken(launcher.path, "run", run_request()) as wire:
        assert heard(wire)[0] == "go"
        begin(wire)
        assert launcher.boxes.started.acquire(timeout=5)
        wire.say("images", b"{}")
        assert launcher.boxes.ended.acquire(timeout=5)


class Generous(FakeBoxes):
    """Hands out far more than a socket holds."""

    def __init__(self):
        super().__init__()
        self.handed = 0
        self.over = threading.Event()

    def run(self, job, inputs, limits, take, *, image="onnx-torch", whose="", leash=None):
        def chunks():
            for _ in range(400):
                self.handed += 65536
                yield bytes(65536)

        try:
            take("findings", chunks(), 400 * 65536)
        finally:
            self.over.set()


def test_who_does_not_read_holds_up_its_own_box_alone_and_not_for_ever():
    boxes = Generous()
    ceilings = Ceilings(spare_seconds=0.5)
    request = NOW | {"limits": LIMITS | {"seconds": 1}}
    with launched(boxes, ceilings) as made, spoken(made.path, "run", request) as wire:
        assert heard(wire)[0] == "go"
        begin(wire, "static")
        assert made.client().images()
        assert boxes.over.wait(10)
        assert wait(lambda: made.sessions() == 0)
    assert boxes.handed < 100 * 65536


def test_thousands_of_connections_leave_a_launcher_that_serves():
    with launched(ceilings=Ceilings(connections=32, request_seconds=1.0)) as made:
        for _ in range(30):
            held = []
            for _ in range(100):
                connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                connected.settimeout(0)
                with contextlib.suppress(BlockingIOError):
                    connected.connect(str(made.path))
                held.append(connected)
            assert made.sessions() <= 32
            for connected in held:
                connected.close()
        assert made.client(knock_seconds=10).images() == {"onnx-torch": "sha256:fake"}
        assert wait(lambda: made.sessions() == 0)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("launcher")]
