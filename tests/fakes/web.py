"""A web of pages in memory: bytes, errors to be raised in turn, or what decides with the seconds given; it counts what was fetched."""

from contextlib import contextmanager

from bot.errors import GatewayError
from bot.records.download import Download


def error(reason, *, transient, status=None, retry_after=None):
    return GatewayError(f"it is {reason}", reason=reason, transient=transient, status=status, retry_after=retry_after)


class FakeWeb:
    def __init__(self):
        self.pages = {}
        self.fetched = []
        self.listed = set()

    @contextmanager
    def get(self, url, *, seconds, listed):
        self.fetched.append(url)
        self.listed |= {url} if listed else set()
        page = self.pages.get(url, error("gone", transient=False, status=404))
        if isinstance(page, list):
            page = page.pop(0) if len(page) > 1 else page[0]
        if callable(page):
            page = page(seconds)
        if isinstance(page, GatewayError):
            raise page
        yield Download(iter([page[i : i + 7] for i in range(0, len(page), 7)]), len(page))
