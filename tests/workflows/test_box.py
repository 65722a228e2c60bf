import contextlib
import io
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from workflows import box, frames

ROOT = Path(__file__).parents[2]


def sent(job: bytes, name: str = "job") -> io.BytesIO:
    return io.BytesIO(frames.head(name, len(job)) + job)


def received(stream: bytes) -> list[tuple[str, bytes]]:
    reader = io.BytesIO(stream)
    return list(iter(lambda: frames.read(reader, 1 << 30), None))


@pytest.fixture
def verb(monkeypatch):
    """A verb named describe whose module the test writes."""
    module = types.ModuleType("made_up_verb")
    monkeypatch.setitem(sys.modules, "made_up_verb", module)
    monkeypatch.setattr(box, "VERBS", {"describe": "made_up_verb"})
    return module


def test_ready_then_the_verbs_frames_then_done(verb, monkeypatch):
    monkeypatch.setenv("ACCESSION_IN", "/some/where")
    seen = []
    verb.preload = lambda: seen.append("preloaded")
    verb.run = lambda job, inputs, emit: (seen.append((job, inputs)), emit("answer", b"42"))
    out = io.BytesIO()
    box.serve("describe", sent(b'{"a": 1}'), out)
    got = received(out.getvalue())
    assert [name for name, _ in got] == ["ready", "answer", "done"]
    assert seen == ["preloaded", ({"a": 1}, Path("/some/where"))]
    assert got[1][1] == b"42"
    done = json.loads(got[2][1])
    assert set(done) == {"seconds", "peak_memory_bytes"}
    assert set(done["seconds"]) == {"import", "wait", "run"}
    assert done["peak_memory_bytes"] > 1_000_000


@pytest.mark.parametrize("job", [b"{}", b"no job"])
def test_a_verb_with_processes_of_its_own_ends_them_whatever_came(verb, job):
    ended = []
    verb.run = lambda *_: None
    verb.finish = lambda: ended.append("ended")
    out = io.BytesIO()
    with contextlib.suppress(ValueError):
        box.serve("describe", sent(job), out)
    assert ended == ["ended"]


def test_an_exception_leaves_no_done(verb):
    def run(*_):
        raise KeyError("gone")

    verb.run = run
    out = io.BytesIO()
    with pytest.raises(KeyError):
        box.serve("describe", sent(b"{}"), out)
    assert [name for name, _ in received(out.getvalue())] == ["ready"]


@pytest.mark.parametrize(
    ("stream", "error", "words"),
    [
        (io.BytesIO(), ValueError, "one frame named job"),
        (sent(b"{}", "jab"), ValueError, "one frame named job"),
        (sent(b"[]"), TypeError, "JSON object"),
        (sent(b"{"), ValueError, "Expecting property name"),
    ],
)
def test_what_is_no_job_is_refused(stream, error, words):
    with pytest.raises(error, match=words):
        box.read_job(stream)


def started(*command: str, job: bytes, tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *command],
        input=frames.head("job", len(job)) + job,
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "ACCESSION_IN": str(tmp_path), **environ},
    )


def test_the_judge_as_a_process(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(4.0))
    spec = {
        "outputs": [{"name": "y", "kind": "float", "dtype": "float64", "axes": "x", "expected": "a.npy"}],
        "tolerance": {},
    }
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    job = {"spec": "spec.json", "format": "onnx", "expected": ["a.npy"], "produced": ["a.npy"]}
    job["tolerance"] = {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 100}
    done = started("-m", "workflows", "box", "judge", job=json.dumps(job).encode(), tmp_path=tmp_path)
    assert done.returncode == 0
    got = dict(received(done.stdout))
    assert list(got) == ["ready", "verdict", "artefact", "done"]
    assert json.loads(got["verdict"])["reproduces"]["outcome"] == "passed"


def test_a_broken_job_ends_with_1_and_a_traceback(tmp_path):
    done = started("-m", "workflows", "box", "judge", job=b"{}", tmp_path=tmp_path)
    assert done.returncode == 1
    assert [name for name, _ in received(done.stdout)] == ["ready"]
    assert b"KeyError: 'spec'" in done.stderr


LOUD = """
import os, sys, types
from workflows import box
def run(job, inputs, emit):
    print("print"); os.write(1, b"descriptor 1 "); os.system("echo child"); sys.stdin.read()
    emit("answer", os.environ["OMP_NUM_THREADS"].encode())
    %s
module = types.ModuleType("loud"); module.run = run
sys.modules["loud"] = module
box.VERBS = {"describe": "loud"}
sys.exit(box.main("describe"))
"""


def test_what_is_printed_never_enters_the_protocol(tmp_path):
    done = started("-c", LOUD % "", job=b"{}", tmp_path=tmp_path, OMP_NUM_THREADS="3")
    assert [name for name, _ in received(done.stdout)] == ["ready", "answer", "done"]
    assert dict(received(done.stdout))["answer"] == b"3"
    assert {"print", "descriptor 1 child"} == set(done.stderr.decode().splitlines())


def test_leaving_early_is_no_success(tmp_path):
    done = started("-c", LOUD % "sys.exit(0)", job=b"{}", tmp_path=tmp_path)
    assert done.returncode == 1
    assert [name for name, _ in received(done.stdout)] == ["ready", "answer"]
    assert b"SystemExit" in done.stderr


def test_main_serves_on_its_own_descriptors(verb, monkeypatch, capfd):
    """In this process: the descriptors are put back afterwards."""
    verb.run = lambda *_: None
    saved = os.dup(0), os.dup(1)
    read, write = os.pipe()
    os.write(write, sent(b"{}").getvalue())
    os.close(write)
    os.dup2(read, 0)
    try:
        assert box.main("describe") == 0
        os.dup2(saved[1], 1)
        assert box.main("describe") == 1  # stdin is empty now
    finally:
        os.dup2(saved[0], 0)
        os.dup2(saved[1], 1)
        for descriptor in (*saved, read):
            os.close(descriptor)
    assert "expected one frame named job" in capfd.readouterr().err
