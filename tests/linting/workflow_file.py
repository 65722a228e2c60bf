"""A workflow or an action as the rules see it: its text, and what YAML 1.2 makes of it (`on` is a word, not a truth)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class WorkflowFile:
    name: str
    text: str

    @cached_property
    def data(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = YAML(typ="safe", pure=True).load(self.text)
        return found

    @property
    def workflow(self) -> bool:
        return "runs" not in self.data

    @property
    def triggers(self) -> set[str]:
        on = self.data.get("on", ())
        return {on} if isinstance(on, str) else set(on)

    @property
    def jobs(self) -> Mapping[str, Any]:
        return self.data.get("jobs") or {}

    def steps(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every step with where it stands."""
        places = {name: job.get("steps") or () for name, job in self.jobs.items()}
        places |= {} if self.workflow else {"runs": self.data["runs"].get("steps") or ()}
        for place, steps in places.items():
            for number, step in enumerate(steps, 1):
                yield f"{place}, step {number}", step


def here() -> list[WorkflowFile]:
    """Every workflow and every action of this repository, whoever wrote them."""
    github = ROOT / ".github"
    paths = [*github.glob("workflows/*.y*ml"), *github.glob("actions/**/action.y*ml"), *ROOT.glob("action.y*ml")]
    return [WorkflowFile(str(path.relative_to(ROOT)), path.read_text()) for path in sorted(paths)]
