"""What leaves for GitHub and what comes back: revalidated, repeated only where it is safe, translated."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
import requests
import structlog
from werkzeug.wrappers import Request, Response

from bot import looks
from bot.errors import ConfigError, GatewayError, UnknownOutcomeError
from bot.gateways.github_api import GitHubApi
from bot.gateways.github_transport import Transport, app_requester, token_requester
from bot.gateways.pacer import Pacer
from bot.gateways.store_sqlite import SqliteStore
from tests.fakes.clock import FakeClock
from tests.gateways.github_doors import TOKENS, ZOO, Doors, doors, said
from tests.world.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

R = f"/repos/{ZOO}"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path) as opened:
        yield opened


class Stub:
    """A GitHub that answers what it is told to, and counts."""

    def __init__(self, *answers: Response | Callable[[Request], Response]) -> None:
        self.answers, self.seen = list(answers), []

    def __call__(self, environ, start_response):
        request = Request(environ)
        self.seen.append((request.method, request.full_path.rstrip("?"), dict(request.headers)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return (answer if isinstance(answer, Response) else answer(request))(environ, start_response)


@pytest.fixture
def stubbed(tmp_path: Path) -> Iterator[Callable[..., tuple[Transport, Stub, FakeClock]]]:
    closing = []

    def make(*answers: Response) -> tuple[Transport, Stub, FakeClock]:
        stub, clock = Stub(*answers), FakeClock()
        served, store = serve(stub), SqliteStore(tmp_path / "db.sqlite")
        transport = Transport(
            token_requester(served.url, "a-token-of-the-bot"),
            served.url,
            store=store,
            pacer=Pacer(clock),
            clock=clock,
            jitter=lambda: 1.0,
        )
        closing.extend([transport, store, served])
        return transport, stub, clock

    yield make
    for opened in closing:
        opened.close()


def answer(status: int = 200, body: str = "{}", **headers: str) -> Response:
    return Response(
        body, status, {key.replace("_", "-"): value for key, value in headers.items()}, mimetype="application/json"
    )


# reading


def test_an_unchanged_answer_is_a_304_and_the_same(hub):
    first = hub.transport.get(R)
    assert hub.transport.get(R) == first
    assert (hub.counted("read"), hub.counted("unchanged")) == (1, 1)
    assert [request.status for request in hub.world.requests] == [200, 304]


def test_what_was_read_is_known_to_the_next_process(tmp_path):
    with doors(tmp_path) as hub:
        first = hub.transport.get(R)
        clock = FakeClock()
        with requests.Session():
            later = Transport(
                token_requester(hub.url, TOKENS["personal"]), hub.url, store=hub.store, pacer=Pacer(clock), clock=clock
            )
            assert later.get(R) == first
            assert later.calls == {"unchanged": 1}
            later.close()


def test_a_rotated_token_costs_one_full_answer(hub):
    first = hub.transport.get(R)
    other = Transport(
        token_requester(hub.url, TOKENS["app"]), hub.url, store=hub.store, pacer=Pacer(hub.clock), clock=hub.clock
    )
    assert other.get(R)["full_name"] == first["full_name"]
    other.get(R)
    assert (other.calls["read"], other.calls["unchanged"]) == (1, 1)
    other.close()


def test_a_change_is_seen_and_fresh_asks_without_validator(hub):
    number = hub.submission()
    assert list(hub.transport.pages(f"{R}/issues/{number}/comments")) == []
    hub.world.comment(ZOO, number, login="ada", body="Hello")
    assert [c["body"] for c in hub.transport.pages(f"{R}/issues/{number}/comments")] == ["Hello"]
    hub.transport.get(R)
    before = len(hub.world.requests)
    hub.transport.get(R, fresh=True)
    assert not hub.world.requests[before].conditional


def test_pages_follow_the_links_also_when_nothing_changed(hub):
    number = hub.submission()
    for n in range(5):
        hub.world.comment(ZOO, number, login="ada", body=f"{n}")
    for _ in range(2):
        found = hub.transport.pages(f"{R}/issues/{number}/comments", {"per_page": 2})
        assert [c["body"] for c in found] == list("01234")
    assert hub.counted("unchanged") == 3


def test_a_404_is_nothing(hub):
    assert hub.transport.get(f"{R}/pulls/99") is None
    assert list(hub.transport.pages(f"{R}/issues/99/comments")) == []


@pytest.mark.parametrize("fault", ["error-before", "error-after", "cut-before", "cut-after", "cut-midway"])
def test_a_read_is_repeated_with_growing_pauses(hub, fault):
    hub.faults.add(fault, method="GET", times=3)
    assert hub.transport.get(R)["full_name"] == ZOO
    first, second, third = hub.clock.slept
    assert 0 < first <= 0.5
    assert 0 < second <= 1.0
    assert 0 < third <= 2.0


@pytest.mark.parametrize("fault", ["error-before", "cut-before", "cut-midway"])
def test_a_read_that_never_succeeds_is_transient(hub, fault):
    hub.faults.add(fault, method="GET", times=None)
    with pytest.raises(GatewayError) as found:
        hub.transport.get(f"{R}?secret=1")
    assert (found.value.reason, found.value.transient) == ("github-unreachable", True)
    assert "secret" not in found.value.message
    assert len(hub.clock.slept) == 3


def test_a_read_obeys_retry_after(hub):
    hub.faults.add("too-many", method="GET", seconds=7)
    assert hub.transport.get(R)["full_name"] == ZOO
    assert hub.clock.slept == [7.0]


def test_a_read_that_stays_limited_says_for_how_long(hub):
    hub.faults.add("too-many", method="GET", seconds=9, times=None)
    with pytest.raises(GatewayError) as found:
        hub.transport.get(R)
    assert (found.value.reason, found.value.transient, found.value.retry_after) == ("rate-limited", True, 9.0)
    assert found.value.status == 429


def test_a_used_up_allowance_says_until_when(hub):
    hub.world.faults.rate_limit = 1
    hub.clock.time = hub.clock.time.fromtimestamp(hub.world.now(), hub.clock.time.tzinfo)
    hub.transport.get(R, fresh=True)
    with pytest.raises(GatewayError) as found:
        hub.transport.get(R, fresh=True)
    assert (found.value.reason, found.value.transient) == ("rate-limited", True)
    assert 3500 < found.value.retry_after <= 3601
    assert [request.status for request in hub.world.requests] == [200]


def test_an_answer_that_is_no_json_is_trouble_of_the_other_side(stubbed):
    transport, _, _ = stubbed(answer(200, "<html>"))
    with pytest.raises(GatewayError) as found:
        transport.get("/x")
    assert (found.value.reason, found.value.transient) == ("github-unreachable", True)


def test_an_empty_answer_is_nothing(stubbed):
    transport, _, _ = stubbed(answer(200, ""))
    assert transport.get("/x") is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [(401, "bad-credentials"), (403, "forbidden"), (409, "conflict"), (405, "not-allowed"), (418, "refused")],
)
def test_refusals_have_a_reason(stubbed, status, reason):
    transport, _, _ = stubbed(answer(status, '{"message": "No, because."}'))
    with pytest.raises(GatewayError) as read:
        transport.get("/x?y=1")
    assert (read.value.reason, read.value.transient, read.value.status) == (reason, False, status)
    assert read.value.message == f"GitHub refused GET /x: {status} No, because."
    with pytest.raises(GatewayError) as written:
        transport.write("PATCH", "/x", {})
    assert (written.value.reason, written.value.status) == (reason, status)


@pytest.mark.parametrize(
    ("body", "said_as"),
    [
        (
            '{"message": "Validation Failed", "errors": [{"code": "custom"}, "text", {"message": "m"}]}',
            "Validation Failed custom text m",
        ),
        ('{"message": "Validation Failed", "errors": null}', "Validation Failed"),
        ("[1]", ""),
        ("oops", ""),
    ],
)
def test_a_refusal_repeats_what_was_said(stubbed, body, said_as):
    transport, _, _ = stubbed(answer(422, body))
    with pytest.raises(GatewayError) as found:
        transport.write("POST", "/x", {})
    assert found.value.message == f"GitHub refused POST /x: 422 {said_as}"
    assert found.value.reason == "refused"


@pytest.mark.parametrize(
    "errors",
    ['"errors": [{"message": "A pull request already exists for zoo:x."}]', '"errors": [{"code": "already_exists"}]'],
)
def test_what_exists_already_has_a_reason_of_its_own(stubbed, errors):
    transport, _, _ = stubbed(answer(422, f'{{"message": "Validation Failed", {errors}}}'))
    with pytest.raises(GatewayError) as found:
        transport.write("POST", "/x", {})
    assert found.value.reason == "exists"


def test_the_clock_of_github_is_known_from_its_answers(hub):
    hub.transport.get(R)
    there = hub.clock.now() + hub.transport.ahead
    assert abs(there.timestamp() - time.time()) < 30
    hub.clock.time = there.replace(year=there.year + 1)
    hub.transport.get(R)
    assert hub.transport.ahead.total_seconds() == 0


@pytest.mark.parametrize("date", ["Wed, 01 May 2024 12:00:30 -0000", "tomorrow", ""])
def test_a_clock_that_cannot_be_read_is_no_clock(stubbed, date):
    transport, _, _ = stubbed(answer(200, "{}", Date=date))
    transport.get("/x")
    assert transport.ahead.total_seconds() == 0


# writing


def test_a_write_is_sent_once_whatever_happens(stubbed):
    transport, stub, _ = stubbed(answer(502))
    with pytest.raises(UnknownOutcomeError) as found:
        transport.write("POST", "/x?y=1", {"a": 1})
    assert found.value.status == 502
    assert found.value.message == "GitHub answered 502 to POST /x."
    assert len(stub.seen) == 1


def test_a_write_without_an_answer_in_json_is_unknown(stubbed):
    transport, _, _ = stubbed(answer(201, "<html>"))
    with pytest.raises(UnknownOutcomeError):
        transport.write("POST", "/x", {})


def test_a_write_gives_status_and_json(stubbed):
    transport, stub, _ = stubbed(answer(201, '{"id": 1}'), answer(204, ""))
    assert transport.write("POST", "/x", {"a": "é"}) == (201, {"id": 1})
    assert transport.write("DELETE", "/x") == (204, None)
    assert [seen[0] for seen in stub.seen] == ["POST", "DELETE"]
    assert transport.calls["write"] == 2


@pytest.mark.parametrize(
    ("status", "body", "headers", "pause"),
    [
        (403, '{"message": "slow"}', {"Retry_After": "30"}, 30.0),
        (429, '{"message": "slow"}', {"Retry_After": "12"}, 12.0),
        (403, '{"message": "You have exceeded a secondary rate limit."}', {}, 60.0),
        (403, '{"message": "x"}', {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "1714564845"}, 45.0),
        (403, '{"message": "x"}', {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "1714564000"}, 1.0),
    ],
    ids=["secondary", "429", "in words", "until the reset", "reset is over"],
)
def test_a_limit_holds_the_next_write_and_is_transient(stubbed, status, body, headers, pause):
    headers = {**headers, "Date": "Wed, 01 May 2024 12:00:00 GMT"}
    transport, stub, clock = stubbed(answer(status, body, **headers), answer(200, "{}"))
    with pytest.raises(GatewayError) as found:
        transport.write("POST", "/x", {})
    assert (found.value.reason, found.value.transient, found.value.retry_after) == ("rate-limited", True, pause)
    if pause > 10:
        with pytest.raises(GatewayError) as held:
            transport.get("/x")
        assert (held.value.reason, held.value.retry_after) == ("rate-limited", pause)
        clock.pass_by(pause - 5)
    assert clock.slept == []
    transport.write("POST", "/x", {})
    assert sum(clock.slept) == min(pause, 5)
    assert len(stub.seen) == 2


def test_content_limits_of_github_are_obeyed(hub):
    number = hub.submission()
    hub.world.faults.content_limits = True
    hub.world.faults.content_per_minute = 2
    for n in range(2):
        hub.api.create_comment(number, f"{n}")
    with pytest.raises(GatewayError) as found:
        hub.api.create_comment(number, "2")
    assert found.value.reason == "rate-limited"
    assert 0 < found.value.retry_after <= 60
    assert [c.body for c in hub.world.comments(ZOO, number)] == ["0", "1"]


def test_the_token_travels_in_a_header_only(stubbed):
    transport, stub, _ = stubbed(answer(200))
    transport.get("/x", {"y": 1})
    ((_, path, headers),) = stub.seen
    assert "a-token-of-the-bot" not in path
    assert headers["Authorization"] == "token a-token-of-the-bot"


def test_https_is_spoken_where_the_address_says_so(tmp_path):
    store, clock = SqliteStore(tmp_path / "db.sqlite"), FakeClock()
    transport = Transport(
        token_requester("https://127.0.0.1:9", "x" * 20),
        "https://127.0.0.1:9",
        store=store,
        pacer=Pacer(clock),
        clock=clock,
    )
    with pytest.raises(GatewayError, match="ConnectionError"):
        transport.get("/x")
    transport.close()
    store.close()


def test_a_listing_that_github_cut_is_an_error(stubbed):
    commit = {"sha": "c", "tree": {"sha": "t"}, "message": "m", "parents": []}
    tree = {"tree": [{"path": "collection", "type": "tree", "sha": "s", "mode": "040000"}], "truncated": True}
    transport, _, _ = stubbed(*(answer(200, json.dumps(body)) for body in (commit, tree)))
    with pytest.raises(GatewayError) as found:
        GitHubApi(transport, ZOO).folder("c", "collection")
    assert found.value.reason == "tree-truncated"


# limits, fence, figures


def left(remaining: int, limit: int = 1000, seconds: int = 1800, **more: str) -> Response:
    """An answer that tells the allowance; GitHub's clock is years ahead of the test's, which changes nothing."""
    figures = {"X-RateLimit-Limit": f"{limit}", "X-RateLimit-Remaining": f"{remaining}"}
    reset = {"X-RateLimit-Reset": f"{round(time.time()) + seconds}"}
    made = answer(200, "{}")
    made.headers.extend({**figures, **reset, **more})
    return made


@pytest.mark.parametrize(
    ("remaining", "urgent", "slept"),
    [(600, False, []), (500, False, [4.5]), (300, False, [5.0]), (300, True, []), (80, True, [5.0])],
)
def test_what_is_left_is_spread_over_the_time_before_it_runs_out(stubbed, remaining, urgent, slept):
    transport, stub, clock = stubbed(left(remaining))
    with looks.look("pull 1", urgent=urgent):
        transport.get("/x")
        transport.get("/y")
    assert clock.slept == pytest.approx(slept, abs=0.01)
    assert len(stub.seen) == 2


def test_the_last_tenth_is_for_what_somebody_waits_for(stubbed):
    transport, stub, clock = stubbed(left(100))
    transport.get("/x")
    with looks.look("pull 1"), pytest.raises(GatewayError) as found:
        transport.get("/y")
    assert (found.value.reason, found.value.away) == ("rate-limited", True)
    assert found.value.retry_after == pytest.approx(1800, abs=2)
    assert len(stub.seen) == 1
    with looks.look("pull 2", urgent=True):
        transport.get("/y")
    with looks.look("pull 3"):
        transport.write("POST", "/x", {})
        transport.get("/z")
    assert len(stub.seen) == 4
    assert max(clock.slept) <= 5


def test_a_used_up_allowance_sends_nothing_until_it_is_renewed(stubbed):
    transport, stub, clock = stubbed(left(0), left(1000))
    transport.get("/x")
    for ask in (lambda: transport.get("/y"), lambda: transport.write("POST", "/y", {})):
        with pytest.raises(GatewayError) as found:
            ask()
        assert found.value.reason == "rate-limited"
        assert found.value.retry_after == pytest.approx(1800, abs=2)
    clock.jump(-400 * 86_400)
    clock.pass_by(1803)
    transport.get("/y")
    assert len(stub.seen) == 2


def test_each_interface_has_an_allowance_of_its_own(stubbed):
    transport, stub, _ = stubbed(left(0, **{"X-RateLimit-Resource": "search"}), left(900))
    transport.get("/search/issues", {"q": "x"})
    transport.get("/x")
    with pytest.raises(GatewayError):
        transport.get("/search/issues", {"q": "y"})
    assert len(stub.seen) == 2
    assert [(row.family, row.kind, row.count) for row in transport.ledger.snapshot()] == [
        ("rest", "read", 1),
        ("search", "read", 1),
    ]


def test_a_reset_far_ahead_blocks_an_hour_at_most(stubbed):
    transport, _, _ = stubbed(left(0, seconds=10**8))
    transport.get("/x")
    with pytest.raises(GatewayError) as found:
        transport.get("/y")
    assert found.value.retry_after == 3600.0


@pytest.mark.parametrize("pause", ["soon", "Wed, 21 Oct 2015 07:28:00 GMT", "-1", "99999999999"])
def test_a_retry_after_that_is_nonsense_does_no_harm(stubbed, pause):
    transport, _, clock = stubbed(answer(429, "{}", Retry_After=pause))
    with pytest.raises(GatewayError) as found:
        transport.get("/x")
    assert found.value.reason == "rate-limited"
    assert 0 < found.value.retry_after <= 3600
    assert clock.slept == []


def test_a_pause_that_one_thread_was_asked_for_all_keep(stubbed):
    transport, stub, clock = stubbed(answer(403, "{}", Retry_After="120"), answer(200))
    for url in ("/x", "/y", "/z"):
        with pytest.raises(GatewayError) as found:
            transport.get(url)
        assert found.value.reason == "rate-limited"
    assert len(stub.seen) == 1
    clock.pass_by(120)
    transport.get("/y")


def test_behind_the_fence_nothing_is_written(stubbed):
    class LostError(Exception):
        pass

    def lost() -> None:
        raise LostError

    transport, stub, _ = stubbed(answer(200, '{"data": {}}'))
    transport._fence = lost
    for write in (lambda: transport.write("POST", "/x", {}), lambda: transport.mutate("mutation {}", {})):
        with pytest.raises(LostError):
            write()
    assert stub.seen == []
    transport.get("/x")
    transport.query("query {}", {})
    assert len(stub.seen) == 2


def test_the_fence_is_asked_after_the_wait(stubbed):
    transport, _, clock = stubbed(answer(200))
    transport._pacer.hold(5)
    asked = []
    transport._fence = lambda: asked.append(clock.steady())
    transport.write("POST", "/x", {})
    assert set(asked) == {5.0}


def test_every_call_is_counted_by_interface_kind_and_end(hub):
    hub.faults.add("error-before", method="GET", times=1)
    hub.transport.get(R)
    hub.transport.get(R)
    hub.transport.get(f"{R}/pulls/99")
    number = hub.submission()
    hub.api.create_comment(number, "Hello")
    with pytest.raises(GatewayError):
        hub.api.create_comment(number, "")
    with pytest.raises(GatewayError):
        hub.api.review_threads(99)
    found = {(row.family, row.kind, row.outcome): row.count for row in hub.transport.ledger.snapshot()}
    assert found == {
        ("graphql", "read", "ok"): 1,
        ("rest", "read", "failed"): 1,
        ("rest", "read", "ok"): 2,
        ("rest", "unchanged", "ok"): 1,
        ("rest", "write", "ok"): 1,
        ("rest", "write", "refused"): 1,
    }


def test_a_look_has_one_line_with_its_calls(hub):
    with structlog.testing.capture_logs() as lines:
        with looks.look("pull 1"):
            hub.transport.get(R)
            with looks.look("pull 1"):
                hub.transport.get(R)
            number = hub.submission()
            hub.api.create_comment(number, "Hello")
        hub.transport.get(R)
    (line,) = [line for line in lines if line["event"] == "look_done"]
    del line["seconds"]
    assert line == {
        "event": "look_done",
        "log_level": "info",
        "subject": "pull 1",
        "reads": 1,
        "unchanged": 0,
        "writes": 1,
        "coalesced": 0,
        "cached": 1,
    }


# apps


def test_a_token_that_cannot_be_renewed_sends_nothing_and_is_no_unknown_outcome(hub, key):
    private, public = key
    hub.world.add_app(77, public, login="accession[bot]")
    requester, _ = app_requester(hub.url, "77", private, ZOO)
    transport = Transport(requester, hub.url, store=hub.store, pacer=Pacer(hub.clock), clock=hub.clock)
    number = hub.submission()
    for status, reason in ((502, "github-unreachable"), (401, "bad-credentials")):
        hub.faults.add("error-before", path="/access_tokens", status=status)
        with pytest.raises(GatewayError) as found:
            transport.write("POST", f"{R}/issues/{number}/comments", {"body": "Hello"})
        assert (found.value.reason, found.value.transient) == (reason, status == 502)
        assert private not in said(found.value)
    assert hub.world.comments(ZOO, number) == []
    transport.write("POST", f"{R}/issues/{number}/comments", {"body": "Hello"})
    assert len(hub.world.comments(ZOO, number)) == 1
    transport.close()


def test_an_app_signs_as_its_installation(hub, key):
    private, public = key
    hub.world.add_app(77, public, login="accession[bot]")
    requester, login = app_requester(hub.url, "77", private, ZOO)
    assert login == "accession[bot]"
    transport = Transport(requester, hub.url, store=hub.store, pacer=Pacer(hub.clock), clock=hub.clock)
    api = GitHubApi(transport, ZOO, bot_login=login)
    assert api.viewer().user.login == login
    number = hub.submission()
    api.create_comment(number, "Report")
    assert [c.user for c in hub.world.comments(ZOO, number)] == [login]
    transport.close()


def test_an_app_that_is_not_installed_or_has_another_key_is_a_setting(hub, key):
    private, public = key
    with pytest.raises(ConfigError) as unknown:
        app_requester(hub.url, "78", private, ZOO)
    assert "ACCESSION_GITHUB_APP_ID" in unknown.value.message
    assert private not in said(unknown.value)
    hub.world.add_app(79, public.replace("A", "B", 1), login="other[bot]")
    with pytest.raises(ConfigError):
        app_requester(hub.url, "79", private, ZOO)
