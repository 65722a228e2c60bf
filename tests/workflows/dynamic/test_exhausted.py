import errno
import os

import pytest

from workflows.dynamic import exhausted


@pytest.mark.parametrize(
    ("name", "said", "most"),
    [
        ("memory.max", "805306368\n", 805_306_368),
        ("memory/memory.limit_in_bytes", "805306368\n", 805_306_368),
        ("memory.max", "max\n", None),
        ("memory/memory.limit_in_bytes", "9223372036854771712\n", None),
        ("memory.max", "\xff", None),
        ("elsewhere", "1\n", None),
    ],
)
def test_the_memory_of_either_version_of_cgroups(tmp_path, name, said, most):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(said.encode("latin-1"))
    assert exhausted.limit(exhausted.MEMORY, tmp_path) == most


def caught(call):
    try:
        call()
    except BaseException as error:  # noqa: BLE001 - that is what it is for
        return error
    raise AssertionError


def no_process():
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")  # what os.fork( ) does


def nothing_to_read():
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "needs more memory"),
        (OSError(errno.ENOSPC, "full"), "more files"),
        (OSError(errno.EFBIG, "large"), "more files"),
        (OSError(errno.ENOENT, "gone"), ""),
        (RuntimeError("can't start new thread"), "more processes and threads"),
        (caught(no_process), "more processes and threads"),
        (caught(nothing_to_read), ""),
        (BlockingIOError(errno.EAGAIN, "never raised"), ""),
        (ValueError("x"), ""),
    ],
)
def test_which_limit_an_exception_speaks_of(error, words):
    said = exhausted.exhausted((ValueError("outermost"), error))
    assert (words in said) if words else said == ""


def test_how_much_there_is_is_told_where_it_is_known(tmp_path):
    (tmp_path / "memory.max").write_text("805306368")
    assert exhausted.in_all(exhausted.limit(exhausted.MEMORY, tmp_path), exhausted.MIB, " MiB") == " (768 MiB)"
    assert exhausted.in_all(None, exhausted.MIB, " MiB") == ""


def test_scratch_is_as_large_as_its_file_system(tmp_path, monkeypatch):
    monkeypatch.setattr(exhausted.tempfile, "gettempdir", lambda: str(tmp_path))
    found = os.statvfs(tmp_path)
    assert exhausted.scratch() == found.f_blocks * found.f_frsize
    monkeypatch.setattr(exhausted.tempfile, "gettempdir", lambda: str(tmp_path / "gone"))
    assert exhausted.scratch() is None
