"""The door to the archive, held against a Zenodo of one's own and against recorded answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.wrappers import Request, Response

from bot.errors import GatewayError
from bot.gateways import zenodo_json
from bot.gateways.circuit import AFTER
from bot.gateways.zenodo_api import ZenodoApi
from tests.conftest import REALDATA
from tests.fakes.clock import FakeClock
from tests.gateways.github_doors import said
from tests.world.faults import Faults
from tests.world.server import serve
from tests.world.zenodo import ZenodoWorld

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORDS = ("bioimage.io",)
TOKEN = "zenodo-token-of-the-bot"
T0 = datetime(2024, 5, 1, tzinfo=UTC)


class Ticking:
    """The archive's clock: an hour passes when it is told to."""

    def __init__(self) -> None:
        self.time = T0.timestamp()

    def __call__(self) -> float:
        return self.time

    def pass_hours(self, hours: float = 1) -> datetime:
        self.time += hours * 3600
        return datetime.fromtimestamp(self.time, UTC)


class Place:
    """World, faults and api."""

    def __init__(
        self, world: ZenodoWorld, faults: Faults, api: ZenodoApi, bot_clock: FakeClock, clock: Ticking
    ) -> None:
        self.world, self.faults, self.api, self.bot_clock, self.clock = world, faults, api, bot_clock, clock

    def publish(self, count: int = 1, **more: Any) -> list[str]:
        with self.world.saving_once():
            made = []
            for n in range(count):
                self.clock.pass_hours(0.01)
                made.append(str(self.world.publish({"rdf.yaml": b"name: x\n"}, title=f"Upload {n}", **more).id))
        return made

    def changed(self, since: datetime | None = None, words: tuple[str, ...] = WORDS) -> list[str]:
        self.bot_clock.time = datetime.fromtimestamp(self.clock.time, UTC)
        pages = list(self.api.changed(words, since))
        assert [page.complete for page in pages] == [False] * (len(pages) - 1) + [True]
        return [upload.record for page in pages for upload in page.uploads]


@pytest.fixture(params=[None, TOKEN], ids=["guest", "token"])
def any_place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    yield from opened(tmp_path, request.param)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    yield from opened(tmp_path, None)


def opened(path: Path, token: str | None) -> Iterator[Place]:
    clock, bot_clock = Ticking(), FakeClock()
    world = ZenodoWorld(path / "zenodo", clock=clock)
    world.add_user("bot", TOKEN)
    faults = Faults(world)
    with serve(faults) as served:
        world.url = served.url
        api = ZenodoApi(f"{served.url}/", token=token, clock=bot_clock, jitter=lambda: 1.0)
        yield Place(world, faults, api, bot_clock, clock)
        api.close()


# one record


def test_a_record_is_read_with_its_files(any_place):
    first = any_place.world.publish(
        {"w.onnx": b"weights", "rdf.yaml": b"name: x\n"}, title="A model", keywords=["bioimage.io", "cells"]
    )
    upload = any_place.api.upload(str(first.id))
    assert (upload.archive, upload.record, upload.concept) == ("zenodo", str(first.id), str(first.concept))
    assert (upload.title, upload.access, upload.keywords) == ("A model", "open", ("bioimage.io", "cells"))
    assert [(file.name, file.size) for file in upload.files] == [("rdf.yaml", 8), ("w.onnx", 7)]
    assert upload.files[0].url.endswith("/rdf.yaml/content")
    assert len(upload.files[0].md5) == 32
    assert upload.owners == (str(first.owner),)
    assert upload.url == f"{any_place.world.url}/records/{first.id}"
    assert upload.updated == T0
    assert upload.doi
    assert upload.concept_doi


def test_a_record_is_read_before_the_search_knows_it(place):
    place.world.index_lag = 3600
    (record,) = place.publish()
    assert place.changed() == []
    assert place.api.upload(record).record == record


def test_there_may_be_no_such_record(place):
    assert place.api.upload("99999") is None


def test_a_withdrawn_record_leaves_its_id(place):
    (record,) = place.publish()
    place.world.withdraw(record)
    upload = place.api.upload(record)
    assert (upload.record, upload.access, upload.files) == (record, "withdrawn", ())
    assert place.changed() == []


def test_a_restricted_record_says_so(place):
    (record,) = place.publish()
    place.world.restrict(record)
    assert place.api.upload(record).access == "restricted"


def test_versions_share_a_concept_and_the_search_shows_the_newest(place):
    (first,) = place.publish()
    concept = place.world.record(first).concept
    (second,) = place.publish(concept=concept)
    assert place.api.upload(first).concept == place.api.upload(second).concept
    assert place.changed() == [second]


# listing


def test_only_records_with_the_keyword_are_listed(place):
    (mine,) = place.publish()
    place.publish(keywords=["other"])
    (third,) = place.publish(keywords=["scivision"])
    assert place.changed() == [mine]
    assert place.changed(words=("bioimage.io", "scivision")) == [mine, third]


def test_pages_are_as_large_as_the_archive_allows(any_place):
    records = any_place.publish(60)
    before = any_place.api.calls
    assert any_place.changed() == records
    assert any_place.api.calls - before == (3 if any_place.api._page == 25 else 1)


WAYS = {
    "range": (True, True, True),
    "order": (True, False, True),
    "order on a lax archive": (True, False, False),
    "everything": (False, False, True),
    "everything on a lax archive": (False, False, False),
    "range only": (False, True, True),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_edit_is_seen_by_whichever_way_works(place, way):
    place.world.honour_updated_sort, place.world.honour_updated_range, place.world.strict = WAYS[way]
    records = place.publish(30)
    since = place.clock.pass_hours(48)
    place.clock.pass_hours()
    place.world.edit(records[3], title="Edited")
    found = place.changed(since)
    assert records[3] in found
    assert place.api._way == way.split(" ")[0]
    if place.api._way == "range":
        assert found == [records[3]]
    if place.api._way == "order":
        assert len(found) == 25
    if place.api._way == "everything":
        assert sorted(found) == sorted(records)
    calls = place.api.calls
    place.changed(since)
    assert place.api.calls - calls <= 2


def test_nothing_new_costs_one_request_however_many_records_there_are(place):
    place.publish(80)
    since = place.clock.pass_hours(48)
    place.changed(since)
    calls = place.api.calls
    assert place.changed(since) == []
    assert place.api.calls == calls + 1


def test_an_empty_archive_is_a_complete_listing(place):
    assert place.changed() == []
    assert place.changed(T0) == []


def test_a_listing_past_the_search_window_says_that_it_is_not_complete(tmp_path):
    hit = {"id": 1, "created": "2024-01-01", "metadata": {}, "files": []}
    seen = []

    def endless(environ, start_response):
        seen.append(Request(environ).args["page"])
        body = json.dumps({"hits": {"hits": [hit] * 100, "total": 20_000}})
        return Response(body, mimetype="application/json")(environ, start_response)

    with serve(endless) as served:
        api = ZenodoApi(served.url, token=TOKEN, clock=FakeClock())
        pages = list(api.changed(WORDS, None))
        api.close()
    assert len(pages) == 100 == len(seen)
    assert not any(page.complete for page in pages)


def test_a_listing_that_runs_dry_too_early_is_not_complete(stubbed):
    api = stubbed({"hits": {"hits": [], "total": 7}})
    assert [page.complete for page in api.changed(WORDS, None)] == [False]


def test_a_refused_page_is_an_error_and_never_a_silent_end(place):
    place.publish(30)
    place.faults.add("error-before", path="page=2", status=400)
    with pytest.raises(GatewayError) as found:
        list(place.api.changed(WORDS, None))
    assert (found.value.reason, found.value.status, found.value.transient) == ("archive-search", 400, False)


def test_a_record_that_cannot_be_read_is_named_and_the_others_are_listed(stubbed):
    good = {"id": 2, "created": "2024-01-01T00:00:00", "metadata": {"keywords": ["x"]}, "files": []}
    api = stubbed({"hits": {"hits": [{"id": 1}, good, "?"], "total": 3}})
    (page,) = api.changed(WORDS, None)
    assert [upload.record for upload in page.uploads] == ["2"]
    assert page.complete
    assert page.unreadable[0].startswith("1: the archive's description of the record has no usable ")
    assert page.unreadable[1].startswith("?: ")


def test_a_record_that_cannot_be_read_does_not_stop_the_listing_by_order(place, monkeypatch):
    place.world.honour_updated_range = False
    place.publish(3)
    since = place.clock.pass_hours(48)
    monkeypatch.setattr(zenodo_json, "upload", readable)
    pages = list(place.api.changed(WORDS, since))
    assert pages[-1].complete
    assert len(pages[0].unreadable) == 1


real = zenodo_json._upload


def readable(data):
    if data["metadata"]["title"] == "Upload 2":
        raise zenodo_json.UnreadableRecordError("spoilt")
    return real(data)


@pytest.fixture
def stubbed() -> Iterator[Any]:
    closing = []

    def make(data: Any, status: int = 200) -> ZenodoApi:
        served = serve(Response(json.dumps(data), status, mimetype="application/json"))
        api = ZenodoApi(served.url, token=None, clock=FakeClock())
        closing.extend([api, served])
        return api

    yield make
    for one in closing:
        one.close()


@pytest.mark.parametrize(
    ("status", "data"),
    [(403, {"status": 403}), (400, {"message": "no"}), (200, {}), (200, []), (200, {"id": 1, "metadata": 7})],
)
def test_a_single_record_that_cannot_be_read_is_an_error_with_its_id(stubbed, status, data):
    with pytest.raises(GatewayError) as found:
        stubbed(data, status).upload("17")
    assert (found.value.reason, found.value.transient) == ("archive-record", False)
    assert "Record 17 cannot be read" in found.value.message


# trouble


@pytest.mark.parametrize("fault", ["error-before", "error-after", "cut-before", "cut-after", "cut-midway"])
def test_a_read_is_repeated(place, fault):
    (record,) = place.publish()
    place.faults.add(fault, times=3)
    assert place.api.upload(record).record == record
    assert place.bot_clock.slept == [0.5, 1.0, 2.0]


def test_retry_after_is_obeyed_on_429_alone(place):
    (record,) = place.publish()
    place.faults.add("too-many", seconds=11)
    place.faults.add("error-before", status=503)
    assert place.api.upload(record).record == record
    assert place.bot_clock.slept == [11.0, 1.0]


def test_the_archive_own_limits_are_obeyed(place):
    place.publish()
    place.world.enforce_limits = True
    for _ in range(30):
        assert len(place.changed()) == 1
    with pytest.raises(GatewayError) as found:
        place.changed()
    assert found.value.retry_after > 0
    assert len(place.bot_clock.slept) == 3


@pytest.mark.parametrize("fault", ["error-before", "cut-before", "too-many"])
def test_what_never_succeeds_is_transient(place, fault):
    place.faults.add(fault, times=None, seconds=5)
    with pytest.raises(GatewayError) as found:
        place.api.upload("17")
    assert (found.value.reason, found.value.transient) == ("archive-unreachable", True)
    assert len(place.bot_clock.slept) == 3


@pytest.mark.parametrize("fault", ["error-before", "cut-before"])
def test_records_that_cannot_be_shown_are_no_archive_that_is_away(place, fault):
    sick = place.publish(5)
    (well,) = place.publish()
    for record in sick:
        place.faults.add(fault, path=f"/records/{record}", times=None)
    for record in sick * 2:
        with pytest.raises(GatewayError, match="cannot be read"):
            place.api.upload(record)
    assert not place.api.circuit.state().open
    assert place.api.upload(well).record == well
    assert len(place.changed()) == 6


@pytest.mark.parametrize("fault", ["error-before", "cut-before"])
def test_an_archive_that_is_away_is_asked_no_more_until_a_probe(place, fault):
    (record,) = place.publish()
    place.faults.add(fault, times=None)
    reasons = []
    for _ in range(4):
        with pytest.raises(GatewayError) as found:
            place.api.upload(record)
        reasons.append(found.value.reason)
    assert reasons == ["archive-unreachable", "archive-unreachable", "archive-down", "archive-down"]
    assert len(place.faults.log) == AFTER + 1, "the search was asked too, once"
    with pytest.raises(GatewayError, match="is down, waiting"):
        place.changed()
    place.faults.clear()
    place.faults.add(fault, path=f"/records/{record}", times=None)
    place.bot_clock.pass_by(60)
    with pytest.raises(GatewayError, match="cannot be read"):
        place.api.upload(record)
    assert place.changed() == [record], "the probe was one that cannot be shown, and the archive is there again"


def test_a_search_that_is_away_opens_it(place):
    place.faults.add("error-before", path="/records\\?", times=None)
    for _ in range(2):
        with pytest.raises(GatewayError, match="cannot be read"):
            place.changed()
    assert place.api.circuit.state().open


def test_what_is_no_json_is_trouble(tmp_path):
    with serve(Response("<html>")) as served:
        api = ZenodoApi(served.url, token=None, clock=FakeClock())
        with pytest.raises(GatewayError, match="JSONDecodeError"):
            api.upload("17")
        api.close()


# the token


def test_the_token_is_in_a_header_and_nowhere_else(tmp_path):
    for place in opened(tmp_path, TOKEN):
        (record,) = place.publish()
        place.changed(T0)
        place.api.upload(record)
        assert {seen.user for seen in place.world.requests} == {"bot"}
        assert not any(TOKEN in seen.path for seen in place.world.requests)
        place.faults.add("cut-before", times=None)
        with pytest.raises(GatewayError) as found:
            place.api.upload(record)
        assert TOKEN not in said(found.value) + repr(place.api)


# formats


def test_the_legacy_format_is_read():
    upload = zenodo_json.upload(
        {
            "id": 5, "created": "2020-01-02T03:04:05.678901+00:00", "modified": "2021-01-01T00:00:00",
            "owner": 77, "metadata": {"title": "Old", "access_right": "embargoed", "keywords": None},
            "links": {"html": "https://zenodo.example/record/5"},
            "files": [{"filename": "a.zip", "filesize": "12", "checksum": "sha1:x", "links": {"download": "https://zenodo.example/a"}}],
        }
    )  # fmt: skip
    assert (upload.concept, upload.owners, upload.access, upload.keywords) == ("5", ("77",), "restricted", ())
    assert upload.updated == datetime(2021, 1, 1, tzinfo=UTC)
    assert (upload.files[0].name, upload.files[0].size, upload.files[0].md5) == ("a.zip", 12, None)
    assert upload.url == "https://zenodo.example/record/5"


def test_times_with_an_offset_keep_it():
    upload = zenodo_json.upload(
        {"id": 5, "created": "2020-01-02T03:00:00+02:00", "metadata": {}, "owners": [{"id": "7"}, 7, 8]}
    )
    assert upload.updated == datetime(2020, 1, 2, 1, tzinfo=UTC)
    assert upload.owners == ("7", "8")
    assert upload.updated - T0 < timedelta(0)


def test_a_bot_whose_clock_is_late_sees_edits_all_the_same(place):
    records = place.publish(3)
    since = place.clock.pass_hours(48)
    place.clock.pass_hours()
    place.world.edit(records[0], title="Edited")
    found = [upload.record for page in place.api.changed(WORDS, since) for upload in page.uploads]
    assert records[0] in found
    assert place.api._way == "order"


def records(data: Any) -> Iterator[dict[str, Any]]:
    """Everything in a recorded answer that is a record."""
    if isinstance(data, dict):
        if {"id", "metadata", "created"} <= data.keys() and "conceptrecid" in data:
            yield data
        else:
            for value in data.values():
                yield from records(value)
    if isinstance(data, list):
        for value in data:
            yield from records(value)


@pytest.mark.realdata
def test_recorded_answers_are_read():
    found = []
    for path in sorted((REALDATA / "zenodo").rglob("*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        if isinstance(data, dict) and isinstance(data.get("body"), str):
            try:
                data = json.loads(data["body"])
            except ValueError:
                continue
        found += list(records(data))
    assert found, "no records in the recorded answers"
    for record in found:
        upload = zenodo_json.upload(record)
        assert upload.record == str(record["id"])
        assert upload.concept == str(record["conceptrecid"])
        assert upload.updated.tzinfo is not None
        assert all(file.url.startswith("https://") for file in upload.files)
