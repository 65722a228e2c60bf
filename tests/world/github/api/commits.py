"""Commits and comparisons (docs: REST, Commits)."""

from __future__ import annotations

from itertools import islice
from typing import Any

from tests.world.github.call import Answer, Call, page
from tests.world.github.errors import ApiError, not_found
from tests.world.github.gitdiff import changes
from tests.world.github.records import Pull, Repository
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import commits as shapes
from tests.world.github.shapes.pulls import simple
from tests.world.github.shapes.urls import COMPARE, fill

routes = Routes("commits/commits")
COMPARE_COMMITS = 250


@routes.add("GET", f"{REPO}/commits", need="read")
def history(call: Call) -> Answer:
    start = call.query("sha") or call.repo.default_branch
    tip = call.git.resolve(start)
    if tip is None:
        raise not_found(f"No commit found for SHA: {start}")
    found = list(call.git.history(tip))
    if path := call.query("path"):
        found = [commit for commit in found if _touches(call, str(commit.id), path)]
    if (since := call.moment("since")) is not None:
        found = [commit for commit in found if commit.commit_time >= since]
    if (until := call.moment("until")) is not None:
        found = [commit for commit in found if commit.commit_time <= until]
    return page(call, found, lambda commit: shapes.commit(call.core, call.repo, str(commit.id)))


def _touches(call: Call, sha: str, path: str) -> bool:
    here = call.git.entry(sha, path)
    parents = call.git.commit(sha).parent_ids
    before = [call.git.entry(str(parent), path) for parent in parents]
    return here not in before if before else here is not None


@routes.add("GET", f"{REPO}/commits/<path:ref>", need="read")
def get_commit(call: Call) -> Answer:
    sha = call.git.resolve(call.args["ref"])
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {call.args['ref']}")
    if call.accepts("sha"):
        return Answer(raw=sha.encode(), content_type="application/vnd.github.sha; charset=utf-8")
    return Answer(shapes.full_commit(call.core, call.repo, sha))


@routes.add("GET", f"{REPO}/commits/<sha>/pulls", need="read")
def pulls_of(call: Call) -> Answer:
    sha = call.git.resolve(call.args["sha"])
    found = [pull for pull in call.core.store.group(Pull, call.repo.key) if sha in {pull.head_sha, pull.merge_sha}]
    return page(call, found, lambda pull: simple(call.core, pull))


@routes.add("GET", f"{REPO}/compare/<path:span>", need="read")
def compare(call: Call) -> Answer:
    """Three dots: head against its merge base with base. ``owner:branch`` names a fork's."""
    first, dots, second = call.args["span"].partition("...")
    base, head = _side(call, first), _side(call, second)
    if not dots or base is None or head is None:
        raise not_found()
    start = call.git.merge_base(base, head)
    if start is None:
        raise not_found(f"No common ancestor between {first} and {second}.")
    ahead, behind = call.git.ahead_behind(head, base)
    files = changes(call.git, start, head)
    between = [str(commit.id) for commit in islice(call.git.history(head, hide=base), COMPARE_COMMITS)][::-1]
    word = ("diverged" if behind else "ahead") if ahead else ("behind" if behind else "identical")
    links: dict[str, Any] = dict(fill(call.core.url, COMPARE, repo=call.repo.full_name, span=call.args["span"]))
    return Answer(
        links
        | {
            "base_commit": shapes.commit(call.core, call.repo, base),
            "merge_base_commit": shapes.commit(call.core, call.repo, start),
            "status": word,
            "ahead_by": ahead,
            "behind_by": behind,
            "total_commits": ahead,
            "commits": [shapes.commit(call.core, call.repo, sha) for sha in between],
            "files": [shapes.diff_entry(call.core, call.repo, head, file) for file in files[: shapes.DIFF_FILES]],
        }
    )


def _side(call: Call, name: str) -> str | None:
    owner, colon, branch = name.partition(":")
    if not colon:
        return call.git.resolve(name)
    for repo in call.core.network(_root(call)):
        if repo.owner.lower() == owner.lower():
            return call.core.git(repo).resolve(branch)
    return None


def _root(call: Call) -> Repository:
    return call.core.repository(call.repo.parent) if call.repo.parent else call.repo
