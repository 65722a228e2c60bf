"""Whether a workflow is on: it is disabled by somebody, or by GitHub where a public repository was quiet for 60 days."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.world.github.errors import not_found
from tests.world.github.records import Repository, Workflow

if TYPE_CHECKING:
    from tests.world.github.core import Core

FOLDER = ".github/workflows"


def find_workflow(core: Core, repo: Repository, file: str) -> Workflow:
    """By the name of its file on the default branch."""
    git = core.git(repo)
    tip = git.branch(repo.default_branch)
    if tip is None or git.entry(tip, f"{FOLDER}/{file}") is None:
        raise not_found()
    known = [one for one in core.store.group(Workflow, repo.key) if one.file == file]
    return known[0] if known else _new(core, repo, file)


def _new(core: Core, repo: Repository, file: str) -> Workflow:
    number = core.store.next_id("workflow", 500001)
    return core.store.put(Workflow(number, repo.full_name, file, repo.created, repo.created))


def set_workflow(core: Core, repo: Repository, file: str, state: str) -> Workflow:
    """Also where it is so already: its time moves on (https://github.com/opentofu/registry-ui/pull/270)."""
    return core.store.put(replace(find_workflow(core, repo, file), state=state, updated=core.now()))
