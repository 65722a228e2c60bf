"""The world as one WSGI application."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request

from tests.world.github.api import (
    apps,
    branches,
    check_runs,
    collaborators,
    comments,
    commits,
    contents,
    dispatches,
    git_commits,
    graphql,
    hooks,
    issues,
    labels,
    merging,
    pulls,
    refs,
    repositories,
    review_comments,
    reviewers,
    reviews,
    statuses,
    trees,
    users,
)
from tests.world.github.app import Door
from tests.world.github.control import control
from tests.world.github.eyes import Eyes
from tests.world.github.routes import build
from tests.world.github.web.pages import pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from werkzeug.routing import Map

API = (
    apps, branches, check_runs, collaborators, comments, commits, contents, dispatches, git_commits, graphql, hooks, issues, labels,
    merging, pulls, refs, repositories, review_comments, reviewers, reviews, statuses, trees, users,
)  # fmt: skip
ROUTES = [*(module.routes for module in API), users.limits, check_runs.suites, control, pages]


@cache
def every_route() -> Map:
    """All worlds of a process answer the same paths."""
    return build(ROUTES)


class GitHubWorld(Eyes):
    """A GitHub of one's own: real bare git repositories below ``state``, everything else in its journal.

    ``validate`` holds every JSON answer against GitHub's OpenAPI description; a difference is kept in ``violations``
    and answered with 500.
    """

    def __init__(
        self, state: Path, *, url: str = "", clock: Callable[[], float] = time.time, validate: bool = False
    ) -> None:
        super().__init__(state, url, clock)
        self.door = Door(self, every_route(), validate=validate)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        request.get_data(cache=True)
        with self.transaction():
            response = self.door.respond(request)
        response.date = datetime.fromtimestamp(self.clock(), UTC)  # GitHub's own time, as in all that it tells
        return response(environ, start_response)

    def close(self) -> None:
        """Stop the webhook thread. The state stays on disk."""
        self.hookshot.close()
