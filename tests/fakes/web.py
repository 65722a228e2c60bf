"""A web of pages in memory: bytes, or errors to be raised in turn; it counts what was fetched."""

from contextlib import contextmanager
from datetime import UTC, datetime

from bot.errors import GatewayError
from bot.records.download import Download


def error(reason, *, transient, status=None, retry_after=None):
    return GatewayError(f"it is {reason}", reason=reason, transient=transient, status=status, retry_after=retry_after)


class FakeWeb:
    def __init__(self):
        self.pages = {}
        self.fetched = []

    @contextmanager
    def get(self, url, *, seconds):
        self.fetched.append(url)
        page = self.pages.get(url, error("gone", transient=False, status=404))
        if isinstance(page, list):
            page = page.pop(0) if len(page) > 1 else page[0]
        if isinstance(page, GatewayError):
            raise page
        yield Download(iter([page[i : i + 7] for i in range(0, len(page), 7)]), len(page))


class FakeClock:
    def __init__(self):
        self.slept = []

    def now(self):
        return datetime(2024, 1, 1, tzinfo=UTC)

    def sleep(self, seconds):
        self.slept.append(seconds)
