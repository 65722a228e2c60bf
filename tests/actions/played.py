"""The actions that the workflows use, played: what each does to folders, with the inputs that are known. Others are an error."""

from __future__ import annotations

import base64
import fnmatch
import shutil
from typing import TYPE_CHECKING, Any

from tests.actions.expressions import UnknownError
from tests.actions.machine import ship

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.actions.job import JobRun

    Played = Callable[[JobRun, Mapping[str, str]], Mapping[str, str]]


class FailedError(Exception):
    """The action says no; the step fails."""


def play(job: JobRun, uses: str, given: Mapping[str, Any]) -> Mapping[str, str]:
    """The outputs of an action."""
    name, _, ref = uses.partition("@")
    if name not in _PLAYED or len(ref) != 40:
        raise UnknownError(f"the action {uses}")
    known, played = _PLAYED[name]
    inputs = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in given.items()}
    if strange := set(inputs) - known:
        raise UnknownError(f"inputs {strange} of {uses}")
    return played(job, inputs)


def _checkout(job: JobRun, given: Mapping[str, str]) -> Mapping[str, str]:
    """The token goes into git's settings unless it is told not to, as the real one does."""
    job.checked_out.append((given.get("repository", job.run.repository), given.get("ref", job.run.sha)))
    ship(job.place.workspace)
    git = job.place.workspace / ".git"
    git.mkdir(exist_ok=True)
    kept = base64.b64encode(f"x-access-token:{job.token}".encode()).decode()
    header = "" if given.get("persist-credentials") == "false" else f"\textraheader = AUTHORIZATION: basic {kept}\n"
    (git / "config").write_text(f'[core]\n\tbare = false\n[http "{job.run.api}"]\n{header}')
    return {}


def _setup_python(_job: JobRun, _given: Mapping[str, str]) -> Mapping[str, str]:
    return {}


def _upload(job: JobRun, given: Mapping[str, str]) -> Mapping[str, str]:
    """Names are given away once a run; links are followed, so that plain files arrive."""
    source = job.place.workspace / given["path"]
    if not source.exists() or not any(path.is_file() for path in source.rglob("*")):
        if given.get("if-no-files-found") == "error":
            raise FailedError(f"No files were found with the provided path: {given['path']}")
        return {}
    if given["name"] in job.run.artifacts:
        raise FailedError("Conflict: an artifact with this name already exists on the workflow run")
    target = job.run.folder / "artifacts" / given["name"]
    shutil.copytree(source, target)
    job.run.artifacts[given["name"]] = target
    return {}


def _download(job: JobRun, given: Mapping[str, str]) -> Mapping[str, str]:
    """By name into the folder itself, by pattern into a folder for each."""
    target = job.place.workspace / given["path"]
    target.mkdir(parents=True, exist_ok=True)
    if "name" in given:
        if given["name"] not in job.run.artifacts:
            raise FailedError(f"Unable to download artifact(s): Artifact not found for name: {given['name']}")
        shutil.copytree(job.run.artifacts[given["name"]], target, dirs_exist_ok=True)
        return {}
    for name, source in job.run.artifacts.items():
        if fnmatch.fnmatchcase(name, given["pattern"]):
            inside = target if given.get("merge-multiple") == "true" else target / name
            shutil.copytree(source, inside, dirs_exist_ok=True)
    return {}


def _restore(job: JobRun, given: Mapping[str, str]) -> Mapping[str, str]:
    """The entry of that key, else the newest whose key begins with the other one."""
    kept, begin = job.run.hub.cache, given.get("restore-keys", "").strip()
    found = (
        given["key"]
        if given["key"] in kept
        else next((key for key in reversed(kept) if begin and key.startswith(begin)), None)
    )
    if found is not None:
        _copy(kept[found], job.place.workspace / given["path"])
    return {"cache-hit": "true" if found == given["key"] else ""}


def _save(job: JobRun, given: Mapping[str, str]) -> Mapping[str, str]:
    """An entry is never written over."""
    kept = job.run.hub.cache
    if given["key"] not in kept:
        target = job.run.hub.machine.folder / "cache" / f"entry-{len(kept)}"
        _copy(job.place.workspace / given["path"], target)
        kept[given["key"]] = target
    job.run.hub.cached_by.append(job.name)
    return {}


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copyfile(source, target)


_PLAYED: Mapping[str, tuple[set[str], Played]] = {
    "actions/checkout": ({"repository", "ref", "persist-credentials"}, _checkout),
    "actions/setup-python": ({"python-version"}, _setup_python),
    "actions/upload-artifact": ({"name", "path", "if-no-files-found", "retention-days"}, _upload),
    "actions/download-artifact": ({"name", "pattern", "path", "merge-multiple"}, _download),
    "actions/cache/restore": ({"path", "key", "restore-keys"}, _restore),
    "actions/cache/save": ({"path", "key"}, _save),
}
