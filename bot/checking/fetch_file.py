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
REMOTE_SECONDS = 86_400.0
"""So long an address is believed to deliver still what it delivered. A day of corrections costs one download."""


def fetch_file(
    bench: Bench, wanted: Wanted, *, limit: int, seconds: float, declared: str | None = None
) -> Blob | Problem:
    """The file in the cache, or what the contributor must mend; raises `GatewayError` for what is nobody's fault.

    `declared` is the sha256 in the RDF. It names no content here: it saves asking a remote address for what that lately
    delivered, and is compared with what came by the caller.
    """
    with bench.locks.hold(wanted.url):
        known = _known(bench, wanted, declared)
        if known is not None:
            return known if known.size <= limit else problems.too_large(wanted.name, limit)
        if wanted.size is not None and wanted.size > limit:
            return problems.too_large(wanted.name, limit)
        return _patiently(bench, wanted, limit, seconds)


def _known(bench: Bench, wanted: Wanted, declared: str | None) -> Blob | None:
    """From the cache: a listed file by what the archive says of it, a remote one where its address still counts."""
    key = _key(wanted)
    max_age = None if wanted.listed else REMOTE_SECONDS
    found = bench.shelf.get("fetched", key, max_age=max_age) if key else None
    if found is None or not (wanted.listed or found["sha256"] == declared):
        return None
    path = bench.cache.path(found["sha256"])
    return Blob(path.name, path.stat().st_size) if path else None


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
    key = _key(wanted)
    if key is not None:
        bench.shelf.put("fetched", key, {"sha256": blob.sha256})
    return blob


def _key(wanted: Wanted) -> str | None:
    """What the content is remembered by; None for a listed file of which the archive says no md5."""
    if not wanted.listed:
        return plain_json.digest({"url": wanted.url})
    return plain_json.digest([wanted.md5, wanted.size]) if wanted.md5 else None


def _ours(wanted: Wanted, error: GatewayError) -> GatewayError:
    message = f"The file {problems.at(wanted.name, wanted.url)} could not be fetched: {error.message}."
    return GatewayError(
        message, reason=error.reason, transient=True, retry_after=error.retry_after, status=error.status
    )
