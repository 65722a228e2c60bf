"""What may stand before a GitHub: another address for its interfaces, or another name for a repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class Front:
    """Nothing at all; `below` is the path under which REST is reached."""

    below = ""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.app(environ, start_response)


class Enterprise(Front):
    """GitHub Enterprise Server: REST at `/api/v3`, GraphQL at `/api/graphql` (docs: Getting started with the REST API)."""

    below = "/api/v3"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        for below in (self.below, "/api"):
            if path.startswith(f"{below}/"):
                return self.app({**environ, "PATH_INFO": path.removeprefix(below)}, start_response)
        return Response("Not Found", 404)(environ, start_response)


class Renamed(Front):
    """A repository's former name (docs: Best practices, follow redirects): reads are sent on with 301, writes with 307."""

    former, name, number = "zoo/former", "zoo/collection", 7

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, by_number = environ["PATH_INFO"], f"/repositories/{self.number}"
        if path.startswith(f"/repos/{self.former}"):
            return self._sent_on(Request(environ), by_number)(environ, start_response)
        onward = path.replace(by_number, f"/repos/{self.name}", 1) if path.startswith(by_number) else path
        return self.app({**environ, "PATH_INFO": onward}, start_response)

    def _sent_on(self, request: Request, by_number: str) -> Response:
        request.get_data(cache=False)
        query = urlsplit(request.url).query
        there = request.host_url.rstrip("/") + request.path.replace(f"/repos/{self.former}", by_number, 1)
        status, said = (301, "Moved Permanently") if request.method == "GET" else (307, "Temporary Redirect")
        location = f"{there}?{query}" if query else there
        return Response(json.dumps({"message": said, "url": location}), status, {"Location": location})
