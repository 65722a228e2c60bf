"""Makes any simulator misbehave over HTTP, before or after the request was executed.

The difference matters: a write whose answer was lost *has happened*, and a client that repeats it does it twice.
The switches are methods in process and JSON at `/_world/http-faults` from outside, so that a test can reach a world
that runs as its own process. The switchboard itself is never faulted and never logged.
"""

from __future__ import annotations

import json
import random
import re
import socket
import threading
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

SWITCHBOARD = "/_world/http-faults"
NOT_EXECUTED = ("error-before", "too-many", "cut-before")
EXECUTED = ("error-after", "cut-after", "cut-midway", "slow")
KINDS = NOT_EXECUTED + EXECUTED


@dataclass
class Rule:
    """One fault: on which requests (`method`, `path` as a regular expression over path?query), and how often.

    `after` skips the first n matching requests, `times` says how often it then fires (None: for ever), `seconds` is
    the delay of "slow" and the Retry-After of "too-many". `seen` and `fired` count.
    """

    kind: str
    method: str = "*"
    path: str = ".*"
    times: int | None = 1
    after: int = 0
    probability: float = 1.0
    seconds: float = 0.0
    status: int = 500
    seen: int = 0
    fired: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}: one of {', '.join(KINDS)}")
        re.compile(self.path)

    def matches(self, method: str, target: str) -> bool:
        return self.method.upper() in {"*", method} and re.search(self.path, target) is not None

    def fires(self, chance: random.Random) -> bool:
        """Count one matching request, and say whether it is hit."""
        self.seen += 1
        spent = self.times is not None and self.fired >= self.times
        if self.seen <= self.after or spent or chance.random() >= self.probability:
            return False
        self.fired += 1
        return True


@dataclass(frozen=True)
class Fired:
    """What the log remembers: which fault hit which request, and whether the app had executed it."""

    kind: str
    method: str
    path: str
    executed: bool


class Faults:
    """WSGI middleware around `app`; `seed` makes every `probability` repeatable."""

    def __init__(self, app: WSGIApplication, seed: int = 0) -> None:
        self.app = app
        self.rules: list[Rule] = []
        self.log: list[Fired] = []
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._woken = threading.Event()

    def add(  # noqa: PLR0913  (one keyword per switch reads better in a test than a record would)
        self,
        kind: str,
        *,
        method: str = "*",
        path: str = ".*",
        times: int | None = 1,
        after: int = 0,
        probability: float = 1.0,
        seconds: float = 0.0,
        status: int = 500,
    ) -> None:
        """Add a fault; the first rule that fires on a request wins."""
        rule = Rule(kind, method, path, times, after, probability, seconds, status)
        with self._lock:
            self.rules.append(rule)

    def reseed(self, seed: int) -> None:
        """Begin another repeatable series of chances."""
        with self._lock:
            self._chance = random.Random(seed)

    def clear(self) -> None:
        """Behave again: forget the rules and wake whoever is being slow. The log stays."""
        with self._lock:
            self.rules.clear()
            self._woken.set()
            self._woken = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if request.path == SWITCHBOARD:
            return self._switch(request)(environ, start_response)
        rule = self._pick(request)
        if rule is None:
            return self.app(environ, start_response)
        if rule.kind == "slow":
            self._woken.wait(rule.seconds)
            return self.app(environ, start_response)
        return self._spoil(rule, environ)(environ, start_response)

    def _pick(self, request: Request) -> Rule | None:
        target = request.full_path.rstrip("?")
        with self._lock:
            for rule in self.rules:
                if rule.matches(request.method, target) and rule.fires(self._chance):
                    self.log.append(Fired(rule.kind, request.method, target, rule.kind in EXECUTED))
                    return rule
        return None

    def _spoil(self, rule: Rule, environ: WSGIEnvironment) -> Response:
        """The answer that the client gets instead; a cut raises and never returns."""
        if rule.kind in NOT_EXECUTED:  # what is left unread is taken for another request, even after a cut
            Request(environ).get_data(cache=False)
        answer = None if rule.kind in NOT_EXECUTED else Response.from_app(self.app, environ, buffered=True)
        if rule.kind.startswith("error"):
            return _problem(rule.status, "Internal server error (injected)")
        if rule.kind == "too-many":
            return _problem(429, "Too many requests (injected)", {"Retry-After": str(round(rule.seconds))})
        if rule.kind == "cut-midway" and answer is not None:
            return _halved(answer, environ)
        raise _cut(environ)

    def _switch(self, request: Request) -> Response:
        """GET what is set and what fired, POST one rule or a list of them, DELETE to clear."""
        if request.method == "DELETE":
            self.clear()
            return Response(status=204)
        if request.method == "POST":
            try:
                self._add_all(request.get_json(force=True))
            except (TypeError, ValueError, re.error, BadRequest) as error:
                return _problem(400, f"Not a fault: {error}")
        state = {"rules": [asdict(r) for r in self.rules], "log": [asdict(f) for f in self.log], "kinds": KINDS}
        return _json(201 if request.method == "POST" else 200, state)

    def _add_all(self, body: Any) -> None:
        known = {field.name for field in fields(Rule)} - {"seen", "fired"}
        for item in body if isinstance(body, list) else [body]:
            if not isinstance(item, dict) or set(item) - known:
                raise ValueError(f"expected an object with some of {', '.join(sorted(known))}")
            self.add(**item)


def _halved(answer: Response, environ: WSGIEnvironment) -> Response:
    """Announce the whole body, send half of it, hang up. The body is held in memory."""
    body = answer.get_data()
    half = Response(_half(body, environ), answer.status, answer.headers)
    half.headers["Content-Length"] = str(len(body))
    return half


def _half(body: bytes, environ: WSGIEnvironment) -> Iterator[bytes]:
    if len(body) > 1:
        yield body[: len(body) // 2]
    raise _cut(environ)


def _cut(environ: WSGIEnvironment) -> ConnectionAbortedError:
    """Shut the client's socket; the exception tells werkzeug that nobody listens any more."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return ConnectionAbortedError("cut by an injected fault")


def _problem(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return _json(status, {"status": status, "message": message}, headers)


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, headers, mimetype="application/json")
