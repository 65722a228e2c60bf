"""The signed memory: what comes back is what was written here, by us, unaltered, or nothing."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests import digest
from bot.feedback.state_block import REPORT_MARKER, remember, seal, unseal
from bot.records.state import State
from tests.fakes.facts import state

KEY, WHERE = b"a state key of good length", "zoo/collection#5"
TEXT = "### brave-otter · 1001\n\nAll checks passed."

words = st.text(max_size=30) | st.sampled_from(
    ["-->", "--", "---", "<!--", "\\--", "{", "}", '"', "\r\n", "é\u2028", "\x00"]
)
states = st.builds(
    State,
    *[words] * 7,
    excluded=st.lists(words, max_size=3).map(tuple),
    mentioned=st.lists(words, max_size=3).map(tuple),
    entry_sha=words,
    told=st.lists(words, max_size=3).map(tuple),
    attempts=st.integers(0, 9),
    retry_at=words,
    answered=st.integers(0, 2**53),
)


def same(found, written):
    return replace(found, body="") == replace(written, body="")


@given(st.text(max_size=80).map(lambda text: text.replace("\r", "")), states)
def test_what_was_written_is_read_again(text, written):
    found, intact = unseal(seal(text, written, KEY, WHERE), KEY, WHERE)
    assert same(found, written)
    assert intact
    assert found.body == digest(text)


@given(states)
def test_no_value_closes_the_comment_it_hides_in(written):
    body = seal(TEXT, written, KEY, WHERE)
    hidden = body.partition("<!-- accession:state ")[2]
    assert hidden.index("-->") == len(hidden) - 3
    assert "--" not in hidden[:-3]
    assert "\n" not in hidden


def test_the_body_is_text_then_marker_then_block():
    body = seal(TEXT, state(), KEY, WHERE)
    assert body.startswith(f"{TEXT}\n\n{REPORT_MARKER}\n<!-- accession:state ")


def test_line_ends_of_a_browser_change_nothing():
    body = seal(TEXT, state(), KEY, WHERE)
    assert unseal(body.replace("\n", "\r\n"), KEY, WHERE) == unseal(body, KEY, WHERE)
    assert unseal(body.replace("\n", "\r\n"), KEY, WHERE)[1]


def test_space_after_the_block_changes_nothing():
    assert unseal(seal(TEXT, state(), KEY, WHERE) + "\n \n", KEY, WHERE)[1]


@pytest.mark.parametrize(
    ("key", "where"), [(b"another key of good length", WHERE), (KEY, "zoo/collection#6"), (KEY, "fork/collection#5")]
)
def test_another_key_pull_request_or_repository_means_absent(key, where):
    assert unseal(seal(TEXT, state(), KEY, WHERE), key, where) is None


@pytest.mark.parametrize("field", [field.name for field in fields(State)])
def test_every_altered_field_means_absent(field):
    body = seal(TEXT, state(told=("mail:merged",), retry_at="2024", attempts=1, answered=2), KEY, WHERE)
    start = body.index(f'"{field}":') + len(field) + 3
    spot = next(at for at in range(start, len(body)) if body[at].isalnum())
    altered = body[:spot] + ("2" if body[spot] == "1" else "1") + body[spot + 1 :]
    assert unseal(altered, KEY, WHERE) is None


@pytest.mark.parametrize(
    "alter",
    [
        lambda body: body.replace("accession:state ", "accession:state 0"),
        lambda body: body.replace("accession:state", "accession:mate"),
        lambda body: body.replace("<!-- accession:report -->\n", ""),
        lambda body: body + "\nA line of somebody else.",
        lambda body: body[:-4],
        lambda _body: "",
        lambda _body: "Thanks!",
    ],
    ids=["signature", "no block", "no marker", "something after it", "cut off", "empty", "no report"],
)
def test_a_broken_block_means_absent(alter):
    assert unseal(alter(seal(TEXT, state(), KEY, WHERE)), KEY, WHERE) is None


@pytest.mark.parametrize(
    "alter", [lambda body: body.replace("passed", "failed", 1), lambda body: f"Hello\n\n{body}", lambda body: body[1:]]
)
def test_altered_visible_text_is_seen_though_the_state_is_ours(alter):
    found, intact = unseal(alter(seal(TEXT, state(), KEY, WHERE)), KEY, WHERE)
    assert same(found, state())
    assert not intact


def test_a_forged_block_in_the_text_does_not_hide_ours():
    forged = seal("", state(outcome="passed"), b"a key of somebody else", WHERE)
    body = seal(f"{TEXT}{forged}", state(outcome="failed"), KEY, WHERE)
    found, intact = unseal(body, KEY, WHERE)
    assert (found.outcome, intact) == ("failed", True)


def test_our_own_old_block_pasted_under_a_new_one_is_only_text():
    older = seal("", state(outcome="passed"), KEY, WHERE)
    found, _ = unseal(seal(f"{TEXT}{older}", state(outcome="failed"), KEY, WHERE), KEY, WHERE)
    assert found.outcome == "failed"


def test_another_state_below_the_same_text_is_whole_again():
    body = remember(seal("### Text", state(), KEY, WHERE).replace("\n", "\r\n"), state(build="9" * 64), KEY, WHERE)
    found, intact = unseal(body, KEY, WHERE)
    assert (found.build, intact) == ("9" * 64, True)
    assert body.startswith("### Text\n\n<!--")
