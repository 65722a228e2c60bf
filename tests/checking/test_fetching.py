"""Fetching what an upload and its RDF name: what is known already, what is asked for again, for how long and as whom."""

import hashlib
import json
import os
import time

import pytest

from bot.checking.fetch_file import REMOTE_SECONDS, TIME, fetch_file
from bot.checking.fetch_time import FetchTime
from bot.checking.sources import Wanted
from bot.errors import GatewayError
from tests.checking.conftest import BASE, problem_of
from tests.fakes.web import error


def test_a_remote_file_is_fetched_and_a_file_of_the_upload_recognised_by_its_address(prepared, upload, web):
    web.pages["https://elsewhere.example/x.bin"] = b"remote"
    upload.rdf["files"] += [["attachment", "https://elsewhere.example/x.bin", None], ["cover", BASE + "in.npy", None]]
    found = prepared()
    assert all(file["problem"] is None for file in found["files"])
    assert web.fetched.count(BASE + "in.npy") == 1


def test_a_declared_hash_does_not_stand_for_a_file_of_the_upload(prepared, upload, web):
    """A new version whose RDF still declares the former's hash; or a known good one, over any file."""
    good = hashlib.sha256(b"3").hexdigest()
    upload.rdf["files"][0][2] = good
    assert problem_of(prepared(), "w.onnx") is None
    upload.files["w.onnx"] = web.pages[BASE + "w.onnx"] = b"other weights"
    problem = problem_of(prepared(), "w.onnx")
    assert problem["rule"] == "wrong-hash"
    assert hashlib.sha256(b"other weights").hexdigest() in problem["fix"]


def test_an_unchanged_file_of_a_new_version_is_not_fetched_again(prepared, upload, web):
    """Neither with a hash nor without one: the archive says that it is the same."""
    upload.rdf["files"][2][2] = hashlib.sha256(b"2").hexdigest()
    prepared()
    upload.rdf["name"] = "version 2"
    web.fetched.clear()
    del web.pages[BASE + "rdf.yaml"]
    assert prepared()["outcome"] == "described"
    assert web.fetched == [BASE + "rdf.yaml"]


REMOTE = "https://elsewhere.example/x.bin"


@pytest.fixture
def remote(prepared, upload, web):
    """The problem of a remote file whose address delivers that, under another name of the RDF each time, and whether it was fetched."""
    upload.rdf["files"].append(["attachment", REMOTE, hashlib.sha256(b"remote").hexdigest()])

    def ask(*, delivers):
        web.fetched.clear()
        web.pages.pop(BASE + "rdf.yaml", None)
        web.pages[REMOTE] = delivers
        upload.rdf["turn"] = upload.rdf.get("turn", 0) + 1
        problem = problem_of(prepared(), REMOTE)
        return problem and problem["rule"], REMOTE in web.fetched

    return ask


GONE = error("gone", transient=False, status=404)


@pytest.mark.parametrize(("delivers", "rule"), [(GONE, "gone"), (b"other", "wrong-hash"), (b"remote", None)])
def test_a_declared_hash_that_is_in_the_cache_says_nothing_of_an_address(remote, bench, delivers, rule):
    bench.cache.add([b"remote"], limit=10)
    assert remote(delivers=delivers) == (rule, True)


def test_what_an_address_lately_delivered_is_not_fetched_again(remote, upload):
    assert remote(delivers=b"remote") == (None, True)
    assert remote(delivers=GONE) == (None, False)
    upload.rdf["files"][-1][2] = hashlib.sha256(b"2").hexdigest()
    assert remote(delivers=b"remote") == ("wrong-hash", True)
    upload.rdf["files"][-1][2] = None
    assert remote(delivers=GONE) == ("gone", True)


def test_what_an_address_delivered_long_ago_is_fetched_again(remote, tmp_path):
    assert remote(delivers=b"remote") == (None, True)
    long_ago = time.time() - REMOTE_SECONDS - 1
    for path in (tmp_path / "facts" / "fetched").iterdir():
        os.utime(path, (long_ago, long_ago))
    assert remote(delivers=GONE) == ("gone", True)


def test_what_the_archive_delivered_by_its_token_is_not_known_by_its_address(prepared, upload, web):
    """Who names a listed file of somebody else's gets what everybody gets."""
    upload.rdf["files"][2][2] = hashlib.sha256(b"2").hexdigest()
    prepared()
    upload.rdf["files"][2][1] = BASE + "in.npy"
    del upload.files["in.npy"]
    del web.pages[BASE + "rdf.yaml"]
    web.pages[BASE + "in.npy"] = error("restricted", transient=False, status=403)
    assert problem_of(prepared(), BASE + "in.npy")["rule"] == "restricted"


def test_the_archives_token_goes_along_for_files_of_the_upload_alone(prepared, upload, web):
    """However an RDF names them, and wherever else it leads."""
    theirs = [BASE + "../../api/user/records", BASE + "rdf.yaml?x", "https://elsewhere.example/x.bin"]
    web.pages |= dict.fromkeys(theirs, b"remote")
    upload.rdf["files"] += [["attachment", source, None] for source in (*theirs, BASE + "in.npy")]
    prepared()
    assert web.listed == set(web.fetched) - set(theirs) >= {BASE + name for name in ("rdf.yaml", "in.npy", "out.npy")}
    assert set(theirs) <= set(web.fetched)


def test_a_busy_server_is_asked_again_as_late_as_it_says(prepared, web, clock):
    web.pages[BASE + "in.npy"] = [error("busy", transient=True, retry_after=9.0), error("server", transient=True), b"2"]
    assert prepared()["outcome"] == "described"
    assert clock.slept == [9.0, 4.0]


def test_a_server_that_stays_down_is_nobodys_fault_and_not_remembered(prepared, web):
    web.pages[BASE + "in.npy"] = error("server", transient=True, status=503)
    found = prepared()
    assert (found["outcome"], found["reason"]) == ("errored", "server")
    assert "in.npy" in found["message"]
    assert web.fetched.count(BASE + "in.npy") == 3
    web.pages[BASE + "in.npy"] = b"2"
    assert prepared()["outcome"] == "described"


def test_a_server_that_asks_for_an_hour_is_left_to_the_next_attempt(prepared, web, clock):
    web.pages[BASE + "in.npy"] = error("busy", transient=True, retry_after=3600.0)
    assert prepared()["outcome"] == "errored"
    assert clock.slept == []


@pytest.mark.parametrize("content", [b"9", b"22"])
def test_bytes_that_are_not_what_the_archive_announced(prepared, web, content):
    web.pages[BASE + "in.npy"] = content
    found = prepared()
    assert found["outcome"] == "errored"
    assert found["reason"] == "wrong-content"


def slow(clock, seconds, *answers):
    """A page that takes so long, and never longer than it is given; what it was given is in `given`."""
    left = list(answers)

    def page(given):
        page.given.append(given)
        clock.pass_by(min(given, seconds))
        return left.pop(0) if given >= seconds else error("timeout", transient=True)

    page.given = []
    return page


def test_all_files_of_a_submission_have_one_deadline(prepared, upload, web, clock):
    """As many addresses as are allowed, each of which would take all of it, three times."""
    remote = [f"https://elsewhere.example/{number}.bin" for number in range(100)]
    web.pages |= dict.fromkeys(remote, slow(clock, 10**6))
    upload.rdf["files"] += [["attachment", url, None] for url in remote]
    found = prepared()
    assert (found["outcome"], found["reason"]) == ("errored", TIME)
    assert len([url for url in web.fetched if url in remote]) <= 4


def test_a_file_has_what_those_before_it_left_and_the_sentence_says_it(prepared, upload, web, clock):
    upload.rdf["files"] = [["attachment", REMOTE, None]]
    web.pages[BASE + "rdf.yaml"] = slow(clock, 1000, json.dumps(upload.rdf).encode())
    web.pages[REMOTE] = slow(clock, 801)
    found = prepared()
    assert (found["outcome"], found["reason"]) == ("errored", TIME)
    assert found["message"] == (
        f"The file '{REMOTE}' could not be fetched: it is timeout. "
        "All files of the submission have 1,800 s together; 800 s were left for it."
    )
    assert web.pages[REMOTE].given == [800]


def test_tries_and_pauses_go_off_the_same_time(prepared, upload, web, clock):
    upload.rdf["files"] = [["attachment", REMOTE, None]]
    busy = error("busy", transient=True, retry_after=9.0)
    web.pages[REMOTE] = slow(clock, 895, busy, busy)
    found = prepared()
    assert (found["outcome"], found["reason"]) == ("errored", "busy")
    assert web.pages[REMOTE].given == [1800, 896]
    assert clock.slept == [9.0]
    assert "1,800 s were left" in found["message"]


def test_the_time_of_a_box_is_not_the_files(prepared, boxes, clock, monkeypatch):
    run = boxes.run
    monkeypatch.setattr(boxes, "run", lambda *args, **more: clock.pass_by(5000) or run(*args, **more))
    assert prepared()["outcome"] == "described"


@pytest.fixture
def late(bench, web, clock):
    """The reason for which a file is not fetched in so many seconds."""
    web.pages[REMOTE] = b"remote"

    def ask(seconds):
        with pytest.raises(GatewayError) as raised:
            fetch_file(bench, Wanted(REMOTE, REMOTE), limit=10, time=FetchTime(clock, seconds))
        assert web.fetched == []
        return raised.value.reason

    return ask


def test_who_waits_for_another_that_fetches_the_same_waits_no_longer_than_its_own_time(bench, late):
    with bench.locks.hold(REMOTE):
        assert late(0.05) == TIME


def test_without_time_nothing_is_fetched_but_what_is_there_is_taken(bench, web, clock, late):
    assert late(0) == TIME
    known = Wanted("x.bin", REMOTE, 6, hashlib.md5(b"remote").hexdigest(), listed=True)
    first = fetch_file(bench, known, limit=10, time=FetchTime(clock, 1))
    assert fetch_file(bench, known, limit=10, time=FetchTime(clock, 0)) == first
