"""What tests of the launcher share: one that listens, with boxes that behave, and a client that says whatever it likes."""

import shutil
import socket
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

from bot.gateways.boxes_frames import encode
from bot.gateways.launcher_client import LauncherBoxes
from bot.gateways.launcher_forms import Ceilings
from bot.gateways.launcher_server import LauncherServer
from bot.gateways.launcher_session import Bay
from bot.gateways.launcher_slots import Slots
from bot.gateways.launcher_wire import VERSION, Wire
from bot.plain_json import dumps
from bot.records.box import BoxEnd, BoxLimits, BoxRun
from tests.fakes.boxes import FakeBoxes
from tests.fakes.builder import FakeBuilder

LIMITS = {
    "seconds": 30,
    "memory_bytes": 512 * 1024**2,
    "pids": 64,
    "cpus": 1,
    "output_bytes": 64 * 1024**2,
    "scratch_bytes": 64 * 1024**2,
}
BOX_LIMITS = BoxLimits(**LIMITS)


class LongBoxes(FakeBoxes):
    """A box of the verb `compare` runs until its leash is cut; `started` and `ended` count them."""

    def __init__(self):
        super().__init__()
        self.started = threading.Semaphore(0)
        self.ended = threading.Semaphore(0)

    def run(self, job, inputs, limits, take, *, image="onnx-torch", whose="", leash=None):
        if job["verb"] != "compare":
            return super().run(job, inputs, limits, take, image=image, whose=whose, leash=leash)
        end = threading.Event()
        leash.tie(end.set)
        self.started.release()
        end.wait(20)
        self.ended.release()
        return BoxRun(BoxEnd.FAILED, 137, 0.0, "")


class Launched:
    """A launcher that listens in a folder of its own."""

    def __init__(self, folder, boxes, ceilings, path=None):
        self.folder = folder
        self.boxes = boxes
        self.builder = FakeBuilder()
        self.path = path or folder / "run" / "launcher.sock"
        slots = Slots(ceilings, boxes.machine())
        bay = Bay(boxes, self.builder, lambda it: it in self.builder.images.values(), folder / "inputs", slots)
        self.server = LauncherServer(self.path, bay)
        self._thread = threading.Thread(target=self.server.serve, name="launcher")
        self._thread.start()

    def client(self, **more):
        return LauncherBoxes(self.path, **({"knock_seconds": 0} | more))

    def sessions(self):
        return len(self.server._sessions)

    def close(self):
        self.server.close()
        self._thread.join()


@contextmanager
def launched(boxes=None, ceilings=None, folder=None):
    """In a short path of its own, because a socket's may not be long; a `folder` that is given stays its owner's to remove."""
    own = None if folder else Path(tempfile.mkdtemp(prefix="launcher-"))
    made = Launched(folder or own, boxes or FakeBoxes(), ceilings or Ceilings())
    try:
        yield made
    finally:
        made.close()
        if own is not None:
            shutil.rmtree(own)


@contextmanager
def raw(path, seconds=10):
    """A connection without manners."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connected:
        connected.settimeout(seconds)
        connected.connect(str(path))
        yield connected


@contextmanager
def spoken(path, name, body=None, seconds=10):
    """A client that has greeted and asked, and may go on as it likes."""
    with raw(path) as connected:
        connected.sendall(encode(VERSION, b"") + encode(name, dumps(body or {}).encode()))
        yield Wire(connected, limit=1 << 40, seconds=seconds)


def heard(wire):
    """The next message, or None at the end of the talk."""
    head = wire.head()
    return None if head is None else (head.name, wire.body(head.size))


def run_request(**more):
    return {"verb": "compare", "limits": LIMITS, "image": "onnx-torch", "whose": ""} | more


def begin(wire, verb="compare"):
    """After all inputs: the box may start."""
    wire.say("begin", dumps({"verb": verb}).encode())
