"""One exchange with GitHub: signed by PyGithub, on a connection of its own, through the circuit, its limits noted, counted.

PyGithub's connection object keeps the request in itself until the answer is read, so two threads on one of them get each
other's answers. Here each exchange borrows one.
"""

from __future__ import annotations

import queue
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import requests
from github import GithubException
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass

from bot.errors import GatewayError
from bot.gateways.github_answers import ahead_of, behind_of, is_limit, now_of, time_of
from bot.gateways.github_refusals import moved
from bot.gateways.last_word import listening

if TYPE_CHECKING:
    from github.Requester import Requester

    from bot.gateways.allowance import Allowance
    from bot.gateways.call_ledger import CallLedger, Family, Outcome
    from bot.gateways.circuit import Circuit
    from bot.gateways.pacer import AnyPacer
    from bot.ports import Clock

    Connection = HTTPRequestsConnectionClass | HTTPSRequestsConnectionClass

_TIMEOUT = 30


@dataclass(frozen=True)
class Exchange:
    """What came back; names of headers in lower case."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def elsewhere(self) -> bool:
        """Sent on to another address."""
        return 300 <= self.status < 400 and self.status != 304

    @property
    def limited(self) -> bool:
        """GitHub asks for a pause: the hourly allowance is used up, or a secondary limit was met."""
        return self.status in {403, 429} and is_limit(self.headers, self.text)


class Wire:
    """See above; safe between threads."""

    def __init__(
        self,
        requester: Requester,
        url: str,
        *,
        clock: Clock,
        circuit: Circuit,
        allowance: Allowance,
        pacer: AnyPacer,
        ledger: CallLedger,
    ) -> None:
        self.graphql_url = requester.graphql_url
        self._requester, self._url, self._clock = requester, url, clock
        self._circuit, self._allowance, self._pacer, self._ledger = circuit, allowance, pacer, ledger
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()
        self.ahead = timedelta()
        """How far GitHub's clock was ahead of ours at its last answer; its times decide which approval came first."""
        self.behind = timedelta()
        """How far ours was ahead of it, where it jumped."""

    def close(self) -> None:
        """Close the connections that nobody uses."""
        while not self._idle.empty():
            self._idle.get_nowait().close()
        self._requester.close()

    def send(
        self, verb: str, path: str, headers: dict[str, str], body: dict[str, Any] | None, kind: Literal["read", "write"]
    ) -> Exchange:
        """Send once. Raises `requests.RequestException` where no answer came, `GatewayError` where nothing was done."""
        self._circuit.check()
        family = family_of(path, self.graphql_url)
        try:
            found = self._exchange(verb, path, headers, body)
        except requests.RequestException:
            self._circuit.failed()
            self._ledger.count(family, kind, "failed")
            raise
        self._note(found)
        self._ledger.count(family, "unchanged" if found.status == 304 else kind, _outcome(found))
        if found.elsewhere:
            raise moved(path, found.status)
        return found

    def _exchange(self, verb: str, path: str, headers: dict[str, str], body: dict[str, Any] | None) -> Exchange:
        connection = self._borrow()
        try:
            answer = self._requester.requestJson(verb, path, headers=dict(headers), input=body, cnx=connection)
        except GithubException as error:
            raise self._unsigned(error) from None
        except RuntimeError as error:  # PyGithub's word where the renewal of a token is sent on to another host
            raise moved(path) from error
        finally:
            self._idle.put(connection)
        return Exchange(answer[0], answer[1], str(answer[2]))

    def _unsigned(self, error: GithubException) -> GatewayError:
        """An App's hourly token could not be renewed; the request itself was not sent."""
        if error.status >= 500:
            self._circuit.failed()
            message = f"GitHub did not renew the App's token ({error.status})."
            return GatewayError(message, reason="github-unreachable", transient=True, status=error.status)
        message = f"GitHub refuses the App's key ({error.status}): check that the App is still installed."
        return GatewayError(message, reason="bad-credentials", transient=False, status=error.status)

    def _note(self, found: Exchange) -> None:
        if found.status >= 500:
            self._circuit.failed()
        else:
            self._circuit.succeeded()
        here = self._clock.now()
        there = time_of(found.headers.get("date", ""))
        if there is not None:
            self.ahead, self.behind = ahead_of(there, here), behind_of(there, here)
            self._pacer.heard(there.timestamp())
        self._allowance.heard(found.headers, now_of(found.headers, here))

    def _borrow(self) -> Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            parts = urlsplit(self._url)
            kind = HTTPSRequestsConnectionClass if parts.scheme == "https" else HTTPRequestsConnectionClass
            made = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT, retry=0, pool_size=1)
            made.session.hooks["response"].append(_staying)
            listening(made.adapter)
            return made


def _staying(answer: requests.Response, **_: Any) -> None:
    """PyGithub follows a 301 without the query, and a write as a write; where none is named it follows nowhere."""
    answer.headers.pop("Location", None)


def family_of(path: str, graphql_url: str) -> Family:
    """Which of GitHub's interfaces, each with an allowance of its own."""
    return "graphql" if path == graphql_url else "search" if path.startswith("/search/") else "rest"


def _outcome(found: Exchange) -> Outcome:
    if found.status >= 500:
        return "failed"
    if found.limited:
        return "limited"
    return "refused" if found.elsewhere or (found.status >= 400 and found.status != 404) else "ok"
