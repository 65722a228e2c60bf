"""The one place where a request to GitHub leaves: PyGithub signs it, this file paces, revalidates and translates.

* Reads are conditional (`If-None-Match`); a 304 costs no quota. Answers are kept in the local store by URL, so a rotated
  token (ETags are token-specific) costs one full answer and no more.
* Only GET is ever repeated. PyGithub's own retry repeats POST after a 5xx or a cut connection (measured: one comment
  became three), so it is off; a write without an answer becomes `UnknownOutcomeError`.
Source: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import requests
import structlog
from github import Auth, Github, GithubIntegration
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass

from bot.errors import ConfigError, GatewayError, UnknownOutcomeError
from bot.gateways.github_answers import (
    ahead_of,
    behind_of,
    graphql_data,
    message_of,
    next_page,
    parsed,
    pause_of,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from github.Requester import Requester

    from bot.gateways.pacer import Pacer
    from bot.ports import Clock, Store

_TRIES = 4
_TIMEOUT = 30
_PAGE = 100
_ETAGS = "etags"
_REFUSED = {401: "bad-credentials", 403: "forbidden", 404: "not-found", 405: "not-allowed", 409: "conflict"}

log = structlog.get_logger()


def token_requester(url: str, token: str) -> Requester:
    """Requests signed with a personal, Actions or installation token."""
    return Github(
        base_url=url, auth=Auth.Token(token), retry=None, seconds_between_requests=0, seconds_between_writes=0
    ).requester


def app_requester(url: str, app_id: str, key: str, repository: str) -> tuple[Requester, str]:
    """Requests signed as a GitHub App's installation, and its bot's login; PyGithub renews the hourly token."""
    owner, name = repository.split("/")
    integration = GithubIntegration(auth=Auth.AppAuth(app_id, key), base_url=url, retry=None)
    try:
        installation = integration.get_repo_installation(owner, name)
        login = f"{integration.get_app().slug}[bot]"
    except Exception as error:
        raise ConfigError(
            f"The GitHub App {app_id} is not installed on {repository}, or its key is wrong: install it in the "
            "repository's settings and check ACCESSION_GITHUB_APP_ID and ACCESSION_GITHUB_APP_KEY."
        ) from error
    return integration.get_github_for_installation(installation.id).requester, login


class Transport:
    """`get`, `pages` and `write` on JSON; nothing of `requests` or PyGithub passes this line."""

    def __init__(self, requester: Requester, url: str, *, store: Store, pacer: Pacer, clock: Clock) -> None:
        self._requester = requester
        self._store, self._pacer, self._clock = store, pacer, clock
        self._connection = _connection(url)
        self.calls: Counter[str] = Counter()
        """Requests by kind: `read`, `unchanged` (304), `write`."""
        self.ahead = timedelta()
        """How far GitHub's clock was ahead of ours at its last answer; its times decide which approval came first."""
        self.behind = timedelta()
        """How far ours was ahead of it, where it jumped."""

    def close(self) -> None:
        """Close the pooled connections."""
        self._connection.close()
        self._requester.close()

    def get(self, path: str, query: Mapping[str, str | int] | None = None, *, fresh: bool = False) -> Any:
        """The JSON of one GET; `fresh` asks without a validator. A 404 is None."""
        return self._read(_with_query(path, query or {}), fresh=fresh)[0]

    def pages(self, path: str, query: Mapping[str, str | int] | None = None, *, fresh: bool = False) -> Iterator[Any]:
        """The items of a listing, page by page as long as GitHub links a next one."""
        url: str | None = _with_query(path, {"per_page": _PAGE, **(query or {})})
        while url:
            found, url = self._read(url, fresh=fresh)
            yield from found or ()

    def write(self, verb: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """One write, sent once: status and JSON. Raises for refusals; the caller picks expected ones by `status`."""
        self._pacer.wait()
        self.calls["write"] += 1
        try:
            status, headers, text = self._send(verb, path, {}, body)
        except requests.RequestException as error:
            raise UnknownOutcomeError(f"GitHub gave no answer to {verb} {plain(path)}.") from error
        log.debug("github_written", verb=verb, path=plain(path), status=status)
        if status >= 500:
            raise UnknownOutcomeError(f"GitHub answered {status} to {verb} {plain(path)}.", status=status)
        if status >= 400:
            raise self._refusal(verb, path, status, headers, text)
        try:
            return status, json.loads(text) if text else None
        except ValueError as error:
            message = f"GitHub answered {status} to {verb} {plain(path)} with what is no JSON."
            raise UnknownOutcomeError(message, status=status) from error

    def query(self, document: str, variables: dict[str, Any]) -> Any:
        """The data of a GraphQL query. It changes nothing, so it is repeated as a GET is, and not paced as a write."""
        url, body = self._requester.graphql_url, {"query": document, "variables": variables}
        status, headers, text = self._patiently(lambda: self._send("POST", url, {}, body), url)
        self.calls["read"] += 1
        if status >= 400:
            raise self._refusal("POST", url, status, headers, text)
        return graphql_data(parsed(text, url))

    def mutate(self, document: str, variables: dict[str, Any]) -> Any:
        """The data of a GraphQL mutation: one write, sent once."""
        return graphql_data(
            self.write("POST", self._requester.graphql_url, {"query": document, "variables": variables})[1]
        )

    def _read(self, url: str, *, fresh: bool) -> tuple[Any, str | None]:
        known = None if fresh else self._store.get(_ETAGS, url)
        extra = {"If-None-Match": known["etag"]} if known else {}
        status, headers, text = self._patiently(lambda: self._send("GET", url, extra, None), url)
        if status == 304 and known:
            self.calls["unchanged"] += 1
            return known["body"], known["next"]
        self.calls["read"] += 1
        if status == 404:
            return None, None
        if status >= 400:
            raise self._refusal("GET", url, status, headers, text)
        body, following = parsed(text, url), next_page(headers.get("link", ""))
        if "etag" in headers and "/git/blobs/" not in url:  # a blob never changes, and may be large
            self._store.put(_ETAGS, url, {"etag": headers["etag"], "body": body, "next": following})
        return body, following

    def _patiently(
        self, send: Callable[[], tuple[int, dict[str, str], str]], url: str
    ) -> tuple[int, dict[str, str], str]:
        """Repeat a read on 5xx, cut connections and stated limits, with growing pauses."""
        for attempt in range(1, _TRIES + 1):
            try:
                status, headers, text = send()
            except requests.RequestException as error:
                if attempt == _TRIES:
                    message = f"GitHub cannot be reached ({type(error).__name__} on GET {plain(url)})."
                    raise GatewayError(message, reason="github-unreachable", transient=True) from error
            else:
                limited = status in {403, 429} and "retry-after" in headers
                if not (status >= 500 or limited) or attempt == _TRIES:
                    return status, headers, text
                if limited:
                    self._clock.sleep(float(headers["retry-after"]))
                    continue
            self._clock.sleep(0.25 * 2**attempt)
        raise AssertionError

    def _send(
        self, verb: str, path: str, headers: dict[str, str], body: dict[str, Any] | None
    ) -> tuple[int, dict[str, str], str]:
        status, answer, text = self._requester.requestJson(
            verb, path, headers=dict(headers), input=body, cnx=self._connection
        )
        if "date" in answer:
            now = self._clock.now()
            self.ahead, self.behind = ahead_of(answer["date"], now), behind_of(answer["date"], now)
        return status, answer, str(text)

    def _refusal(self, verb: str, path: str, status: int, headers: dict[str, str], text: str) -> GatewayError:
        said = message_of(text)
        limited = (
            "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or "rate limit" in said.lower()
        )
        if status in {403, 429} and limited:
            pause = pause_of(headers, self._clock.now().timestamp())
            self._pacer.hold(pause)
            return GatewayError(
                f"GitHub asks for a pause of {pause:.0f} s.",
                reason="rate-limited",
                transient=True,
                retry_after=pause,
                status=status,
            )
        if status >= 500:
            message = f"GitHub cannot be reached ({status} on {verb} {plain(path)})."
            return GatewayError(message, reason="github-unreachable", transient=True, status=status)
        reason = _REFUSED.get(status, "refused")
        if status == 422 and ("already exists" in said or "already_exists" in said):
            reason = "exists"
        return GatewayError(
            f"GitHub refused {verb} {plain(path)}: {status} {said}", reason=reason, transient=False, status=status
        )


def _connection(url: str) -> HTTPRequestsConnectionClass | HTTPSRequestsConnectionClass:
    parts = urlsplit(url)
    kind = HTTPSRequestsConnectionClass if parts.scheme == "https" else HTTPRequestsConnectionClass
    return kind(parts.hostname or "", parts.port, timeout=_TIMEOUT, retry=0, pool_size=8)


def _with_query(path: str, query: Mapping[str, str | int]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
