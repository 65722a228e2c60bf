"""One run of a workflow: its jobs by what they need, matrices, called workflows, permissions, artifacts.

What the files use is known, everything else is a loud error (`UnknownError`), and so is what GitHub refuses before it starts.
"""

from __future__ import annotations

import itertools
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tests.actions.expressions import Strict, UnknownError, as_text, condition, fill
from tests.actions.job import JobRun
from tests.world.github.grants import LEVELS, PERMISSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.actions.hub import Hub

JOB_KEYS = {
    "name", "needs", "if", "runs-on", "timeout-minutes", "strategy", "permissions", "outputs", "env", "steps", "uses", "with",
    "secrets", "concurrency",
}  # fmt: skip
WORKFLOW_KEYS = {"name", "run-name", "on", "permissions", "jobs"}
SHA = "c0ffee" + "0" * 34


@dataclass
class Result:
    """What a job leaves to those that need it."""

    result: str
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Run:
    """`read` gives the text of a workflow file of the commit that the run belongs to."""

    hub: Hub
    number: int
    path: str
    event: str
    payload: Mapping[str, Any]
    inputs: Mapping[str, str]
    read: Callable[[str], str]
    sha: str
    trusted: bool = True
    """False for what a fork's pull request started: no secrets, and a token that reads."""
    artifacts: dict[str, Path] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    jobs: list[JobRun] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    """Concurrency groups that its jobs were in."""

    @property
    def folder(self) -> Path:
        return self.hub.machine.folder / f"run-{self.number}"

    @property
    def repository(self) -> str:
        return self.hub.repository

    @property
    def api(self) -> str:
        return self.hub.world.url

    @property
    def ref(self) -> str:
        return f"{self.repository}/{self.path}@refs/heads/main"

    def go(self) -> None:
        """Every job of the file, and of those it calls."""
        workflow = load(self.read(self.path))
        secrets_ = dict(self.hub.secrets) if self.trusted else {}
        contexts = {"inputs": self._given(workflow, "workflow_dispatch"), "secrets": secrets_}
        self._jobs(workflow, contexts, None, "")

    def said(self, job: str) -> Result:
        """What became of a job, by its name (`outer/inner` for one of a called workflow)."""
        return self.results[job]

    def _given(self, workflow: Mapping[str, Any], trigger: str) -> Strict:
        """Defaults are for who starts it so; by any other event nothing is given (docs: Contexts, `inputs`)."""
        declared = ((workflow["on"].get(trigger) or {}).get("inputs") or {}) if isinstance(workflow["on"], dict) else {}
        started = self.event == trigger
        return Strict(
            {
                name: self.inputs.get(name, (one or {}).get("default", "")) if started else ""
                for name, one in declared.items()
            }
        )

    def _jobs(
        self, workflow: Mapping[str, Any], outer: Mapping[str, Any], most: Mapping[str, str] | None, prefix: str
    ) -> dict[str, Result]:
        """`most` is what the calling job may at most; GitHub refuses a file that asks for more, whether the job runs or not."""
        default = workflow.get("permissions")
        jobs = workflow["jobs"]
        allowed = {
            name: _permissions(job.get("permissions", default), most, prefix + name) for name, job in jobs.items()
        }
        results: dict[str, Result] = {}
        for name in _order(jobs):
            job = jobs[name]
            needs = _list(job.get("needs"))
            contexts = {
                **outer,
                "github": self._github(""),
                "vars": dict(self.hub.variables),
                "needs": Strict(
                    {one: {"result": results[one].result, "outputs": results[one].outputs} for one in needs}
                ),
            }
            if not condition(job.get("if", "true"), contexts, _status(results, _ancestors(jobs, name))):
                results[name] = self.results[prefix + name] = Result("skipped")
                continue
            if "concurrency" in job:
                self.groups.append(as_text(fill(job["concurrency"]["group"], contexts)))
            results[name] = self.results[prefix + name] = self._job(prefix + name, job, contexts, allowed[name])
        return results

    def _job(self, name: str, job: Mapping[str, Any], contexts: dict[str, Any], allowed: Mapping[str, str]) -> Result:
        if "uses" in job:
            return self._called(name, job, contexts, allowed)
        runs = [self._one(name, job, contexts, allowed, chosen) for chosen in _matrix(job, contexts)]
        bad = any(one.status != "success" for one, _ in runs)
        return Result("failure" if bad else "success", runs[-1][1] if runs else {})

    def _called(
        self, name: str, job: Mapping[str, Any], contexts: dict[str, Any], allowed: Mapping[str, str]
    ) -> Result:
        uses = str(job["uses"])
        workflow = load(self.hub.called(uses, self.read))
        declared = workflow["on"]["workflow_call"]
        given = {key: fill(value, contexts) for key, value in (job.get("with") or {}).items()}
        if strange := set(given) - set(declared["inputs"]):
            raise UnknownError(f"inputs {strange} of {uses}")
        inputs = Strict()
        for key, one in declared["inputs"].items():
            if one.get("required") and key not in given:
                raise UnknownError(f"the input {key} of {uses} is required")
            value = given.get(key, one.get("default"))
            inputs[key] = value if one["type"] == "boolean" else as_text(value)
            if one["type"] == "boolean" and not isinstance(value, bool):
                raise UnknownError(f"the input {key} of {uses} is {value!r} and no boolean")
        handed = {key: fill(value, contexts) for key, value in (job.get("secrets") or {}).items()}
        if strange := set(handed) - set(declared.get("secrets") or {}):
            raise UnknownError(f"secrets {strange} of {uses}")
        inner = {"inputs": inputs, "secrets": {key: value for key, value in handed.items() if value}}
        results = self._jobs(workflow, inner, allowed, f"{name}/")
        bad = any(one.result == "failure" for one in results.values())
        return Result("failure" if bad else "success")

    def _one(
        self, name: str, job: Mapping[str, Any], contexts: dict[str, Any], allowed: Mapping[str, str], chosen: Any
    ) -> tuple[JobRun, Mapping[str, str]]:
        place = self.hub.machine.place(f"{self.number}-{name.replace('/', '-')}-{secrets.token_hex(3)}")
        grants = allowed if self.trusted else {key: "read" for key, level in allowed.items() if level != "none"}
        token = self.hub.token(grants)
        here = {
            **contexts,
            "github": self._github(token),
            "runner": {"temp": str(place.temp)},
            "job": {"workflow_repository": self.repository, "workflow_sha": self.sha},
            "matrix": Strict(chosen),
        }
        added = {key: as_text(fill(value, here)) for key, value in (job.get("env") or {}).items()}
        environment = self.hub.machine.environment(place) | self._variables(place.temp) | added
        running = JobRun(self, name, place, token, here, environment)
        self.jobs.append(running)
        running.play(job["steps"], here)
        self.hub.after(running)
        outputs = {key: as_text(fill(value, here)) for key, value in (job.get("outputs") or {}).items()}
        return running, outputs

    def _github(self, token: str) -> dict[str, Any]:
        return Strict(
            {
                "api_url": self.api,
                "event": dict(self.payload),
                "event_name": self.event,
                "repository": self.repository,
                "run_id": self.number,
                "token": token,
                "workflow_ref": self.ref,
            }
        )

    def _variables(self, temp: Path) -> dict[str, str]:
        event = temp / "event.json"
        event.write_text(json.dumps(self.payload))
        return {
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_RUN_ID": str(self.number),
            "GITHUB_SHA": self.sha,
            "GITHUB_WORKFLOW_REF": self.ref,
        }


def load(text: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    if strange := set(found) - WORKFLOW_KEYS:
        raise UnknownError(f"{strange} in a workflow")
    for name, job in found["jobs"].items():
        if strange := set(job) - JOB_KEYS:
            raise UnknownError(f"{strange} in the job {name}")
    return found


def _permissions(declared: Any, most: Mapping[str, str] | None, name: str) -> Mapping[str, str]:
    if not isinstance(declared, dict):
        raise UnknownError(f"{name} declares no permissions")
    if strange := set(declared) - set(PERMISSIONS):
        raise UnknownError(f"permissions {strange} of {name}")
    for key, level in declared.items():
        if most is not None and LEVELS.index(level) > LEVELS.index(most.get(key, "none")):
            raise UnknownError(f"{name} asks for {key}: {level}, and its caller allows {most.get(key, 'none')}")
    return dict(declared)


def _order(jobs: Mapping[str, Any]) -> Iterator[str]:
    """Those that need nothing first; a circle is an error."""
    left, done = dict(jobs), set()
    while left:
        ready = [name for name, job in left.items() if set(_list(job.get("needs"))) <= done]
        if not ready:
            raise UnknownError(f"jobs that need each other: {sorted(left)}")
        for name in ready:
            yield name
            done.add(name)
            del left[name]


def _list(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _ancestors(jobs: Mapping[str, Any], name: str) -> set[str]:
    """All that a job needs, directly or not: GitHub skips a job whose ancestor was skipped, unless it asks for a status."""
    direct = set(_list(jobs[name].get("needs")))
    return direct.union(*(_ancestors(jobs, one) for one in direct))


def _status(results: Mapping[str, Result], needed: set[str]) -> str:
    """One that was skipped is no failure, and no success either."""
    found = {results[one].result for one in needed}
    return "failure" if "failure" in found else "skipped" if "skipped" in found else "success"


def _matrix(job: Mapping[str, Any], contexts: Mapping[str, Any]) -> list[dict[str, Any]]:
    strategy = job.get("strategy")
    if strategy is None:
        return [{}]
    if strategy.get("fail-fast") is not False:
        raise UnknownError("a matrix whose first failure ends the others")
    lists = {name: fill(values, contexts) for name, values in strategy["matrix"].items()}
    return [dict(zip(lists, chosen, strict=True)) for chosen in itertools.product(*lists.values())]
