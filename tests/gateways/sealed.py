"""What tests of sealed boxes share."""

import json

from bot.gateways.boxes_container import OWNER_LABEL
from bot.records.box import BoxLimits

MIB = 1024**2
LIMITS = BoxLimits(seconds=30, memory_bytes=512 * MIB, pids=64, cpus=1, output_bytes=64 * MIB, scratch_bytes=64 * MIB)


class Taken(dict):
    """Frames as they were handed out."""

    def __call__(self, name, chunks, size):
        self[name] = b"".join(chunks)
        assert len(self[name]) == size

    def found(self):
        return json.loads(self["produced"])


def ours(engine, boxes):
    """Boxes that are there when everything that ran has been removed."""
    boxes.settle()
    return engine.containers(all=True, filters={"label": f"{OWNER_LABEL}={boxes.owner}"})


def waiting(boxes, limits=LIMITS):
    """One that waits, ready."""
    (future,) = boxes.warm.prewarm(boxes.kind("produce", limits))
    return future.result()
