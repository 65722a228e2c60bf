"""What reports name is kept for its days, beside the cache's eviction, and can be fetched by people."""

import hashlib
import os
import threading
import time

import pytest

from bot import plain_json, work
from bot.checking import evidence as room
from bot.checking.blob_cache import BlobCache
from bot.checking.check import check
from bot.checking.evidence import Evidence, hand_out
from bot.cli import main
from bot.errors import GatewayError
from bot.records.job import Job

DAY = 86_400
PNG, ZIP = b"\x89PNG picture", b"PK the tensors"


@pytest.fixture
def cache(tmp_path):
    return BlobCache(tmp_path / "cache", quota_bytes=10**9)


@pytest.fixture
def kept(tmp_path):
    return Evidence(tmp_path / "evidence", quota_bytes=1000)


def sha(content):
    return hashlib.sha256(content).hexdigest()


def pinned(kept, cache, content, days=30):
    blob = cache.add([content], limit=10**7)
    kept.pin(cache, [blob.sha256], days=days)
    return blob.sha256


def test_what_is_pinned_outlives_the_cache(kept, cache):
    name = pinned(kept, cache, PNG)
    cache.path(name).unlink()
    assert kept.path(name).read_bytes() == PNG
    assert kept.path(name).stat().st_mode & 0o777 == 0o444
    assert abs(kept.path(name).stat().st_mtime - time.time() - 30 * DAY) < 60


def test_it_goes_when_its_days_are_over_and_not_before(kept, cache, tmp_path):
    name, other = pinned(kept, cache, PNG), pinned(kept, cache, ZIP)
    os.utime(kept.path(name), (time.time(), time.time() - 1))
    Evidence(tmp_path / "evidence", quota_bytes=1000)
    assert kept.path(name) is None
    assert kept.path(other)


def test_no_days_keep_nothing(kept, cache):
    assert kept.path(pinned(kept, cache, PNG, days=0)) is None


def test_pinned_again_it_is_kept_longer_and_never_shorter(kept, cache):
    name = pinned(kept, cache, PNG, days=30)
    kept.pin(cache, [name], days=60)
    assert abs(kept.path(name).stat().st_mtime - time.time() - 60 * DAY) < 60
    kept.pin(cache, [name], days=1)
    assert abs(kept.path(name).stat().st_mtime - time.time() - 60 * DAY) < 60


def test_the_oldest_go_first_when_there_is_too_much(kept, cache):
    first, second, third = (pinned(kept, cache, bytes([n]) * 400, days=30 + n) for n in range(3))
    assert [kept.path(name) is None for name in (first, second, third)] == [True, False, False]


def test_what_the_cache_has_lost_is_let_go(kept, cache, tmp_path):
    kept.pin(cache, ["0" * 64], days=1)
    assert list((tmp_path / "evidence").iterdir()) == []


def test_what_a_killed_copy_left_goes_after_its_time(kept, tmp_path):
    left, under_way = (tmp_path / "evidence" / f".{'0' * 64}.1.{n}" for n in (1, 2))
    for path in (left, under_way):
        path.write_bytes(b"half")
    os.utime(left, (0, time.time() - DAY))
    kept.sweep()
    assert not left.exists()
    assert under_way.exists()


def test_a_full_disk_is_ours(kept, cache, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.checking.evidence.shutil.copyfile", full)
    with pytest.raises(GatewayError) as raised:
        pinned(kept, cache, PNG)
    assert raised.value.transient


def test_it_is_swept_meanwhile(kept, cache, monkeypatch):
    monkeypatch.setattr(room, "SWEEP_SECONDS", 0.01)
    name = pinned(kept, cache, PNG)
    with kept.swept():
        os.utime(kept.path(name), (time.time(), time.time() - 1))
        gone = threading.Event()
        while kept.path(name):
            assert not gone.wait(0.01)


def test_a_report_names_pictures_and_tensors_and_they_are_kept(bench, upload, boxes):
    boxes.pictures = {"picture-0": PNG, "artefact": ZIP}
    job = Job.from_json(upload.job_json() | {"evidence_days": 7})
    report = plain_json.validate(check(bench, job), "report")
    for weights in report["weights"]:
        assert weights["pictures"] == [{"output": "out", "sha256": sha(PNG), "size": len(PNG)}]
        assert weights["artefact"] == {"sha256": sha(ZIP), "size": len(ZIP)}
    assert bench.evidence.path(sha(ZIP)).read_bytes() == ZIP
    assert abs(bench.evidence.path(sha(PNG)).stat().st_mtime - time.time() - 7 * DAY) < 60


def asked(bench, name):
    return work.Server(bench).reply({"id": 1, "verb": "blob", "sha256": name})


def test_the_work_side_hands_out_small_evidence_and_refuses_large_with_a_sentence(bench, cache):
    small = pinned(bench.evidence, cache, PNG)
    large = pinned(bench.evidence, cache, b"x" * 1_000_001)
    assert asked(bench, small)["answer"]["base64"]
    error = asked(bench, large)["error"]
    assert error["reason"] == "blob-too-large"
    assert f"accession evidence {large} --output FILE" in error["message"]


def test_people_fetch_it_by_the_command_line(cache, tmp_path, capsys):
    environ = {"ACCESSION_CACHE": str(tmp_path / "cache")}
    name = pinned(Evidence(tmp_path / "cache" / "evidence", quota_bytes=10**9), cache, ZIP)
    target = tmp_path / "tensors.zip"
    assert main(["evidence", name, "--output", str(target)], environ) == 0
    assert target.read_bytes() == ZIP
    assert main(["evidence", "0" * 64, "--output", str(target)], environ) == 1
    assert main(["evidence", "../secret", "--output", str(target)], environ) == 1
    assert main(["evidence", name, "--output", str(tmp_path / "absent" / "x")], environ) == 1
    said = capsys.readouterr().err
    assert "evidence_days" in said
    assert "cannot be written" in said


def test_what_was_damaged_is_not_handed_out_as_good(kept, cache, tmp_path):
    name = pinned(kept, cache, ZIP)
    kept.path(name).chmod(0o644)
    kept.path(name).write_bytes(b"other")
    with pytest.raises(GatewayError, match="damaged"):
        hand_out(tmp_path / "evidence", name, tmp_path / "out")
