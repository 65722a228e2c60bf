"""Repositories, branches, refs and workflows as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.world.github.dates import iso
from tests.world.github.records import Issue, Repository, Workflow
from tests.world.github.shapes.urls import REPOSITORY, fill
from tests.world.github.shapes.users import user

if TYPE_CHECKING:
    from tests.world.github.core import Core

FLAGS = {
    "has_issues": True,
    "has_projects": False,
    "has_wiki": False,
    "has_pages": False,
    "has_downloads": True,
    "has_discussions": False,
    "archived": False,
    "disabled": False,
    "is_template": False,
    "web_commit_signoff_required": False,
    "allow_forking": True,
}
COUNTS = ("size", "stargazers_count", "watchers_count", "watchers")
MERGING = {
    "allow_merge_commit": True,
    "allow_squash_merge": True,
    "allow_rebase_merge": True,
    "allow_auto_merge": False,
    "allow_update_branch": True,
    "delete_branch_on_merge": False,
}


def minimal(core: Core, repo: Repository) -> dict[str, Any]:
    """What lists and other resources embed (``minimal-repository``, ``repository``)."""
    forks = len(core.network(repo)) - 1
    waiting = sum(issue.state == "open" for issue in core.store.group(Issue, repo.key))
    return {
        **fill(core.url, REPOSITORY, repo=repo.full_name),
        **FLAGS,
        **dict.fromkeys(COUNTS, 0),
        "id": repo.id,
        "node_id": repo.node_id,
        "name": repo.name,
        "full_name": repo.full_name,
        "owner": user(core, repo.owner),
        "private": repo.private,
        "visibility": "private" if repo.private else "public",
        "description": None,
        "fork": repo.parent is not None,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "topics": [],
        "forks_count": forks,
        "forks": forks,
        "open_issues_count": waiting,
        "open_issues": waiting,
        "default_branch": repo.default_branch,
        "created_at": iso(repo.created),
        "updated_at": iso(repo.pushed),
        "pushed_at": iso(repo.pushed),
    }


def full(core: Core, repo: Repository, role: str | None) -> dict[str, Any]:
    """``full-repository``: what a single get answers."""
    data = minimal(core, repo) | MERGING | {"subscribers_count": 0, "network_count": len(core.network(repo)) - 1}
    if role is not None:
        data["permissions"] = permissions(role)
    if repo.parent:
        parent = minimal(core, core.repository(repo.parent))
        data |= {"parent": parent, "source": parent}
    return data


def permissions(role: str) -> dict[str, bool]:
    from tests.world.github.auth import LEVELS

    names = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
    have = LEVELS.index(role)
    return {name: have >= LEVELS.index(level) for name, level in names.items()}


def branch(core: Core, repo: Repository, name: str, sha: str) -> dict[str, Any]:
    """``short-branch``."""
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{core.url}/repos/{repo.full_name}/commits/{sha}"},
        "protected": name in repo.protected,
    }


def ref(core: Core, repo: Repository, name: str, sha: str) -> dict[str, Any]:
    """``git-ref``."""
    root = f"{core.url}/repos/{repo.full_name}/git"
    kind = core.git(repo).kind(sha) or "commit"
    return {
        "ref": name,
        "node_id": f"REF_kwDO{repo.id:010d}_{name}",
        "url": f"{root}/{name}",
        "object": {"type": kind, "sha": sha, "url": f"{root}/{kind}s/{sha}"},
    }


def workflow(core: Core, record: Workflow) -> dict[str, Any]:
    """``workflow``; named by its file here."""
    path = f".github/workflows/{record.file}"
    return {
        "id": record.id,
        "node_id": record.node_id,
        "name": record.file,
        "path": path,
        "state": record.state,
        "created_at": iso(record.created),
        "updated_at": iso(record.updated),
        "url": f"{core.url}/repos/{record.repo}/actions/workflows/{record.id}",
        "html_url": f"{core.url}/{record.repo}/blob/{core.repository(record.repo).default_branch}/{path}",
        "badge_url": f"{core.url}/{record.repo}/workflows/{record.file}/badge.svg",
    }
