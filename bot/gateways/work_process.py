"""The work side as a child process: `ports.Workshop` for whoever holds the keys.

The child gets the work side's own settings and nothing else: no GitHub token, no state key, no notification url.
What comes back is strict JSON of at most 256 KB, checked against its schema; a child that says anything else, dies
or is too slow is replaced, and the request is tried once more on the new one.
"""

from __future__ import annotations

import itertools
import sys
import threading
from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.gateways import work_answers
from bot.gateways.work_child import Child, ChildGoneError
from bot.work_settings import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from bot.ports import Json

_SURROUNDINGS = (
    "DOCKER_CERT_PATH",
    "DOCKER_HOST",
    "DOCKER_TLS_VERIFY",
    "HOME",
    "LANG",
    "LC_ALL",
    "PATH",
    "PIP_CERT",
    "PIP_EXTRA_INDEX_URL",
    "PIP_INDEX_URL",
    "PIP_PROXY",
    "PIP_TRUSTED_HOST",
    "PYTHONPATH",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TMPDIR",
    "VIRTUAL_ENV",
)


class WorkProcess:
    """Starts the child at the first request; safe to be used from several threads."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        command: Sequence[str] = (sys.executable, "-m", "bot", "work", "--stdio"),
        seconds: float = 7200.0,
        quick_seconds: float = 60.0,
    ) -> None:
        """`seconds` for `prepare` and `check` (fetching and boxes have limits of their own), the other for the rest."""
        self._environ = child_environment(environ)
        self._command = list(command)
        self._seconds = seconds
        self._quick = quick_seconds
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._child: Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def prepare(self, job: Json) -> Json:
        """As `ports.Workshop`."""
        return self._checked({"verb": "prepare", "job": job}, "submission")

    def check(self, job: Json) -> Json:
        """As `ports.Workshop`."""
        return self._checked({"verb": "check", "job": job}, "report")

    def blob(self, sha256: str) -> bytes:
        """As `ports.Workshop`; the bytes are hashed again here."""
        asked = {"verb": "blob", "sha256": work_answers.asked_by_hash(sha256)}
        return work_answers.matching(work_answers.decoded(self._ask(asked, self._quick)), sha256)

    def environment(self) -> str:
        """As `ports.Workshop`."""
        return work_answers.environment_of(self._ask({"verb": "environment"}, self._quick).get("digest"))

    def close(self) -> None:
        """Ask the child to leave (its boxes go with it), then make it."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.close()

    def _checked(self, request: Json, schema: str) -> Json:
        return work_answers.checked(self._ask(request, self._seconds), schema)

    def _ask(self, request: Json, seconds: float) -> Json:
        """One request; once more on a new child where the first one died under it."""
        for last in (False, True):
            child = self._running()
            try:
                return child.ask(request | {"id": next(self._numbers)}, seconds)
            except ChildGoneError as gone:
                self._forget(child)
                if last or gone.late:
                    raise GatewayError(f"The work side {gone}.", reason="work-gone", transient=True) from None
        raise AssertionError

    def _running(self) -> Child:
        with self._lock:
            if self._child is None or not self._child.alive:
                if self._child is not None:
                    self._child.close()
                self._child = Child(self._command, self._environ)
            return self._child

    def _forget(self, child: Child) -> None:
        with self._lock:
            if self._child is child:
                self._child = None
        child.close()


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the child may know; a list of what is given, never of what is taken away."""
    return {name: environ[name] for name in (*NAMES, *_SURROUNDINGS) if name in environ}
