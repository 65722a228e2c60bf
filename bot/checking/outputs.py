"""The tensors that one box handed out, by run and by the output's index in the RDF, and what is said of the runs. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Json
    from bot.records.blob import Blob

TEST = "test"
"""The run on the test inputs; its frames are called `tensor-<i>`."""
FURTHER = ("again", "flipped", "noised", "smallest", "stepped")
"""The further runs in the order in which a box makes them (`.github/BOXES.md`)."""
COMPARED = (TEST, "flipped", "noised")
"""Runs whose inputs are the same for every weight format."""
_FRAME = re.compile(rf"(tensor|{'|'.join(FURTHER)})-([0-9]{{1,2}})")

Outputs = Mapping[str, Mapping[int, str]]
"""Blobs, as sha256."""


def outputs(frames: Mapping[str, Blob]) -> dict[str, dict[int, str]]:
    """Of the frames that came whole."""
    found: dict[str, dict[int, str]] = {}
    for name, blob in frames.items():
        match = _FRAME.fullmatch(name)
        if match:
            run = TEST if match[1] == "tensor" else match[1]
            found.setdefault(run, {})[int(match[2])] = blob.sha256
    return found


def unmade(made: Outputs) -> tuple[str, ...]:
    """The further runs after the last that came whole, in their order."""
    whole = [run for run in FURTHER if made.get(run, {}).keys() == made.get(TEST, {}).keys()]
    return FURTHER[FURTHER.index(whole[-1]) + 1 :] if whole else FURTHER


@dataclass(frozen=True)
class Tested:
    """One weight format's part of the report, and what a comparison with other formats needs."""

    weights: Json
    outputs: Outputs

    @property
    def comparable(self) -> bool:
        """It ran, and there is something to compare."""
        return self.weights["runs"]["outcome"] == "passed" and bool(self.outputs.get(TEST))

    def blobs(self) -> list[str]:
        """What a later comparison must still find in the cache."""
        return [sha256 for run in COMPARED for sha256 in self.outputs.get(run, {}).values()]

    def as_json(self) -> Json:
        """For the shelf."""
        return {"weights": self.weights, "outputs": self.outputs}

    @classmethod
    def from_json(cls, value: Json) -> Tested:
        """From the shelf; JSON has no numbers as keys."""
        runs = value["outputs"].items()
        return cls(value["weights"], {run: {int(index): blob for index, blob in by.items()} for run, by in runs})
