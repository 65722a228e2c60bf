"""What the web door is handed: values and functions, so that it can be built without a socket, a database or GitHub."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.serving.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.ports import Json
    from bot.records.event import Hint, Subject


@dataclass(frozen=True)
class Readiness:
    """Whether events that come in now will be seen to; `reasons` are sentences for the operator, empty where they will."""

    reasons: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Nothing stands in the way."""
        return not self.reasons


@dataclass(frozen=True)
class Door:
    """One collection's door. `standings`, `ready` and `queue` may ask a database: they are called in a thread, one at a time."""

    repository: str
    secrets: tuple[bytes, ...] = field(repr=False)
    """Any of them may have signed a delivery: two while the secret is changed."""
    notice_tokens: tuple[bytes, ...] = field(repr=False)
    """Empty: upload notices are refused."""
    tell: Callable[[Subject, Hint], None]
    """Must come back at once (`buffer.Buffer.tell`); raises `GatewayError` where nothing more is taken."""
    standings: Callable[[], Json]
    """See `public.public` for what of it is shown."""
    ready: Callable[[], Readiness]
    public_url: str = ""
    archive_url: str = "https://zenodo.org"
    pulls_url: str = "https://github.com"
    """Where people see the repository."""
    viewer: Callable[[], int] = lambda: 0
    """The bot's numeric id, 0 while it is not known; must come back at once."""
    queue: Callable[[], Mapping[str, float]] = dict
    """Gauges for `/metrics` by state, e.g. `{"waiting": 3, "parked": 0}`."""
    hide: Callable[[str], str] = str
    """Takes secrets out of a text (`logs.redact`), for what people see."""
    metrics: Metrics = field(default_factory=Metrics)
    clock: Callable[[], float] = time.monotonic
    """Seconds that never go backwards, whatever the wall clock does."""
