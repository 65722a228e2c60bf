import os
import sys

import pytest

from workflows import frames, local_box
from workflows.local_box import answer, call


def stream(*names: str) -> bytes:
    return b"".join(frames.head(name, 2) + b"{}" for name in names)


def test_a_whole_answer():
    got = answer(stream("ready", "verdict", "done"), b"said " * 2000, 0)
    assert list(got.frames) == ["ready", "verdict", "done"]
    assert got.ending == ""
    assert len(got.words) == 4000
    assert got.json("verdict") == {}
    assert got.json("absent") is None


@pytest.mark.parametrize(
    ("stdout", "code", "ending"),
    [
        (stream("ready"), -11, "it was ended by signal 11"),
        (stream("ready"), 1, "it ended with exit code 1 without an answer"),
        (stream("ready"), 0, "it ended with exit code 0 without an answer"),
        (stream("done"), 3, "it ended with exit code 3 without an answer"),
        (stream("ready") + b"garbage", 0, "it broke the protocol: the stream ends inside a frame's head"),
    ],
)
def test_an_ending_without_an_answer(stdout, code, ending):
    got = answer(stdout, b"\xff", code)
    assert got.ending == ending
    assert got.words == "\ufffd"


def test_what_is_no_object_is_no_answer():
    assert answer(frames.head("a", 2) + b"[]", b"", 0).json("a") is None
    assert answer(frames.head("a", 2) + b"{}", b"", 0).items("a") == []
    assert answer(frames.head("a", 3) + b"[1]", b"", 0).items("a") == [1]
    broken = answer(frames.head("a", 2) + b"[[", b"", 0)
    assert (broken.json("a"), broken.items("a"), broken.items("b")) == (None, [], [])


def test_a_box_that_fails_says_so(tmp_path):
    got = call("judge", {}, tmp_path, {**os.environ, "ACCESSION_JOB_PYTHON": sys.executable})
    assert got.ending == "it ended with exit code 1 without an answer"
    assert "KeyError" in got.words


def test_a_box_has_its_time(tmp_path, monkeypatch):
    monkeypatch.setattr(local_box, "SECONDS", 0.01)
    got = call("judge", {}, tmp_path, {})
    assert got.ending == "it was still running after 0.01 s"


@pytest.mark.parametrize(
    ("weight_format", "settings", "expected"),
    [
        ("onnx", {}, sys.executable),
        ("onnx", {"ACCESSION_JOB_PYTHON": "a", "ACCESSION_JOB_PYTHON_TENSORFLOW": "b"}, "a"),
        ("keras_hdf5", {"ACCESSION_JOB_PYTHON": "a", "ACCESSION_JOB_PYTHON_TENSORFLOW": "b"}, "b"),
        ("keras_v3", {"ACCESSION_JOB_PYTHON_TENSORFLOW": "b"}, "b"),
        ("tensorflow_saved_model_bundle", {"ACCESSION_JOB_PYTHON_TENSORFLOW": ""}, sys.executable),
        ("tensorflow_js", {"ACCESSION_JOB_PYTHON": "a", "ACCESSION_JOB_PYTHON_TFJS": "c"}, "c"),
        ("", {"ACCESSION_JOB_PYTHON_TFJS": "c"}, sys.executable),
    ],
)
def test_which_python_runs_a_format(weight_format, settings, expected):
    assert local_box.interpreter(weight_format, settings) == expected


def test_it_inherits_the_environment(monkeypatch):
    monkeypatch.setenv("SOME_SETTING", "x")
    assert local_box.environment()["SOME_SETTING"] == "x"
