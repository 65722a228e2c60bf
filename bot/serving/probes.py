"""What machines and people ask of the service: is it alive, is it ready, its figures, and where everything stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.serving.fresh import Fresh
from bot.serving.pages import POLICY, status_page
from bot.serving.public import public

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.ports import Json
    from bot.serving.door import Door, Readiness

PAGE_SECONDS = 5
"""So old a page may be, here and in caches."""
_PROBE_SECONDS = 1.0
_SILENT = "The database does not answer."
_CACHED = {"Cache-Control": f"public, max-age={PAGE_SECONDS}"}


@dataclass
class Probes:
    """Keeps what was asked last, so that no number of readers is a burden."""

    door: Door
    _ready: Fresh[Readiness] = field(init=False)
    _standings: Fresh[Json] = field(init=False)
    _queue: Fresh[Mapping[str, float]] = field(init=False)

    def __post_init__(self) -> None:
        door = self.door
        self._ready = Fresh(door.ready, door.clock, _PROBE_SECONDS)
        self._standings = Fresh(lambda: public(door.standings(), door.hide), door.clock, PAGE_SECONDS)
        self._queue = Fresh(door.queue, door.clock, _PROBE_SECONDS)

    def health(self) -> Response:
        """The process answers; nothing else is asked."""
        return JSONResponse({"alive": True})

    async def ready(self) -> Response:
        """503 with the reasons while events would wait."""
        found, young = await self._ready.get()
        reasons = [_SILENT] if found is None or not young else [self.door.hide(reason) for reason in found.reasons]
        return JSONResponse({"ready": not reasons, "reasons": reasons}, status_code=503 if reasons else 200)

    async def metrics(self) -> Response:
        """Without the queue's gauges while the database does not answer: old figures would look like new ones."""
        queue, young = await self._queue.get()
        self.door.metrics.queued(queue if queue is not None and young else {})
        return Response(self.door.metrics.rendered(), media_type=CONTENT_TYPE_LATEST)

    async def status(self) -> Response:
        """As JSON."""
        shown, young = await self._standings.get()
        return JSONResponse({**(shown or public({})), "young": young}, headers=_CACHED)

    async def page(self) -> Response:
        """As a page."""
        shown, young = await self._standings.get()
        html = status_page(
            shown or public({}),
            repository=self.door.repository,
            pulls_url=self.door.pulls_url,
            now=datetime.now(UTC),
            young=young,
        )
        return HTMLResponse(html, headers=_CACHED | {"Content-Security-Policy": POLICY})
