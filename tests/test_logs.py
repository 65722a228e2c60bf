"""Logs: one line an event, JSON off a terminal, no secret and no query in it."""

import json

import pytest
import structlog

from bot.logs import configure, mask, redact

SECRET = "token-of-the-bot"


class Odd:
    """Something that shows a secret when it is printed."""

    def __repr__(self):
        return f"Odd({SECRET})"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        (f"with {SECRET} inside", "with *** inside"),
        ("see https://x.example/a/b?token=1#c now", "see https://x.example/a/b now"),
        ("http://user:pass@x.example/a", "http://x.example/a"),
        ("https://x.example/a https://y.example?q", "https://x.example/a https://y.example"),
    ],
)
def test_secrets_and_queries_are_cut(text, shown):
    assert redact(text, (SECRET,)) == shown


def test_a_secret_that_is_not_set_masks_nothing():
    assert redact("plain", ("", SECRET)) == "plain"


def test_values_of_every_kind_are_masked():
    event = {
        "a": SECRET,
        "b": [SECRET, 1, None, True],
        "c": {"d": (SECRET, 2.5)},
        "e": Odd(),
        "f": ValueError(SECRET),
        "g": SECRET.encode(),
    }
    shown = mask(event, (SECRET,))
    assert SECRET not in repr(shown)
    assert shown["b"] == ["***", 1, None, True]
    assert shown["c"] == {"d": ["***", 2.5]}


def test_a_line_is_json_with_time_level_and_what_was_bound(capsys):
    configure([SECRET, ""])
    with structlog.contextvars.bound_contextvars(subject="pull 5"):
        structlog.get_logger().info("pull_merged", url=f"https://x.example/?t={SECRET}", token=SECRET, number=5)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"], line["subject"], line["number"]) == ("pull_merged", "info", "pull 5", 5)
    assert (line["url"], line["token"]) == ("https://x.example/", "***")
    assert line["timestamp"].endswith("Z")


def test_a_traceback_is_masked_too(capsys):
    configure([SECRET])
    try:
        int(f"refused {SECRET}")
    except ValueError:
        structlog.get_logger().exception("failed")
    shown = capsys.readouterr().err
    assert SECRET not in shown
    assert "refused ***" in json.loads(shown)["exception"]


def test_the_longer_secret_goes_first(capsys):
    configure(["abc", "abcdef"])
    structlog.get_logger().info("x", value="abcdef")
    assert json.loads(capsys.readouterr().err)["value"] == "***"


def test_writes_are_logged_when_asked(capsys):
    configure([])
    structlog.get_logger().debug("quiet")
    assert capsys.readouterr().err == ""
    configure([], verbose=True)
    structlog.get_logger().debug("loud")
    assert json.loads(capsys.readouterr().err)["event"] == "loud"


def test_on_a_terminal_it_is_for_people(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    configure([SECRET])
    structlog.get_logger().info("pull_merged", token=SECRET)
    shown = capsys.readouterr().err
    assert "pull_merged" in shown
    assert SECRET not in shown
    assert not shown.startswith("{")
