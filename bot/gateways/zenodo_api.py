"""The archive's door: search and records of Zenodo over `requests`.

zenodo-client has no search, wants a token even to read and sends it in the query (it then shows in errors), so reads are
ours. The token travels in a header, to this origin alone.
Limits: https://developers.zenodo.org/#rate-limiting; pages of at most 25 as guest, 100 with a token; 10,000 results.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import requests
import structlog

from bot.errors import GatewayError
from bot.gateways import zenodo_json
from bot.gateways.backoff import TRIES, backoff, chance, seconds_asked
from bot.gateways.call_ledger import CallLedger
from bot.gateways.circuit import archive_circuit
from bot.records.submission import UploadPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.gateways.circuit import Circuit
    from bot.ports import Clock
    from bot.records.submission import Upload

_TIMEOUT = 30
_SEARCH = "/records"
_PATIENCE = 90.0
"""Its limits are counted by the minute, and a listing that is given up half-way begins anew."""
_WINDOW = 10_000
_GUEST_PAGE, _TOKEN_PAGE = 25, 100

log = structlog.get_logger()


class ZenodoApi:
    """See `ports.Archive`."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None,
        clock: Clock,
        circuit: Circuit | None = None,
        ledger: CallLedger | None = None,
        jitter: Callable[[], float] = chance,
    ) -> None:
        self.circuit = circuit or archive_circuit(clock)
        self._ledger, self._jitter = ledger or CallLedger(), jitter
        self._root = f"{url.rstrip('/')}/api"
        self._clock = clock
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = "accession"
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        self._page = _TOKEN_PAGE if token else _GUEST_PAGE
        self._way: str | None = None
        self.calls = 0

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def upload(self, record: str) -> Upload | None:
        """`GET /api/records/{id}`; works before the search index has the record."""
        status, data = self._get(f"/records/{record}")
        if status == 404:
            return None
        if status == 410:
            return zenodo_json.withdrawn(record)
        try:
            return zenodo_json.upload(data)
        except zenodo_json.UnreadableRecordError as error:
            message = f"Record {record} cannot be read ({status}): {error}."
            raise GatewayError(message, reason="archive-record", transient=False, status=status) from error

    def changed(self, keywords: Sequence[str], since: datetime | None) -> Iterator[UploadPage]:
        """`GET /api/records?q=keywords:…`, newest versions; by the first way to see edits that a probe shows to work.

        `newest` sorts by creation and never shows an edit, hence: a range on `updated`, else the order `updated-desc`,
        else everything.
        """
        words = " OR ".join(f'keywords:"{word}"' for word in keywords)
        query = f"({words})" if len(keywords) > 1 else words
        if since is None:
            return self._listing(query, "oldest", None)
        way = self._probe(query)
        if way == "range":
            return self._listing(f"{query} AND updated:[{_stamp(since)} TO *]", "oldest", None)
        return self._listing(query, "updated-desc" if way == "order" else "oldest", since if way == "order" else None)

    def _probe(self, query: str) -> str:
        """Which way shows edits, found out once per process by asking for what cannot be."""
        if self._way is None:
            self._way = next((name for name, test in self._ways(query) if test()), "everything")
            log.info("archive_probed", way=self._way)
        return self._way

    def _ways(self, query: str) -> tuple[tuple[str, Callable[[], bool]], ...]:
        return (
            ("range", lambda: self._ranged(query)),
            ("order", lambda: self._ordered(query)),
        )

    def _ranged(self, query: str) -> bool:
        """Nothing was changed tomorrow and everything since 1970: a search that ignores or cannot read it says otherwise."""
        tomorrow = _stamp(self._clock.now() + timedelta(days=1))
        if self._total(f"{query} AND updated:[{tomorrow} TO *]") != 0:
            return False
        every = self._total(query)
        return bool(every) and self._total(f"{query} AND updated:[1970-01-01 TO *]") == every

    def _total(self, query: str) -> int | None:
        status, data = self._get(_SEARCH, q=query, size=1)
        return int(data["hits"]["total"]) if status == 200 else None

    def _ordered(self, query: str) -> bool:
        status, down = self._get(_SEARCH, q=query, size=2, sort="updated-desc")
        if status != 200:
            return False
        _, up = self._get(_SEARCH, q=query, size=2, sort="updated-asc")
        first = [hits["hits"]["hits"][0] for hits in (down, up) if hits["hits"]["hits"]]
        return len(first) == 2 and str(first[0].get("updated")) > str(first[1].get("updated"))

    def _listing(self, query: str, sort: str, until: datetime | None) -> Iterator[UploadPage]:
        seen, number = 0, 1
        while True:
            status, data = self._get(_SEARCH, q=query, sort=sort, size=self._page, page=number)
            if status != 200:
                raise GatewayError(
                    f"The archive answered {status} to the search.",
                    reason="archive-search",
                    transient=False,
                    status=status,
                )
            hits, total = data["hits"]["hits"], int(data["hits"]["total"])
            seen, number = seen + len(hits), number + 1
            page = _page(hits, complete=False)
            past = until is not None and any(upload.updated < until for upload in page.uploads)
            last = past or seen >= total or not hits or seen >= _WINDOW
            yield replace(page, complete=past or seen >= total)
            if last:
                return

    def _get(self, path: str, **query: str | int) -> tuple[int, Any]:
        """Status and JSON; repeats 5xx, cut connections and 429, obeying `Retry-After` on the latter alone.

        Zenodo writes `Retry-After` on every answer, a 200 too, so the header by itself says nothing. A pause of more than a
        minute or so is handed up instead of slept through.
        """
        for attempt in range(1, TRIES + 1):
            self.circuit.check()
            self.calls += 1
            try:
                answer = self._session.get(f"{self._root}{path}", params=query, timeout=_TIMEOUT)
                pause, trouble = self._pause(answer, path, attempt), f"it answered {answer.status_code}"
                if pause is None:
                    return answer.status_code, answer.json()
            except (requests.RequestException, ValueError) as error:
                self._failed(path)
                pause, trouble = backoff(attempt, self._jitter), type(error).__name__
            if attempt == TRIES or pause > _PATIENCE:
                break
            self._clock.sleep(pause)
        raise GatewayError(
            f"The archive cannot be read ({trouble} on {path}).",
            reason="archive-unreachable",
            transient=True,
            retry_after=pause,
        )

    def _pause(self, answer: requests.Response, path: str, attempt: int) -> float | None:
        """Seconds before it is asked again; None where this is the answer."""
        status = answer.status_code
        if status >= 500:
            self._failed(path)
            return backoff(attempt, self._jitter)
        self.circuit.succeeded()
        if status == 429:
            self._ledger.count("archive", "read", "limited")
            asked = seconds_asked(answer.headers.get("Retry-After"))
            return 1.0 if asked is None else asked
        self._ledger.count("archive", "read", "refused" if status >= 400 and status != 404 else "ok")
        return None

    def _failed(self, path: str) -> None:
        """Records that cannot be shown, however many, make no archive that is away: before that is said, the search is asked."""
        self._ledger.count("archive", "read", "failed")
        self.circuit.failed(None if path == _SEARCH else self._searches)

    def _searches(self) -> bool:
        """Whether the search answers, with whatever it has."""
        self.calls += 1
        try:
            answer = self._session.get(f"{self._root}{_SEARCH}", params={"size": 1}, timeout=_TIMEOUT)
        except requests.RequestException:
            there = False
        else:
            there = answer.status_code < 500
        self._ledger.count("archive", "read", "ok" if there else "failed")
        return there


def _page(hits: list[Any], *, complete: bool) -> UploadPage:
    uploads, unreadable = [], []
    for hit in hits:
        try:
            uploads.append(zenodo_json.upload(hit))
        except zenodo_json.UnreadableRecordError as error:
            unreadable.append(f"{hit.get('id') if isinstance(hit, dict) else '?'}: {error}")
    return UploadPage(tuple(uploads), complete, tuple(unreadable))


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
