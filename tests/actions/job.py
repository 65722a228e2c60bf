"""One job on its machine: its steps in their order, `run:` in bash, `uses:` played; what each step was given is kept."""

from __future__ import annotations

import secrets
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tests.actions.expressions import Strict, UnknownError, as_text, condition, fill
from tests.actions.played import FailedError, play

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.actions.machine import Place
    from tests.actions.run import Run

STEP_KEYS = {"id", "if", "name", "uses", "with", "run", "env", "shell"}
SECONDS = 120


@dataclass(frozen=True)
class Step:
    """What one `run:` was given, and what it said."""

    job: str
    text: str
    environment: Mapping[str, str]
    code: int
    out: str
    error: str
    seconds: float


@dataclass
class JobRun:
    """`name` is the job's, with its place in a matrix."""

    run: Run
    name: str
    place: Place
    token: str
    contexts: dict[str, Any]
    environment: dict[str, str]
    status: str = "success"
    checked_out: list[tuple[str, str]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def play(self, steps: list[Mapping[str, Any]], contexts: dict[str, Any]) -> None:
        """All steps; after one that failed only those that ask for it."""
        contexts["steps"] = Strict()
        for index, step in enumerate(steps):
            if strange := set(step) - STEP_KEYS:
                raise UnknownError(f"{strange} in a step of {self.name}")
            name = str(step.get("id") or f"step-{index}")
            contexts["steps"][name] = {"outputs": {}}
            if condition(step.get("if", "true"), contexts, self.status):
                try:
                    contexts["steps"][name]["outputs"] = self._step(step, contexts)
                except FailedError as failure:
                    self.run.hub.failures.append((self.name, str(failure)))
                    self.status = "failure"

    def _step(self, step: Mapping[str, Any], contexts: dict[str, Any]) -> Mapping[str, str]:
        added = {name: as_text(fill(value, contexts)) for name, value in (step.get("env") or {}).items()}
        if "run" in step:
            return self._bash(step, contexts, added)
        given = {name: fill(value, contexts) for name, value in (step.get("with") or {}).items()}
        uses = str(step["uses"])
        return self._composite(uses, given) if uses.startswith("./") else play(self, uses, given)

    def _composite(self, uses: str, given: Mapping[str, Any]) -> Mapping[str, str]:
        """An action made of steps, from the files in the workspace."""
        action = YAML(typ="safe", pure=True).load((self.place.workspace / uses / "action.yml").read_text())
        declared = action.get("inputs") or {}
        if strange := set(given) - set(declared):
            raise UnknownError(f"inputs {strange} of {uses}")
        inputs = Strict({name: given.get(name, (one or {}).get("default", "")) for name, one in declared.items()})
        inside = {**self.contexts, "inputs": inputs}
        self.play(action["runs"]["steps"], inside)
        outputs = action.get("outputs") or {}
        return {name: as_text(fill(one["value"], inside)) for name, one in outputs.items()}

    def _bash(self, step: Mapping[str, Any], contexts: dict[str, Any], added: Mapping[str, str]) -> Mapping[str, str]:
        text = str(step["run"])
        if "${{" in text:
            raise UnknownError(f"an expression inside a script of {self.name}: pass it through env")
        outputs = self.place.temp / f"output-{secrets.token_hex(4)}"
        outputs.touch()
        environment = {**self.environment, **added, "GITHUB_OUTPUT": str(outputs)}
        script = self.place.temp / f"step-{secrets.token_hex(4)}.sh"
        script.write_text(text)
        flags = ["--noprofile", "--norc", "-eo", "pipefail"] if step.get("shell") == "bash" else ["-e"]
        began = time.monotonic()
        done = subprocess.run(
            ["bash", *flags, str(script)], cwd=self.place.workspace, env=environment, capture_output=True, text=True,
            timeout=SECONDS, check=False,
        )  # fmt: skip
        self.steps.append(
            Step(self.name, text, environment, done.returncode, done.stdout, done.stderr, time.monotonic() - began)
        )
        if done.returncode:
            raise FailedError(f"{text.strip()[:80]}: {done.returncode}\n{done.stderr[-2000:]}")
        return _outputs(outputs)


def _outputs(path: Path) -> Mapping[str, str]:
    """`name=value` lines; the form with a delimiter is not used."""
    found = {}
    for line in path.read_text().splitlines():
        name, mark, value = line.partition("=")
        if not mark or "<<" in name:
            raise UnknownError(f"an output {line[:60]!r}")
        found[name] = value
    return found
