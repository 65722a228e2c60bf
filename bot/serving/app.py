"""The web door put together: routes, headers, and one handler for what is refused. No socket is opened here."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request  # noqa: TC002 - the framework reads the annotations
from starlette.responses import JSONResponse, Response

from bot.serving import uploads, webhooks
from bot.serving.door import Door, Readiness
from bot.serving.headers import Headers
from bot.serving.limits import Limits
from bot.serving.openapi import OPERATIONS, SCHEMAS, SCHEMES
from bot.serving.probes import Probes
from bot.serving.refused import RefusedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["Door", "Readiness", "build"]

_WORDS = {
    404: ("not-found", "There is nothing at this address."),
    405: ("method", "This address takes another method."),
}


def build(door: Door) -> FastAPI:
    """The application of one collection."""
    app = FastAPI(
        title="Accession",
        version=_version(),
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
    )
    limits, probes = Limits(door.clock), Probes(door)

    async def webhook(request: Request) -> Response:
        return await webhooks.answer(door, limits, request)

    async def notice(request: Request) -> Response:
        return await uploads.answer(door, limits, request)

    async def health() -> Response:
        return probes.health()

    _route(app, "POST", "/webhook", "webhook", webhook)
    _route(app, "POST", "/uploads", "uploads", notice)
    _route(app, "GET", "/health", "health", health)
    _route(app, "GET", "/ready", "ready", probes.ready)
    _route(app, "GET", "/metrics", "metrics", probes.metrics)
    _route(app, "GET", "/status.json", "status", probes.status)
    _route(app, "GET", "/", "page", probes.page)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(HTTPException, _misdirected)
    app.add_middleware(Headers)
    _describe(app, door)
    return app


def _route(app: FastAPI, verb: str, path: str, name: str, answer: Callable[..., Awaitable[Response]]) -> None:
    app.add_api_route(path, answer, methods=[verb], operation_id=name, include_in_schema=True, response_model=None)


def _describe(app: FastAPI, door: Door) -> None:
    """The description is data of ours; the framework only lists the paths."""
    servers = [{"url": door.public_url}] if door.public_url else None

    def described() -> dict[str, Any]:
        if not app.openapi_schema:
            found = get_openapi(title=app.title, version=app.version, routes=app.routes, servers=servers)
            for path in found["paths"].values():
                for verb, operation in path.items():
                    path[verb] = {"operationId": operation["operationId"], **OPERATIONS[operation["operationId"]]}
            found["components"] = {"schemas": SCHEMAS, "securitySchemes": SCHEMES}
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # the framework's own way to replace it


async def _refused(_request: Request, error: Exception) -> Response:
    """The connection is closed where the body may not have been read to its end."""
    if not isinstance(error, RefusedError):
        raise error
    return JSONResponse(error.body, status_code=error.refusal.status, headers=error.headers | {"Connection": "close"})


async def _misdirected(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    reason, message = _WORDS.get(error.status_code, ("refused", "This request cannot be answered."))
    told = {"outcome": "refused", "reason": reason, "message": message}
    return JSONResponse(told, status_code=error.status_code, headers=error.headers)


def _version() -> str:
    try:
        return version("accession")
    except PackageNotFoundError:
        return "0"
