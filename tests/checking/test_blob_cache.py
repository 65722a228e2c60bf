"""The cache on a real disk."""

import hashlib
import os
import threading
import time

import pytest

from bot.checking import blob_cache
from bot.checking.blob_cache import IN_USE_SECONDS, LOOK_SECONDS, BlobCache, TooLargeError, WrongContentError
from bot.errors import GatewayError


@pytest.fixture
def cache(tmp_path):
    return BlobCache(tmp_path, quota_bytes=1000)


def test_content_lies_under_its_hash_and_cannot_be_written(cache):
    blob = cache.add([b"one ", b"two"], limit=10)
    assert blob.sha256 == hashlib.sha256(b"one two").hexdigest()
    path = cache.path(blob.sha256)
    assert path.read_bytes() == b"one two"
    assert path.stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"limit": 5}, TooLargeError),
        ({"limit": 9, "size": 8}, WrongContentError),
        ({"limit": 9, "md5": "0" * 32}, WrongContentError),
    ],
)
def test_nothing_stays_of_what_is_not_right(cache, tmp_path, more, error):
    with pytest.raises(error):
        cache.add([b"one", b"two"], **more)
    assert list((tmp_path / "blobs").iterdir()) == list((tmp_path / "tmp").iterdir()) == []


def test_a_broken_stream_leaves_nothing(cache, tmp_path):
    def broken():
        yield b"x"
        raise GatewayError("cut", reason="connection", transient=True)

    with pytest.raises(GatewayError):
        cache.add(broken(), limit=10)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_corrupted_content_is_absent_and_removed(cache, tmp_path):
    blob = cache.add([b"content"], limit=10)
    path = tmp_path / "blobs" / blob.sha256
    path.chmod(0o644)
    path.write_bytes(b"Content")
    assert cache.path(blob.sha256) is None
    assert not path.exists()


def test_another_process_checks_what_it_finds(tmp_path):
    name = "0" * 64
    cache = BlobCache(tmp_path, quota_bytes=1000)
    (tmp_path / "blobs" / name).write_bytes(b"not that")
    assert cache.path(name) is None


def test_the_least_recently_used_go_and_those_in_use_stay(cache, tmp_path):
    old, used, new = (cache.add([bytes([number]) * 400], limit=400) for number in range(3))
    long_ago = time.time() - IN_USE_SECONDS - 100
    for number, blob in enumerate((old, used)):
        os.utime(tmp_path / "blobs" / blob.sha256, (long_ago + number, long_ago))
    cache.path(used.sha256)
    last = cache.add([b"x" * 300], limit=400)
    assert cache.path(old.sha256) is None
    assert all(cache.path(blob.sha256) for blob in (used, new, last))


@pytest.fixture
def looks(monkeypatch, tmp_path):
    """One entry for each time that all blobs were listed."""
    seen = []
    listed = blob_cache._files

    def files(folder):
        seen.extend([folder] if folder == tmp_path / "blobs" else [])
        return listed(folder)

    monkeypatch.setattr(blob_cache, "_files", files)
    return seen


def held(folder):
    return sum(path.stat().st_size for path in (folder / "blobs").iterdir())


def long_unused(folder):
    long_ago = time.time() - IN_USE_SECONDS - 100
    for path in (folder / "blobs").iterdir():
        os.utime(path, (long_ago, long_ago))


def test_the_members_of_a_zip_do_not_cost_a_look_at_all_blobs_each(tmp_path, looks):
    cache = BlobCache(tmp_path, quota_bytes=10**6)
    for number in range(256):
        cache.add([b"member %d" % number], limit=100)
    assert len(looks) == 1


@pytest.mark.parametrize("in_use", [False, True])
def test_a_full_cache_is_not_looked_at_for_each_file_either(cache, tmp_path, looks, in_use):
    """Where files are free to go, and where none is."""
    for number in range(100):
        cache.add([bytes([number]) * 10], limit=100)
    if not in_use:
        long_unused(tmp_path)
    looks.clear()
    for number in range(60):
        cache.add([bytes([number]) * 6], limit=100)
        assert in_use or held(tmp_path) <= 1000
    assert 1 <= len(looks) <= 6


def test_the_same_content_again_fills_nothing(cache, looks):
    for _ in range(10):
        cache.add([b"x" * 600], limit=600)
    assert len(looks) == 1


def test_what_other_processes_added_is_seen_when_a_minute_is_over(cache, tmp_path, monkeypatch):
    cache.add([b"mine"], limit=10)
    BlobCache(tmp_path, quota_bytes=1000).add([b"x" * 990], limit=1000)
    long_unused(tmp_path)
    cache.add([b"too soon"], limit=10)
    assert held(tmp_path) > 1000
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + LOOK_SECONDS)
    cache.add([b"a minute later"], limit=100)
    assert held(tmp_path) < 1000


def test_what_the_dead_left_half_written_goes_while_others_are_still_writing(cache, tmp_path):
    old, new = tmp_path / "tmp" / "old", tmp_path / "tmp" / "new"
    for path in (old, new):
        path.write_bytes(b"half")
    day_ago = time.time() - 86_400
    os.utime(old, (day_ago, day_ago))
    cache.add([b"x"], limit=1)
    assert not old.exists()
    assert new.exists()


def test_what_is_gone_is_not_kept_in_mind(cache, tmp_path):
    gone = cache.add([b"x" * 500], limit=500)
    long_unused(tmp_path)
    stays = [cache.add([bytes([number]) * 300], limit=300).sha256 for number in range(2)]
    assert cache.path(gone.sha256) is None
    assert sorted(cache._verified) == sorted(stays)


def test_many_threads_write_the_same_content(cache):
    threads = [threading.Thread(target=lambda: cache.add([b"same"] * 20, limit=100)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.path(hashlib.sha256(b"same" * 20).hexdigest())


def test_what_is_gone_or_too_large_is_not_read(cache):
    blob = cache.add([b"content"], limit=10)
    assert cache.read(blob.sha256, limit=7) == b"content"
    with pytest.raises(GatewayError):
        cache.read(blob.sha256, limit=6)
    with pytest.raises(GatewayError):
        cache.read("0" * 64, limit=6)


def test_a_full_disk_is_ours_and_passes(cache, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.checking.blob_cache._write", full)
    with pytest.raises(GatewayError) as raised:
        cache.add([b"x"], limit=1)
    assert raised.value.transient
