"""Rate limits (docs: Rate limits for the REST API): the hourly allowance, and the secondary ones behind switches."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.world.github.errors import DOCS, ApiError

if TYPE_CHECKING:
    from tests.world.github.auth import Actor
    from tests.world.github.core import Core

HOUR, MINUTE = 3600, 60
SIZES = {"anonymous": 60, "actions": 1000}
DEFAULT_SIZE = 5000
READ_POINTS, WRITE_POINTS = 1, 5
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID {id}."
)
CONTENT = (
    "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. "
    "Please retry your request again later. "
    "If you reach out to GitHub Support for help, please include the request ID {id}."
)
PAGE = f"{DOCS}/using-the-rest-api/rate-limits-for-the-rest-api"


@dataclass
class Meter:
    """What one actor has used."""

    used: int = 0
    reset: float = 0.0
    points: deque[tuple[float, int]] = field(default_factory=deque)
    content: deque[float] = field(default_factory=deque)


class Limits:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._meters: dict[str, Meter] = {}

    def reset(self) -> None:
        self._meters.clear()

    def admit(self, actor: Actor, method: str, request_id: str) -> None:
        """Refuse with 403 what goes beyond a limit; a refused request does not count."""
        meter, now = self._meter(actor), self._core.now()
        if meter.used >= self.size(actor):
            who = f"user ID {self._core.ensure_user(actor.login).id}" if actor.login else "127.0.0.1"
            raise ApiError(403, f"API rate limit exceeded for {who}.", docs=f"{PAGE}#about-primary-rate-limits")
        self._points(meter, now, WRITE_POINTS if _writes(method) else READ_POINTS, request_id)
        if _writes(method) and self._core.faults.content_limits:
            self._content(meter, now, request_id)

    def count(self, actor: Actor) -> None:
        """One request of the hourly allowance; not called for 304 and for /rate_limit."""
        self._meter(actor).used += 1

    def headers(self, actor: Actor) -> dict[str, str]:
        numbers = self.core_resource(actor)
        return {f"X-RateLimit-{name.title()}": str(value) for name, value in numbers.items()} | {
            "X-RateLimit-Resource": "core"
        }

    def core_resource(self, actor: Actor) -> dict[str, int]:
        meter, size = self._meter(actor), self.size(actor)
        used = min(meter.used, size)
        return {"limit": size, "remaining": size - used, "used": used, "reset": int(meter.reset)}

    def size(self, actor: Actor) -> int:
        return self._core.faults.rate_limit or SIZES.get(actor.kind, DEFAULT_SIZE)

    def _meter(self, actor: Actor) -> Meter:
        meter = self._meters.setdefault(f"{actor.kind}/{actor.login}/{actor.owner}", Meter())
        if self._core.now() >= meter.reset:
            meter.used, meter.reset = 0, self._core.now() + HOUR
        return meter

    def _points(self, meter: Meter, now: float, cost: int, request_id: str) -> None:
        allowed = self._core.faults.secondary_points
        if not allowed:
            return
        while meter.points and meter.points[0][0] <= now - MINUTE:
            meter.points.popleft()
        if sum(points for _, points in meter.points) + cost > allowed:
            raise self._secondary(SECONDARY, request_id, meter.points[0][0] + MINUTE - now if meter.points else MINUTE)
        meter.points.append((now, cost))

    def _content(self, meter: Meter, now: float, request_id: str) -> None:
        faults, made = self._core.faults, meter.content
        while made and made[0] <= now - HOUR:
            made.popleft()
        recent = [moment for moment in made if moment > now - MINUTE]
        if len(recent) >= faults.content_per_minute:
            raise self._secondary(CONTENT, request_id, recent[0] + MINUTE - now)
        if len(made) >= faults.content_per_hour:
            raise self._secondary(CONTENT, request_id, made[0] + HOUR - now)
        made.append(now)

    def _secondary(self, message: str, request_id: str, wait: float) -> ApiError:
        """docs: with `Retry-After`, or without a word on when to come back; `X-RateLimit-Reset` is the hourly one's."""
        retry = {} if self._core.faults.silent_limits else {"Retry-After": str(max(int(wait + 0.999), 1))}
        said = message.format(id=request_id)
        return ApiError(403, said, headers=retry, docs=f"{PAGE}#about-secondary-rate-limits")


def _writes(method: str) -> bool:
    return method not in {"GET", "HEAD", "OPTIONS"}
