"""Fetches one file into the cache: bounded, verified while streaming, tried three times where it may pass by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import plain_json
from bot.checking import problems
from bot.checking.blob_cache import TooLargeError, WrongContentError
from bot.errors import GatewayError
from bot.records.blob import Blob

if TYPE_CHECKING:
    from bot.checking.bench import Bench
    from bot.checking.problems import Problem
    from bot.checking.sources import Wanted

TRIES = 3
LONGEST_PAUSE = 60.0
"""Seconds; a server that asks for more patience is left to the next attempt of the whole job."""


def fetch_file(
    bench: Bench, wanted: Wanted, *, limit: int, seconds: float, sha256: str | None = None
) -> Blob | Problem:
    """The file in the cache, or what the contributor must mend; raises `GatewayError` for what is nobody's fault.

    `sha256`, as the RDF declares it, finds the file in the cache; it is compared by the caller.
    """
    with bench.locks.hold(wanted.url):
        known = _known(bench, wanted, sha256)
        if known is not None:
            return known if known.size <= limit else problems.too_large(wanted.name, limit)
        if wanted.size is not None and wanted.size > limit:
            return problems.too_large(wanted.name, limit)
        return _patiently(bench, wanted, limit, seconds)


def _known(bench: Bench, wanted: Wanted, sha256: str | None) -> Blob | None:
    if sha256 is None and wanted.md5 is not None:
        found = bench.shelf.get("fetched", _alias(wanted)) or {}
        sha256 = found.get("sha256")
    path = bench.cache.path(sha256) if sha256 else None
    return Blob(sha256, path.stat().st_size) if path is not None and sha256 else None


def _patiently(bench: Bench, wanted: Wanted, limit: int, seconds: float) -> Blob | Problem:
    for attempt in range(1, TRIES + 1):
        try:
            return _fetch(bench, wanted, limit, seconds)
        except GatewayError as error:
            if not error.transient:
                return problems.fetching(wanted.name, wanted.url, error)
            pause = error.retry_after if error.retry_after is not None else float(4 ** (attempt - 1))
            if attempt == TRIES or pause > LONGEST_PAUSE:
                raise _ours(wanted, error) from None
            bench.clock.sleep(pause)
    raise AssertionError


def _fetch(bench: Bench, wanted: Wanted, limit: int, seconds: float) -> Blob | Problem:
    try:
        with bench.web.get(wanted.url, seconds=seconds, listed=wanted.listed) as download:
            if download.size is not None and download.size > limit:
                return problems.too_large(wanted.name, limit)
            blob = bench.cache.add(download.chunks, limit=limit, size=wanted.size, md5=wanted.md5)
    except TooLargeError:
        return problems.too_large(wanted.name, limit)
    except WrongContentError as error:
        message = f"it is not what the archive announced ({error})"
        raise GatewayError(message, reason="wrong-content", transient=True) from None
    if wanted.md5 is not None:
        bench.shelf.put("fetched", _alias(wanted), {"sha256": blob.sha256})
    return blob


def _alias(wanted: Wanted) -> str:
    return plain_json.digest([wanted.md5, wanted.size])


def _ours(wanted: Wanted, error: GatewayError) -> GatewayError:
    message = f"The file {problems.at(wanted.name, wanted.url)} could not be fetched: {error.message}."
    return GatewayError(
        message, reason=error.reason, transient=True, retry_after=error.retry_after, status=error.status
    )
