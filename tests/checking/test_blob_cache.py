"""The cache on a real disk."""

import hashlib
import os
import threading
import time

import pytest

from bot.checking.blob_cache import IN_USE_SECONDS, BlobCache, TooLargeError, WrongContentError
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
