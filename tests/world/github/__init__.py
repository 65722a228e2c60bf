"""A GitHub of one's own, over real HTTP (see ``world.GitHubWorld``)."""

from tests.world.github.auth import Actor
from tests.world.github.errors import ApiError
from tests.world.github.faults import GitHubFaults
from tests.world.github.hookshot import sign
from tests.world.github.pull_view import PullView
from tests.world.github.records import (
    CheckRun,
    Comment,
    Delivery,
    Event,
    Issue,
    Repository,
    RequestRecord,
    Review,
    Status,
    User,
    WriteRecord,
)
from tests.world.github.server import serve
from tests.world.github.world import GitHubWorld

__all__ = [
    "Actor",
    "ApiError",
    "CheckRun",
    "Comment",
    "Delivery",
    "Event",
    "GitHubFaults",
    "GitHubWorld",
    "Issue",
    "PullView",
    "Repository",
    "RequestRecord",
    "Review",
    "Status",
    "User",
    "WriteRecord",
    "serve",
    "sign",
]
