"""What the producing box says of one model: two answers and its evidence (`.github/BOXES.md`, `produced`)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflows.dynamic.outcome import skipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.dynamic.outcome import Outcome

NOT_LOADED = skipped("not tried: the weights did not load")
"""The answer to *runs* where *loads* did not pass."""


@dataclass(frozen=True)
class Production:
    """Whether the weights load and run; the tensors are `.npy` bytes by the output's index in the RDF."""

    loads: Outcome
    runs: Outcome = NOT_LOADED
    tensors: Mapping[int, bytes] = field(default_factory=dict)

    def frame(self, seconds: Mapping[str, float], versions: Mapping[str, str]) -> bytes:
        """The payload of the `produced` frame; `seconds` by part: import, load, first_run."""
        said = {
            "loads": self.loads.as_json(),
            "runs": self.runs.as_json(),
            "seconds": dict(seconds),
            "versions": dict(versions),
            "traceback": (self.loads.detail or self.runs.detail)[-8000:],
        }
        return json.dumps(said).encode()
