import subprocess
import sys

import pytest

from workflows import machine


@pytest.mark.parametrize(
    ("quota", "allowed", "expected"),
    [
        ("max 100000\n", 4, 4),
        ("200000 100000\n", 64, 2),
        ("150000 100000", 64, 2),
        ("1000 100000", 64, 1),
        ("6400000 100000", 4, 4),
        ("-1 100000", 4, 4),
        ("100000 0", 4, 4),
        ("", 0, 1),
    ],
)
def test_cores_of_a_quota(quota, allowed, expected):
    assert machine.cores(quota, allowed) == expected


def test_threads_are_set_where_nobody_set_them():
    environ = {"OMP_NUM_THREADS": "7"}
    machine.single_out_threads(environ)
    assert environ["OMP_NUM_THREADS"] == "7"
    assert environ["MKL_NUM_THREADS"] == environ["OPENBLAS_NUM_THREADS"] == environ["NUMEXPR_NUM_THREADS"]
    assert int(environ["MKL_NUM_THREADS"]) >= 1


def test_the_quota_of_either_cgroup_version_is_read(tmp_path, monkeypatch):
    first, second = tmp_path / "cpu.max", (tmp_path / "quota", tmp_path / "period")
    monkeypatch.setattr(machine, "QUOTA_V2", first)
    monkeypatch.setattr(machine, "QUOTA_V1", second)
    assert machine._quota() == ""
    second[0].write_text("300000\n")
    second[1].write_text("100000\n")
    assert machine._quota() == "300000 100000"
    first.write_text("max 100000\n")
    assert machine._quota() == "max 100000\n"


def test_without_an_affinity_all_cores_count(monkeypatch):
    monkeypatch.delattr(machine.os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(machine.os, "cpu_count", lambda: 3)
    assert machine._affinity() == {0, 1, 2}


def test_the_high_water_mark_is_read():
    assert machine.high_water("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n") == 2048 * 1024
    with pytest.raises(ValueError, match="no VmHWM"):
        machine.high_water("Name:\tx\n")


def test_processes_below_are_counted_while_they_live():
    alone = machine.peak_memory()
    code = "import sys; taken = bytearray(50_000_000); print('there', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"there\n"
        assert str(child.pid) in machine.below("self")
        assert machine.peak_memory() > alone + 50_000_000
        child.stdin.close()
    assert str(child.pid) not in machine.below("self")


def test_the_whole_tree_below_is_found(tmp_path):
    for pid, children in (("1", "2 3"), ("2", "4"), ("3", "")):
        (tmp_path / pid / "task" / pid).mkdir(parents=True)
        (tmp_path / pid / "task" / pid / "children").write_text(children)
    assert machine.below("1", tmp_path) == ["2", "4", "3"]
    assert machine.below("9", tmp_path) == []


def test_a_process_that_is_gone_counts_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "PROC", tmp_path)
    assert machine.high_water(machine._status("7")) == 0
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "status").write_text("State: Z (zombie)\n")
    assert machine.high_water(machine._status("7")) == 0


def test_peak_memory_without_proc(monkeypatch):
    def broken(*_, **__):
        raise OSError

    assert machine.peak_memory() > 1_000_000
    monkeypatch.setattr(machine.Path, "read_text", broken)
    assert machine.peak_memory() > 1_000_000


def test_maxrss_counts_differently_on_a_mac():
    assert machine.largest_resident(10, "linux") == 10_240
    assert machine.largest_resident(10, "darwin") == 10
