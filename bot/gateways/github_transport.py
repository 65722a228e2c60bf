"""The one place where a request to GitHub leaves: PyGithub signs it, this file revalidates, waits and translates.

* Reads are conditional (`If-None-Match`); a 304 costs no quota. Answers are kept by url (`github_cache.py`), threads that ask
  at once share requests (`coalesce.py`), and one look asks each url once (`bot/looks.py`).
* Only reads are ever repeated. PyGithub's own retry repeats POST after a 5xx or a cut connection (measured: one comment
  became three), so it is off; a write without an answer becomes `UnknownOutcomeError`.
* Both limits are obeyed before they are met (`allowance.py`, `pacer.py`). A pause longer than a few seconds is not slept
  through: it is handed up as `retry_after`.
Source: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import requests
import structlog
from github import Auth, Github, GithubIntegration

from bot import looks
from bot.errors import ConfigError, GatewayError, UnknownOutcomeError
from bot.gateways.allowance import Allowance
from bot.gateways.backoff import PATIENCE, TRIES, backoff, chance
from bot.gateways.call_ledger import CallLedger
from bot.gateways.circuit import github_circuit
from bot.gateways.coalesce import Coalescer
from bot.gateways.github_answers import graphql_data, message_of, parsed
from bot.gateways.github_cache import AnswerCache, Kept, slim
from bot.gateways.github_paging import below, confirmed, next_page
from bot.gateways.github_pauses import Pauses
from bot.gateways.github_refusals import limited, plain, refused, unlisted
from bot.gateways.github_wire import Exchange, Wire, family_of
from bot.gateways.last_word import last_word

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping
    from datetime import timedelta

    from github.Requester import Requester

    from bot.gateways.call_ledger import Family
    from bot.gateways.circuit import Circuit
    from bot.gateways.pacer import AnyPacer
    from bot.ports import Clock, Store

_PAGE = 100
_RESOURCES = {"rest": "core", "graphql": "graphql", "search": "search"}

log = structlog.get_logger()


def nothing() -> None:
    """The fence of a process that nobody can take over."""


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
    """`get`, `pages` and `write` on JSON; nothing of `requests` or PyGithub passes this line. Safe between threads."""

    def __init__(  # noqa: PLR0913 - what a process shares among its doors
        self,
        requester: Requester,
        url: str,
        *,
        store: Store,
        pacer: AnyPacer,
        clock: Clock,
        fence: Callable[[], None] = nothing,
        circuit: Circuit | None = None,
        ledger: CallLedger | None = None,
        jitter: Callable[[], float] = chance,
    ) -> None:
        """`fence` is asked before each write, and again as its bytes leave; raises where another process has taken over."""
        self._pacer, self._clock, self._fence, self._jitter = pacer, clock, fence, jitter
        self.circuit = circuit or github_circuit(clock)
        self.ledger = ledger or CallLedger()
        self.allowance = Allowance(clock)
        self._pauses = Pauses(clock)
        self._path = urlsplit(url).path.rstrip("/")
        self._cache = AnswerCache(store, clock)
        self._flights: Coalescer[Kept] = Coalescer()
        self._wire = Wire(
            requester,
            url,
            clock=clock,
            circuit=self.circuit,
            allowance=self.allowance,
            pacer=pacer,
            ledger=self.ledger,
        )

    @property
    def calls(self) -> Counter[str]:
        """Calls by kind: `read`, `unchanged` (304), `write`, and what cost none: `coalesced`, `cached`."""
        return self.ledger.kinds()

    @property
    def ahead(self) -> timedelta:
        """How far GitHub's clock was ahead of ours at its last answer."""
        return self._wire.ahead

    @property
    def behind(self) -> timedelta:
        """How far ours was ahead of it, where it jumped."""
        return self._wire.behind

    def close(self) -> None:
        """Close the pooled connections."""
        self._wire.close()

    def get(self, path: str, query: Mapping[str, str | int] | None = None, *, fresh: bool = False) -> Any:
        """The JSON of one GET; `fresh` asks without a validator. A 404 is None."""
        return self._read(_with_query(path, query or {}), fresh=fresh).body

    def pages(self, path: str, query: Mapping[str, str | int] | None = None, *, fresh: bool = False) -> Iterator[Any]:
        """The items of a listing, page by page as long as there is a next one and somebody wants more."""
        first = url = _with_query(path, {"per_page": _PAGE, **(query or {})})
        while url:
            found = self._read(url, fresh=fresh)
            if found.body is None and url != first:
                raise unlisted(url)
            yield from found.body or ()
            url = below(self._path, found.following) or ""

    def write(self, verb: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """One write, sent once: status and JSON. Raises for refusals; the caller picks expected ones by `status`."""
        self._hold_back(family_of(path, self._wire.graphql_url), urgent=True)
        self._pacer.wait()
        self._fence()
        looks.renew()
        try:
            with last_word(self._fence):
                found = self._wire.send(verb, path, {}, body, "write")
        except requests.RequestException as error:
            raise UnknownOutcomeError(f"GitHub gave no answer to {verb} {plain(path)}.") from error
        log.debug("github_written", verb=verb, path=plain(path), status=found.status)
        if found.status >= 500:
            raise UnknownOutcomeError(f"GitHub answered {found.status} to {verb} {plain(path)}.", status=found.status)
        if found.status >= 400:
            raise self._refusal(verb, path, found)
        try:
            return found.status, json.loads(found.text) if found.text else None
        except ValueError as error:
            message = f"GitHub answered {found.status} to {verb} {plain(path)} with what is no JSON."
            raise UnknownOutcomeError(message, status=found.status) from error

    def query(self, document: str, variables: dict[str, Any]) -> Any:
        """The data of a GraphQL query. It changes nothing, so it is repeated as a GET is, and not paced as a write."""
        url, body = self._wire.graphql_url, {"query": document, "variables": variables}
        found = self._patiently("POST", url, {}, body)
        if found.status >= 400:
            raise self._refusal("POST", url, found)
        return graphql_data(parsed(found.text, url))

    def mutate(self, document: str, variables: dict[str, Any]) -> Any:
        """The data of a GraphQL mutation: one write, sent once."""
        return graphql_data(self.write("POST", self._wire.graphql_url, {"query": document, "variables": variables})[1])

    def _read(self, url: str, *, fresh: bool) -> Kept:
        """From this look, from what never changes, or from GitHub."""
        look = looks.current()
        if look is not None and fresh:
            look.renew()
        known = None if fresh else ((look.known(url) if look else None) or self._cache.forever(url))
        if known is not None:
            self.ledger.count("rest", "cached")
            return known
        found, sent = self._flights.ask((url, fresh), lambda: self._ask(url, fresh=fresh))
        if not sent:
            self.ledger.count("rest", "coalesced")
        if look is not None:
            look.keep(url, found)
        return found

    def _ask(self, url: str, *, fresh: bool) -> Kept:
        known = None if fresh else self._cache.known(url)
        found = self._patiently("GET", url, {"If-None-Match": known.etag} if known else {}, None)
        link = found.headers.get("link", "")
        if found.status == 304 and known:
            return confirmed(known, url, link)
        if found.status == 404:
            return Kept(None)
        if found.status >= 400:
            raise self._refusal("GET", url, found)
        answer = Kept(slim(parsed(found.text, url)), next_page(link), found.headers.get("etag", ""))
        self._cache.keep(url, answer)
        return answer

    def _patiently(self, verb: str, url: str, headers: dict[str, str], body: dict[str, Any] | None) -> Exchange:
        """Repeat a read on 5xx, cut connections and short limits; what takes longer is not waited for here."""
        look, family = looks.current(), family_of(url, self._wire.graphql_url)
        for attempt in range(1, TRIES + 1):
            self._hold_back(family, urgent=look is None or look.urgent)
            try:
                found = self._wire.send(verb, url, headers, body, "read")
            except requests.RequestException as error:
                if attempt == TRIES:
                    message = f"GitHub cannot be reached ({type(error).__name__} on {verb} {plain(url)})."
                    raise GatewayError(message, reason="github-unreachable", transient=True) from error
            else:
                if not (found.status >= 500 or found.limited) or attempt == TRIES:
                    return found
                if found.limited:
                    self._pacer.hold(self._pauses.after(found.headers))
                    continue
            self._clock.sleep(backoff(attempt, self._jitter))
        raise AssertionError

    def _hold_back(self, family: Family, *, urgent: bool) -> None:
        """Wait for what GitHub asked for and for our share of the allowance; raise where that takes too long."""
        resource = _RESOURCES[family]
        share = self.allowance.pause(resource, urgent=urgent)
        pause = self.allowance.seconds(resource) if share is None else max(share, self._pacer.held())
        if pause > PATIENCE or share is None:
            raise limited(pause)
        if pause > 0:
            self._clock.sleep(pause)

    def _refusal(self, verb: str, path: str, found: Exchange) -> GatewayError:
        if found.limited:
            pause = self._pauses.after(found.headers)
            self._pacer.hold(pause)
            return limited(pause, found.status)
        return refused(verb, path, found.status, message_of(found.text))


def _with_query(path: str, query: Mapping[str, str | int]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
