"""Rebuild `collection.json` on the publish branch: one commit for any number of merges, none when nothing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.digests import blob_sha
from bot.errors import GatewayError
from bot.publishing.collection import PATH, collection
from bot.publishing.read_entries import entries, hidden
from bot.publishing.refused import refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.github_port import GitHub
    from bot.ports import Store
    from bot.records.github import TreeFile

_TRIES = 3

log = structlog.get_logger()


def build_collection(github: GitHub, store: Store, name: str, branch: str) -> str | None:
    """The sha of the publishing commit, None when the file stood already as it should. Tries again when somebody was faster.

    Raises `GatewayError`: `publish-race`, or `branch-protected` where the branch stood still and yet took no commit.
    """
    tips: list[str | None] = []
    for _ in range(_TRIES):
        base = github.ref(f"heads/{github.default_branch()}") or ""
        files = {file.path: file for file in github.folder(base, "collection")}
        found = entries(github, store, files)
        content = collection(name, found, hidden(github, files.values()))
        standing = _standing(github, files, branch)
        if standing == blob_sha(content) or not (standing or found):
            return None
        message = f"Publish the collection\n\nFrom: {base}\n"
        commit = github.put_file(branch=branch, path=PATH, content=content, message=message, old=standing)
        if commit:
            log.info("collection_published", commit=commit, source=base)
            return commit
        tips.append(github.ref(f"heads/{branch}"))
    if len(set(tips[1:])) == 1:
        raise refused(branch, "collection.json", "publish to a branch of its own (`publish_branch` in accession.yaml)")
    raise GatewayError(
        "The collection's branch keeps moving; it is published by the next run.", reason="publish-race", transient=True
    )


def _standing(github: GitHub, files: Mapping[str, TreeFile], branch: str) -> str | None:
    """Git blob sha of the published file; no request of its own where it is published to the base branch."""
    if branch == github.default_branch():
        return files[PATH].sha if PATH in files else None
    found = github.file(PATH, branch)
    return found[0] if found else None
