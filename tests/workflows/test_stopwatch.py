from types import SimpleNamespace

import pytest

from workflows.stopwatch import Stopwatch


def test_parts_are_counted_also_when_they_raise(monkeypatch):
    times = iter([1.0, 1.25, 2.0, 2.12341])
    monkeypatch.setattr("workflows.stopwatch.time", SimpleNamespace(perf_counter=lambda: next(times)))
    watch = Stopwatch()
    with watch.part("load"):
        pass
    with pytest.raises(KeyError), watch.part("run"):
        raise KeyError
    assert watch.seconds == {"load": 0.25, "run": 0.1234}
