"""`accession work` as it is, but for its boxes: python -m tests.fakes.work_node FOLDER LEASE. Started by `work_nodes`.

What the boxes do is written in the RDF: `sleep N` takes so long, `sleep N on IMAGE` on that one alone, `kill` ends the
whole process. Closed, they end what they run, as real ones do, and whoever waited for them is waited for before the process ends.
What was described is in the folder, in `ran`, each with its image. `ACCESSION_TEST_IMAGE` names what the worker runs on,
`ACCESSION_TEST_CPUS` how much room there is; a file `image` in the folder replaces the image of all.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

from bot import cli, work_consumer
from bot.checking.bench import Bench
from bot.checking.blob_cache import BlobCache
from bot.checking.evidence import Evidence
from bot.checking.json_shelf import JsonShelf
from bot.gateways.boxes_places import closed
from bot.gateways.work_engine import WorkEngine
from bot.records.box import Machine
from tests.fakes.boxes import FakeBoxes
from tests.fakes.clock import FakeClock
from tests.fakes.web import FakeWeb


class Boxes(FakeBoxes):
    def __init__(self, folder):
        self.folder = folder
        self.closing = threading.Event()
        super().__init__(os.environ.get("ACCESSION_TEST_IMAGE", "sha256:fake"))
        self.room = Machine(cpus=int(os.environ.get("ACCESSION_TEST_CPUS", "8")), memory_bytes=64 * 1024**3)

    @property
    def image(self):
        """What was replaced under a running worker lies in the folder."""
        replaced = self.folder / "image"
        return replaced.read_text() if replaced.exists() else self.first

    @image.setter
    def image(self, image):
        self.first = image

    def run(self, job, inputs, limits, take, **more):
        said = b"".join(path.read_bytes() for path in inputs.values())
        if job["verb"] == "describe":
            with (self.folder / "ran").open("ab") as file:
                file.write(f"on {self.image}: ".encode() + said.replace(b"\n", b" ") + b"\n")
            slow = re.search(rb"sleep ([0-9.]+)(?: on ([a-z0-9:]+))?", said)
            mine = slow and (slow.group(2) or self.image.encode()) == self.image.encode()
            if mine and self.closing.wait(float(slow.group(1))):
                raise closed()
            if b"kill" in said:
                os.kill(os.getpid(), signal.SIGKILL)
        return super().run(job, inputs, limits, take, **more)

    def close(self):
        self.closing.set()
        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join()


@contextmanager
def open_bench(_settings):
    made = bench(Path(sys.argv[1]))
    try:
        yield made
    finally:
        made.boxes.close()


def bench(folder):
    own = folder / f"node-{os.getpid()}"
    cache = BlobCache(own, quota_bytes=10**9)
    evidence = Evidence(own / "evidence", quota_bytes=10**9)
    return Bench(cache, JsonShelf(own / "facts"), FakeWeb(), Boxes(folder), FakeClock(), evidence, b"secret")


def engine(url, **more):
    return WorkEngine(url, **more | {"lease": float(sys.argv[2])})


if __name__ == "__main__":
    work_consumer.open_bench = open_bench
    work_consumer.open_work_engine = engine
    work_consumer.STOP_SECONDS = 2.0
    sys.exit(cli.main(["work"]))
