"""What the producing box says of one model: two answers and its evidence (`.github/BOXES.md`, `produced`)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflows.dynamic.outcome import failed, passed, skipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflows.dynamic.outcome import Outcome

NOT_LOADED = skipped("not tried: the weights did not load")
"""The answer to *runs* where *loads* did not pass."""


@dataclass(frozen=True)
class Production:
    """Whether the weights load and run; the tensors are `.npy` bytes by the output's index in the RDF."""

    loads: Outcome
    runs: Outcome = NOT_LOADED
    tensors: Mapping[int, bytes] = field(default_factory=dict)

    def frame(self, seconds: Mapping[str, float], versions: Mapping[str, str], warnings: Sequence[str] = ()) -> bytes:
        """The payload of the `produced` frame; `seconds` by part: import, load, first_run."""
        said = {
            "loads": self.loads.as_json(),
            "runs": self.runs.as_json(),
            "seconds": dict(seconds),
            "versions": dict(versions),
            "warnings": list(warnings),
            "traceback": (self.loads.detail or self.runs.detail)[-8000:],
        }
        return json.dumps(said).encode()


def ran(tensors: Mapping[str, bytes | None], seconds: float) -> Outcome:
    """The answer after a run that raised nothing, by output name: it still may lack outputs."""
    missing = [name for name, tensor in tensors.items() if tensor is None]
    if not missing:
        return passed(f"ran in {seconds:.2f} s")
    names = ", ".join(f"`{name}`" for name in missing)
    return failed(f"the model gave {len(tensors) - len(missing)} of {len(tensors)} declared outputs; missing: {names}")


def by_index(tensors: Mapping[str, bytes | None]) -> dict[int, bytes]:
    """The tensors that came out, by the output's index in the RDF."""
    return {index: tensor for index, tensor in enumerate(tensors.values()) if tensor is not None}
