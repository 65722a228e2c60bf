"""Serving a world on loopback, until a block ends."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.world.server import serve as serve_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from wsgiref.types import WSGIApplication

    from tests.world.github.world import GitHubWorld


@contextmanager
def serve(world: GitHubWorld, port: int = 0, app: WSGIApplication | None = None) -> Iterator[str]:
    """Answer on a port (0: any free one); the url.

    ``app`` is what is served if the world is wrapped, in the fault middleware for instance.
    """
    with serve_app(app or world, port) as served:
        world.url = served.url
        try:
            yield served.url
        finally:
            world.close()
