"""Check runs, check suites and commit statuses as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.world.github.dates import iso
from tests.world.github.records import CheckRun, Issue, Pull, Repository, Rerequest, Status
from tests.world.github.shapes.apps import app
from tests.world.github.shapes.pulls import tiny
from tests.world.github.shapes.repositories import minimal
from tests.world.github.shapes.urls import CHECK_RUN, fill
from tests.world.github.shapes.users import user

if TYPE_CHECKING:
    from tests.world.github.core import Core


def suite_id(app_id: int, sha: str) -> int:
    """One suite per app and commit; its id follows from both."""
    return int(sha[:10], 16) * 10 + app_id % 10


def check_run(core: Core, run: CheckRun) -> dict[str, Any]:
    urls = fill(core.url, CHECK_RUN, repo=run.repo, id=run.id)
    return urls | {
        "id": run.id,
        "node_id": run.node_id,
        "head_sha": run.sha,
        "external_id": run.external_id,
        "details_url": run.details_url or urls["html_url"],
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": run.started,
        "completed_at": run.completed,
        "output": {
            "title": run.title,
            "summary": run.summary,
            "text": run.text,
            "annotations_count": len(run.annotations),
            "annotations_url": urls["url"] + "/annotations",
        },
        "name": run.name,
        "check_suite": {"id": suite_id(run.app_id, run.sha)},
        "app": app(core, core.app(run.app_id)),
        "pull_requests": pulls_of(core, run.repo, run.sha),
    }


def pulls_of(core: Core, repo: str, sha: str) -> list[dict[str, Any]]:
    """Open pull requests whose head is this commit; GitHub names none from a fork."""
    own = (pull for pull in core.store.group(Pull, repo.lower()) if pull.head_repo.lower() == repo.lower())
    pulls = [pull for pull in own if pull.head_sha == sha]
    issues = {pull.key: core.store.get(Issue, pull.key) for pull in pulls}
    return [tiny(core, pull) for pull in pulls if (issue := issues[pull.key]) and issue.state == "open"]


def annotation(core: Core, run: CheckRun, given: dict[str, Any]) -> dict[str, Any]:
    blank = dict.fromkeys(("start_column", "end_column", "title", "raw_details"))
    return blank | given | {"blob_href": f"{core.url}/{run.repo}/blob/{run.sha}/{given['path']}"}


def check_suite(core: Core, repo: Repository, runs: list[CheckRun]) -> dict[str, Any]:
    """A suite as the sum of one app's runs on one commit; ``runs`` is never empty. Queued while they are asked for again."""
    first = runs[0]
    asked = core.store.get(Rerequest, (first.repo.lower(), suite_id(first.app_id, first.sha)))
    commit = core.git(repo).commit(first.sha)
    done = not asked and all(run.status == "completed" for run in runs)
    good = all(run.conclusion in {"success", "neutral", "skipped"} for run in runs)
    url = f"{core.url}/repos/{repo.full_name}/check-suites/{suite_id(first.app_id, first.sha)}"
    people = {"author": commit.author, "committer": commit.committer}
    head = {
        "id": first.sha,
        "tree_id": str(commit.tree_id),
        "message": commit.message,
        "timestamp": iso(commit.commit_time),
        **{role: {"name": person.name, "email": person.email} for role, person in people.items()},
    }
    return {
        "id": suite_id(first.app_id, first.sha),
        "node_id": f"CS_kwDO{suite_id(first.app_id, first.sha)}",
        "head_branch": None,
        "head_sha": first.sha,
        "status": "queued" if asked else "completed" if done else "in_progress",
        "conclusion": ("success" if good else "failure") if done else None,
        "url": url,
        "before": str(commit.parent_ids[0]) if commit.parent_ids else None,
        "after": first.sha,
        "pull_requests": pulls_of(core, repo.full_name, first.sha),
        "app": app(core, core.app(first.app_id)),
        "repository": minimal(core, repo),
        "created_at": iso(first.created),
        "updated_at": iso(runs[-1].created),
        "head_commit": head,
        "latest_check_runs_count": len(runs),
        "check_runs_url": url + "/check-runs",
    }


def status(core: Core, record: Status, *, short: bool = False) -> dict[str, Any]:
    """``status``, or ``simple-commit-status`` inside the combined answer."""
    creator = user(core, record.user)
    data = {
        "url": f"{core.url}/repos/{record.repo}/statuses/{record.sha}",
        "avatar_url": creator["avatar_url"],
        "id": record.id,
        "node_id": record.node_id,
        "state": record.state,
        "description": record.description,
        "target_url": record.target_url,
        "context": record.context,
        "created_at": iso(record.created),
        "updated_at": iso(record.created),
    }
    return data if short else data | {"creator": creator}
