"""Commits, trees, files and diffs as JSON."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.world.github.dates import iso
from tests.world.github.gitdiff import FileChange, changes
from tests.world.github.shapes.urls import COMMIT, DIFF_ENTRY, FILE, fill
from tests.world.github.shapes.users import user

if TYPE_CHECKING:
    import pygit2

    from tests.world.github.core import Core
    from tests.world.github.git import Entry
    from tests.world.github.records import Repository

NOREPLY = re.compile(r"(?:\d+\+)?(?P<login>[^@]+)@users\.noreply\.github\.com")
UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}
DIFF_FILES = 300  # docs: commits and compare list at most 300 files on the first page


def who(person: pygit2.Signature) -> dict[str, str]:
    return {"name": person.name, "email": person.email, "date": iso(person.time)}


def account(core: Core, person: pygit2.Signature) -> dict[str, Any] | None:
    """The account behind a commit address; GitHub answers null for one it does not know."""
    match = NOREPLY.fullmatch(person.email)
    return user(core, match["login"]) if match and core.user(match["login"]) else None


def parents(core: Core, repo: Repository, commit: pygit2.Commit) -> list[dict[str, str]]:
    return [
        {key: value for key, value in links.items() if key != "comments_url"} | {"sha": links["url"][-40:]}
        for links in (fill(core.url, COMMIT, repo=repo.full_name, sha=str(oid)) for oid in commit.parent_ids)
    ]


def git_commit(core: Core, repo: Repository, sha: str) -> dict[str, Any]:
    """``git-commit``."""
    commit = core.git(repo).commit(sha)
    root = f"{core.url}/repos/{repo.full_name}"
    return {
        "sha": sha,
        "node_id": f"C_kwDO{repo.id:010d}_{sha}",
        "url": f"{root}/git/commits/{sha}",
        "html_url": f"{core.url}/{repo.full_name}/commit/{sha}",
        "author": who(commit.author),
        "committer": who(commit.committer),
        "message": commit.message,
        "tree": {"sha": str(commit.tree_id), "url": f"{root}/git/trees/{commit.tree_id}"},
        "parents": parents(core, repo, commit),
        "verification": UNSIGNED,
    }


def commit(core: Core, repo: Repository, sha: str) -> dict[str, Any]:
    """``commit`` as lists show it, without files."""
    found = core.git(repo).commit(sha)
    inner = git_commit(core, repo, sha)
    body = {key: inner[key] for key in ("author", "committer", "message", "tree", "url", "verification")}
    return fill(core.url, COMMIT, repo=repo.full_name, sha=sha) | {
        "sha": sha,
        "node_id": inner["node_id"],
        "commit": body | {"comment_count": 0},
        "author": account(core, found.author),
        "committer": account(core, found.committer),
        "parents": inner["parents"],
    }


def full_commit(core: Core, repo: Repository, sha: str) -> dict[str, Any]:
    found = core.git(repo).commit(sha)
    before = str(found.parent_ids[0]) if found.parent_ids else None
    files = changes(core.git(repo), before, sha)
    added, removed = sum(file.additions for file in files), sum(file.deletions for file in files)
    return commit(core, repo, sha) | {
        "stats": {"total": added + removed, "additions": added, "deletions": removed},
        "files": [diff_entry(core, repo, sha, file) for file in files[:DIFF_FILES]],
    }


def diff_entry(core: Core, repo: Repository, ref: str, change: FileChange) -> dict[str, Any]:
    data = fill(core.url, DIFF_ENTRY, repo=repo.full_name, ref=ref, path=quote(change.filename)) | {
        "sha": change.sha,
        "filename": change.filename,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
    }
    extra = {"patch": change.patch, "previous_filename": change.previous}
    return data | {name: value for name, value in extra.items() if value is not None}


def file(core: Core, repo: Repository, ref: str, entry: Entry) -> dict[str, Any]:
    """An item of a folder, or (with ``content`` added) a ``content-file``."""
    kind = entry.type
    links = fill(
        core.url, FILE, repo=repo.full_name, ref=ref, path=quote(entry.path), sha=entry.sha, kind=kind
    )  # fmt: skip
    raw = f"{core.url}/{repo.full_name}/raw/{ref}/{quote(entry.path)}" if kind == "blob" else None
    return links | {
        "type": "file" if kind == "blob" else "dir",
        "size": core.git(repo).size(entry.sha) if kind == "blob" else 0,
        "name": entry.path.rsplit("/", 1)[-1],
        "path": entry.path,
        "sha": entry.sha,
        "download_url": raw,
        "_links": {"self": links["url"], "git": links["git_url"], "html": links["html_url"]},
    }


INLINE_LIMIT = 1_000_000  # docs: Get repository content, files between 1 and 100 MB have an empty content


def full_file(core: Core, repo: Repository, ref: str, entry: Entry) -> dict[str, Any]:
    data = core.git(repo).blob(entry.sha)
    if len(data) > INLINE_LIMIT:
        return file(core, repo, ref, entry) | {"content": "", "encoding": "none"}
    return file(core, repo, ref, entry) | {"content": base64.encodebytes(data).decode(), "encoding": "base64"}
