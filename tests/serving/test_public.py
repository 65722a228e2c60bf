"""What everybody may see: known fields of known types, cleaned, without mail addresses and secrets."""

import pytest

from bot.logs import redact
from bot.serving.public import MOST_ROWS, public

ROW = {
    "pull_request": 3, "id": "brave-otter", "version": "1001", "stage": "checking", "waits_for": "a check",
    "next_attempt": None, "place": "next", "expected": "in about 2 minutes",
}  # fmt: skip


def test_what_is_known_is_shown():
    parked = {
        "subject": "pull 4",
        "reason": "internal",
        "message": "It fails.",
        "tries": 5,
        "since": "2026-01-01T00:00:00+00:00",
    }
    listing = {"complete": True, "at": "2026-01-01T00:00:00+00:00"}
    found = {
        "submissions": [ROW], "parked": [parked], "listing": listing, "queue": {"waiting": 2, "oldest_seconds": 1.5},
        "messages": [{"message": "GitHub is down, waiting."}],
    }  # fmt: skip
    assert public(found) == {
        "submissions": [ROW],
        "stages": {"checking": 1},
        "parked": [parked],
        "listing": listing,
        "queue": {"oldest_seconds": 1.5, "waiting": 2},
        "messages": ["GitHub is down, waiting."],
    }


def test_what_is_unknown_stays_inside():
    found = public({"submissions": [{**ROW, "owner": "ada", "token": "x"}], "notify": "mailto://x"})
    assert found["submissions"] == [ROW]
    assert "notify" not in found


@pytest.mark.parametrize("wrong", [{"pull_request": True}, {"pull_request": "3"}])
def test_another_type_is_left_out(wrong):
    assert public({"submissions": [{**ROW, **wrong}]})["submissions"][0]["pull_request"] is None


@pytest.mark.parametrize(
    "wrong",
    [{}, {"submissions": None, "parked": {}, "listing": [], "queue": [], "messages": "x"}, {"submissions": [3, None]}],
)
def test_nothing_is_as_good_as_anything(wrong):
    assert public(wrong)["stages"] == {}


@pytest.mark.parametrize(
    "text",
    ["mail to ada@zoo.example failed", "<ada@zoo.example>", "ada@zoo.example, bob.b+x@a-b.example.org", "a@b.c@d.e"],
)
def test_no_mail_address_is_shown(text):
    shown = public({"submissions": [{**ROW, "waits_for": text}]})["submissions"][0]["waits_for"]
    assert "@" not in shown
    assert "…" in shown


def test_mentions_stay():
    assert (
        public({"submissions": [{**ROW, "waits_for": "@curator reads"}]})["submissions"][0]["waits_for"]
        == "@curator reads"
    )


def test_secrets_are_hidden():
    found = {"parked": [{"message": "refused s3cret-token at https://x.example/a?key=1"}]}
    shown = public(found, lambda text: redact(text, ("s3cret-token",)))
    assert shown["parked"][0]["message"] == "refused *** at https://x.example/a"


def test_texts_are_one_clean_line_of_some_length():
    shown = public({"submissions": [{**ROW, "waits_for": "a\n\u202eb" + "c" * 1000}]})["submissions"][0]["waits_for"]
    assert shown.startswith("a bccc")
    assert len(shown) == 300


def test_rows_are_counted():
    assert len(public({"submissions": [ROW] * (MOST_ROWS + 5)})["submissions"]) == MOST_ROWS


def test_numbers_are_numbers():
    assert public({"queue": {"a": True, "b": "3", "c": 1}})["queue"] == {"c": 1}
