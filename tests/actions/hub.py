"""GitHub Actions around the local world: which event starts which workflow, from which commit, with which secrets."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.actions.expressions import UnknownError
from tests.actions.machine import ROOT
from tests.actions.run import Run, load
from tests.world.github import GitHubWorld
from tests.world.github.grants import in_workflows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.actions.job import JobRun
    from tests.actions.machine import Machine

FOLDER = ".github/workflows"
BOT = "OWNER/accession"
"""The bot's own repository, where somebody else's workflow calls it."""


class Told(GitHubWorld):
    """The world, keeping the payload of every event that starts workflows."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.told: list[tuple[str, str | None, dict[str, Any]]] = []

    def happened(
        self, repo: str, event: str, action: str | None, actor: tuple[str, str], payload: dict[str, Any], **detail: Any
    ) -> None:
        super().happened(repo, event, action, actor, payload, **detail)
        if self.events[-1].started_workflows:
            full = {"action": action, "repository": {"full_name": repo, "default_branch": "main"}} | payload
            self.told.append((event, action, full))


@dataclass
class Hub:
    world: Told
    repository: str
    machine: Machine
    secrets: Mapping[str, str]
    variables: Mapping[str, str]
    tokens: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    cache: dict[str, Path] = field(default_factory=dict)
    cached_by: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    """Steps that failed, with what they said."""
    after: Callable[[JobRun], None] = lambda _job: None
    """Called after each job, for a test that plays one whose machine was taken over."""

    def token(self, grants: Mapping[str, str]) -> str:
        """A fresh one for a job, as narrow as its permissions."""
        made = f"ghs_{secrets.token_hex(18)}"
        self.tokens.append(made)
        self.world.add_token("github-actions[bot]", made, kind="actions", permissions=in_workflows(grants))
        return made

    def schedule(self, name: str, cron: str) -> Run:
        """The clock strikes for one of the workflow's schedules."""
        read = self._reader("main")
        crons = [one["cron"] for one in load(read(f"{FOLDER}/{name}"))["on"]["schedule"]]
        if cron not in crons:
            raise UnknownError(f"{name} has no schedule {cron}")
        return self._go(
            name, "schedule", {"schedule": cron, "repository": {"default_branch": "main"}}, {}, read, "main"
        )

    def start(self, name: str, **inputs: str) -> Run:
        """Somebody starts a workflow by hand."""
        payload = {"inputs": inputs, "repository": {"default_branch": "main"}}
        return self._go(name, "workflow_dispatch", payload, inputs, self._reader("main"), "main")

    def drain(self, *, most: int = 12) -> list[Run]:
        """Everything that was told, and what that leads to."""
        begun = len(self.runs)
        for _ in range(most):
            if not self.world.told:
                return self.runs[begun:]
            self._event(*self.world.told.pop(0))
        raise AssertionError(f"no end after {most} events: {self.world.told[:3]}")

    def called(self, uses: str, read: Callable[[str], str]) -> str:
        """The text of a called workflow: of the same commit, or of the bot's own repository at a commit."""
        if uses.startswith("./"):
            return read(uses.removeprefix("./"))
        path, _, ref = uses.partition("@")
        if not path.startswith(f"{BOT}/") or len(ref) != 40:
            raise UnknownError(f"the workflow {uses}")
        return (ROOT / path.removeprefix(f"{BOT}/")).read_text()

    def _event(self, event: str, action: str | None, payload: dict[str, Any]) -> None:
        if event == "workflow_dispatch":
            name = payload["workflow"].rpartition("/")[2]
            self._go(name, event, payload, payload["inputs"], self._reader("main"), "main")
            return
        branch, trusted = "main", True
        if event.startswith("pull_request"):  # of the pull request's own files
            pull = payload["pull_request"]
            trusted = pull["head"]["repo"]["full_name"] == self.repository
            branch = pull["head"]["sha"]
        read = self._reader(branch)
        for name in self._names(branch):
            if _starts(load(read(f"{FOLDER}/{name}")), event, action):
                self._go(name, event, payload, {}, read, branch, trusted=trusted)

    def _go(
        self,
        name: str,
        event: str,
        payload: Mapping[str, Any],
        inputs: Mapping[str, str],
        read: Callable[[str], str],
        branch: str,
        *,
        trusted: bool = True,
    ) -> Run:
        sha = self._commit(branch)
        run = Run(self, len(self.runs) + 1, f"{FOLDER}/{name}", event, payload, inputs, read, sha, trusted)
        self.runs.append(run)
        run.go()
        return run

    def _commit(self, branch: str) -> str:
        git = self.world.git(self.repository)
        return git.branch(branch) or branch

    def _reader(self, branch: str) -> Callable[[str], str]:
        git, tip = self.world.git(self.repository), self._commit(branch)

        def read(path: str) -> str:
            entry = git.entry(tip, path)
            if entry is None:
                raise UnknownError(f"there is no {path} at {branch}")
            return git.blob(entry.sha).decode()

        return read

    def _names(self, branch: str) -> list[str]:
        git = self.world.git(self.repository)
        folder = git.entry(self._commit(branch), FOLDER)
        return [entry.path for entry in git.listing(folder.sha)] if folder else []


def _starts(workflow: Mapping[str, Any], event: str, action: str | None) -> bool:
    triggers = workflow["on"]
    if isinstance(triggers, str | list):
        return event in ([triggers] if isinstance(triggers, str) else triggers)
    if event not in triggers:
        return False
    types = (triggers[event] or {}).get("types")
    return action in types if types else True
