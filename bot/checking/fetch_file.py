"""Fetches one file into the cache: bounded, verified while streaming, tried three times where it may pass by itself.

Tries, pauses and waiting for who fetches the same go off the time that all files of the submission have together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import plain_json
from bot.checking import problems
from bot.checking.blob_cache import TooLargeError, WrongContentError
from bot.errors import GatewayError
from bot.records.blob import Blob

if TYPE_CHECKING:
    from bot.checking.bench import Bench
    from bot.checking.fetch_time import FetchTime
    from bot.checking.problems import Problem
    from bot.checking.sources import Wanted

TRIES = 3
LONGEST_PAUSE = 60.0
"""Seconds; a server that asks for more patience is left to the next attempt of the whole job."""
TIME = "fetch-time"
"""`reason` where the time of all files was over."""
_NO_TURN = GatewayError("its turn came too late", reason="timeout", transient=True)
REMOTE_SECONDS = 86_400.0
"""So long an address is believed to deliver still what it delivered. A day of corrections costs one download."""


def fetch_file(
    bench: Bench, wanted: Wanted, *, limit: int, time: FetchTime, declared: str | None = None
) -> Blob | Problem:
    """The file in the cache, or what the contributor must mend; raises `GatewayError` for what is nobody's fault.

    `declared` is the sha256 in the RDF. It names no content here: it saves asking a remote address for what that lately
    delivered, and is compared with what came by the caller.
    """
    had = time.left()
    with bench.locks.hold(wanted.url, seconds=had) as mine:
        if not mine:
            raise _late(wanted, _NO_TURN, time, had)
        known = _known(bench, wanted, declared)
        if known is not None:
            return known if known.size <= limit else problems.too_large(wanted.name, limit)
        if wanted.size is not None and wanted.size > limit:
            return problems.too_large(wanted.name, limit)
        return _patiently(bench, wanted, limit, time)


def _known(bench: Bench, wanted: Wanted, declared: str | None) -> Blob | None:
    """From the cache: a listed file by what the archive says of it, a remote one where its address still counts."""
    key = _key(wanted)
    max_age = None if wanted.listed else REMOTE_SECONDS
    found = bench.shelf.get("fetched", key, max_age=max_age) if key else None
    if found is None or not (wanted.listed or found["sha256"] == declared):
        return None
    path = bench.cache.path(found["sha256"])
    return Blob(path.name, path.stat().st_size) if path else None


def _patiently(bench: Bench, wanted: Wanted, limit: int, time: FetchTime) -> Blob | Problem:
    had = time.left()
    if had <= 0:
        raise _late(wanted, _NO_TURN, time, had)
    for attempt in range(1, TRIES + 1):
        try:
            return _fetch(bench, wanted, limit, time.left())
        except GatewayError as error:
            if not error.transient:
                return problems.fetching(wanted.name, wanted.url, error)
            pause = error.retry_after if error.retry_after is not None else float(4 ** (attempt - 1))
            if min(pause, LONGEST_PAUSE) >= time.left():
                raise _late(wanted, error, time, had) from None
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


def _ours(wanted: Wanted, error: GatewayError, *, reason: str = "", more: str = "") -> GatewayError:
    message = f"The file {problems.at(wanted.name, wanted.url)} could not be fetched: {error.message}.{more}"
    return GatewayError(
        message, reason=reason or error.reason, transient=True, retry_after=error.retry_after, status=error.status
    )


def _late(wanted: Wanted, error: GatewayError, time: FetchTime, had: float) -> GatewayError:
    """No `timeout`: that is one server's, and the archive's is waited for; this time may have been used up by others."""
    more = f" All files of the submission have {time.seconds:,.0f} s together; {had:,.0f} s were left for it."
    return _ours(wanted, error, reason=TIME if error.reason == "timeout" else "", more=more)
