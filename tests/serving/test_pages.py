"""The status page, word for word, and with hostile texts in every field."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

from bot.serving.pages import POLICY, status_page
from bot.serving.public import public
from tests.fakes.golden import golden

NOW = datetime(2026, 5, 1, 12, 0, 7, tzinfo=UTC)
EVIL = "\"><script>alert(1)</script><img src=x onerror=y>'&\u202e"

STANDINGS = {
    "submissions": [
        {"pull_request": 12, "id": "brave-otter", "version": "1001", "stage": "awaiting review", "waits_for": "an approval",
         "next_attempt": None},
        {"pull_request": 13, "id": "calm-crane", "version": "1002", "stage": "checking", "waits_for": "the check",
         "next_attempt": "2026-05-01T12:05:00+00:00", "place": "next", "expected": "in about 2 minutes"},
        {"pull_request": None, "id": "", "version": "5764893", "stage": "held", "waits_for": "30 pull requests are open.",
         "next_attempt": "next poll"},
    ],
    "parked": [{"subject": "pull 4", "reason": "internal", "message": "Something broke.", "tries": 5, "since": "2026-05-01T11:00:00+00:00"}],
    "listing": {"complete": False, "at": "2026-05-01T11:58:00+00:00"},
    "queue": {"waiting": 2, "running": 1, "parked": 1, "oldest_seconds": 0},
    "messages": [{"message": "GitHub is down, waiting."}],
}  # fmt: skip


def page(found, *, young=True, pulls_url="https://github.com"):
    shown = public(found)
    return status_page(shown, repository="zoo/collection", pulls_url=pulls_url, now=NOW, young=young)


def body(html):
    return re.sub(r"<style>.*?</style>", "<style>…</style>", html, flags=re.DOTALL)


def test_word_for_word():
    golden("status_page", body(page(STANDINGS)))


def test_nothing_at_all():
    golden("status_page_empty", body(page({}, young=False)))


class Seen(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.styles, self._in = set(), set(), "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._in = tag
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        if self._in == "style":
            self.styles += data
            self._in = ""


def test_hostile_texts_are_texts():
    row = dict.fromkeys(("id", "version", "stage", "waits_for", "next_attempt", "place", "expected"), EVIL)
    parked = dict.fromkeys(("subject", "reason", "message", "since"), EVIL)
    found = {
        "submissions": [{**row, "pull_request": 1}, row], "parked": [parked], "listing": {"at": EVIL, "complete": True},
        "queue": {EVIL: 1}, "messages": [{"message": EVIL}],
    }  # fmt: skip
    html = page(found)
    plain = Seen(page(STANDINGS))
    assert Seen(html).tags <= plain.tags
    assert Seen(html).attributes <= plain.attributes
    assert "\u202e" not in html
    assert html.count("&lt;script&gt;") >= 10


def test_the_policy_allows_this_style_and_nothing_else():
    styles = Seen(page(STANDINGS)).styles
    assert base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode() in POLICY
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'")
    assert "script" not in POLICY


def test_an_address_that_is_none_is_no_link():
    assert "<a " not in page(STANDINGS, pulls_url="javascript:alert(1)//")
