"""Making repositories and forks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.world.github.git import GitRepository
from tests.world.github.records import Hook, Repository

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.world.github.auth import Actor
    from tests.world.github.core import Core

FIRST = 10001


def new_repository(
    core: Core, full_name: str, files: Mapping[str, bytes | str], *, private: bool = False
) -> Repository:
    """A repository with one commit on main."""
    owner, name = full_name.split("/")
    core.ensure_user(owner)
    git = GitRepository.create(_place(core, full_name))
    tree = git.write_files(None, files)
    git.set_ref("refs/heads/main", git.write_commit(tree, [], "Initial commit", core.person(owner)))
    now = core.now()
    return core.store.put(Repository(core.store.next_id("repository", FIRST), owner, name, now, now, private))


def fork(core: Core, source: Repository, owner: str, actor: Actor, name: str | None = None) -> Repository:
    """A fork; asking again answers the one there is. Objects are shared with the original, as on GitHub."""
    root = core.repository(source.parent) if source.parent else source
    for repo in core.network(root):
        if repo.owner.lower() == owner.lower():
            return repo
    core.ensure_user(owner)
    full_name = f"{owner}/{name or source.name}"
    path = _place(core, full_name)
    GitRepository.create(path)
    _share_objects(path, core.path(root.full_name))
    git = core.git(full_name)
    for ref, sha in core.git(source).refs("refs/heads/").items():
        git.set_ref(ref, sha)
    now, number = core.now(), core.store.next_id("repository", FIRST)
    made = core.store.put(Repository(number, owner, full_name.split("/")[1], now, now, source.private, root.full_name))
    from tests.world.github.shapes.repositories import minimal

    core.happened(source.full_name, "fork", None, actor.signed, {"forkee": minimal(core, made)})
    return made


def new_hook(core: Core, repo: Repository, url: str, secret: str, events: tuple[str, ...], actor: Actor) -> Hook:
    """Register a hook and send its ping."""
    from tests.world.github.shapes.hooks import hook

    number = core.store.next_id("hook", 400001)
    made = core.store.put(Hook(number, repo.full_name, url, secret, events, core.now()))
    payload = {"zen": "Design for failure.", "hook_id": made.id, "hook": hook(core, made)}
    core.hookshot.deliver(made, repo, "ping", None, payload)
    return made


def _place(core: Core, full_name: str) -> Path:
    path = core.path(full_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _share_objects(fork_path: Path, root: Path) -> None:
    objects = fork_path / "objects"
    for item in sorted(objects.rglob("*"), reverse=True):
        item.rmdir() if item.is_dir() else item.unlink()
    objects.rmdir()
    objects.symlink_to(os.path.relpath(root / "objects", fork_path))
