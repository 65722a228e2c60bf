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


def test_peak_memory_without_proc(monkeypatch):
    def broken(*_, **__):
        raise OSError

    assert machine.peak_memory() > 1_000_000
    monkeypatch.setattr(machine.Path, "read_text", broken)
    assert machine.peak_memory() > 1_000_000


def test_maxrss_counts_differently_on_a_mac():
    assert machine.largest_resident(10, "linux") == 10_240
    assert machine.largest_resident(10, "darwin") == 10
