"""The door: a request comes in, is held against credentials, limits and roles, and its answer gets GitHub's headers."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from tests.world.github import grants, openapi
from tests.world.github.auth import ANONYMOUS, Actor, identify, require
from tests.world.github.call import Answer, Call
from tests.world.github.dates import http_date
from tests.world.github.errors import ApiError, not_found
from tests.world.github.graphql_document import changes_something
from tests.world.github.records import RequestRecord, WriteRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.routing import Map

    from tests.world.github.core import Core
    from tests.world.github.routes import Endpoint

MEDIA = "github.v3; format=json"


class Door:
    def __init__(self, core: Core, routes: Map, *, validate: bool) -> None:
        path = openapi.description() if validate else None
        if validate and path is None:
            raise FileNotFoundError(f"set {openapi.VARIABLE} or install @octokit/openapi below the project")
        self.core = core
        self.routes = routes
        self.checker = openapi.checker(path) if path else None

    def respond(self, request: Request) -> Response:
        """Answer anything: a page, one of the world's own verbs, or an API request."""
        self.core.url = self.core.url or request.host_url.rstrip("/")
        adapter = self.routes.bind_to_environ(request.environ)
        try:
            endpoint, args = adapter.match(method="GET" if request.method == "HEAD" else request.method)
        except HTTPException:
            endpoint, args = None, {}
        if endpoint is not None and endpoint.area != "api":
            return self._outside(endpoint, request, args)
        return self._api(endpoint, request, args)

    def _outside(self, endpoint: Endpoint, request: Request, args: Mapping[str, Any]) -> Response:
        try:
            response: Response = endpoint.handler(self.core, request, **args)
        except ApiError as error:
            response = Response(error.message + "\n", error.status, mimetype="text/plain")
        return response

    def _api(self, endpoint: Endpoint | None, request: Request, args: Mapping[str, Any]) -> Response:
        number = uuid.uuid4().hex.upper()
        actor = ANONYMOUS
        try:
            actor = identify(self.core, request)
            self._admit(request, actor, number)
            answer = self._handle(endpoint, request, actor, args)
            self._check(request, answer)
        except ApiError as error:
            answer = self._refusal(endpoint, error)
        except openapi.Violation as violation:
            self.core.violations.append(str(violation))
            answer = Answer({"message": str(violation)}, 500)
        response = self._finish(request, actor, answer)
        response.headers["X-GitHub-Request-Id"] = number
        self._remember(endpoint if answer.wrote else None, request, actor, response)
        return response

    def _admit(self, request: Request, actor: Actor, number: str) -> None:
        if request.path != "/rate_limit":
            asks = request.path == "/graphql" and not changes_something(str(_body(request).get("query", "")))
            self.core.limits.admit(actor, "GET" if asks else request.method, number)

    def _handle(self, endpoint: Endpoint | None, request: Request, actor: Actor, args: Mapping[str, Any]) -> Answer:
        if endpoint is None:
            raise not_found()
        call = Call(self.core, request, actor, args, _body(request))
        if endpoint.need is not None:
            require(self.core, actor, call.repo, endpoint.need, git=endpoint.git)
        grants.check(call)
        answer: Answer = endpoint.handler(call)
        return answer

    def _refusal(self, endpoint: Endpoint | None, error: ApiError) -> Answer:
        return Answer(error.body(endpoint.docs if endpoint else ""), error.status, error.headers)

    def _check(self, request: Request, answer: Answer) -> None:
        if self.checker and answer.raw is None and request.path != "/graphql":
            data = json.loads(json.dumps(answer.data))
            self.checker.check("GET" if request.method == "HEAD" else request.method, request.path, answer.status, data)

    def _finish(self, request: Request, actor: Actor, answer: Answer) -> Response:
        body = answer.raw if answer.raw is not None else _dump(answer.data)
        if answer.status == 204:
            body = b""
        response = Response(body, answer.status, dict(answer.headers), content_type=answer.content_type)
        response.headers["X-GitHub-Media-Type"] = MEDIA
        reading = request.method in {"GET", "HEAD"} and answer.status == 200
        if reading:
            self._conditional(request, actor, answer, response, body)
        if response.status_code != 304 and request.path != "/rate_limit":
            self.core.limits.count(actor)
        response.headers.update(self.core.limits.headers(actor))
        return response

    def _conditional(self, request: Request, actor: Actor, answer: Answer, response: Response, body: bytes) -> None:
        """ETag scoped to the token; a match is 304 without body and Link (docs: Best practices, conditional requests)."""
        accept = request.headers.get("Accept", "")
        tag = hashlib.sha256(b"\0".join([actor.token.encode(), accept.encode(), body])).hexdigest()
        response.headers["ETag"] = f'W/"{tag}"'
        response.headers["Cache-Control"] = "private, max-age=60, s-maxage=60" if actor.token else "public, max-age=60"
        response.headers["Vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP"
        if answer.modified is not None:
            response.headers["Last-Modified"] = http_date(answer.modified)
        asked = request.headers.get("If-None-Match", "")
        if asked and tag in [part.strip().removeprefix("W/").strip('"') for part in asked.split(",")]:
            response.status_code = 304
            response.set_data(b"")
            response.headers.pop("Content-Type", None)
            response.headers.pop("Link", None)  # the tag covers the body alone; whether a page follows is not said

    def _remember(self, endpoint: Endpoint | None, request: Request, actor: Actor, response: Response) -> None:
        method, path, status = request.method, request.full_path.rstrip("?"), response.status_code
        conditional = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
        now, store = self.core.now(), self.core.store
        self.core.requests.append(RequestRecord(now, method, path, actor.login, status, conditional))
        if method not in {"GET", "HEAD"} and status < 400 and endpoint is not None and endpoint.ledger:
            store.put(WriteRecord(store.next_id("write"), now, method, path, actor.login, status))


def _dump(data: Any) -> bytes:
    return json.dumps(data).encode()


def _body(request: Request) -> dict[str, Any]:
    """The JSON of a write; an empty body is an empty object."""
    if request.method in {"GET", "HEAD"}:
        return {}
    text = request.get_data()
    if not text.strip():
        return {}
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ApiError(400, "Problems parsing JSON") from error
    if isinstance(data, list):  # docs: labels may be given as a bare list
        return {"": data}
    if not isinstance(data, dict):
        raise ApiError(400, "Body should be a JSON object")
    return data
