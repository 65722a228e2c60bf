"""Files of a package that are anything at all: a finding or silence, within bounds of memory and time, never a traceback."""

import json
import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.rdf_sample import COVER, MODEL_04, README, SCRIPT, WEIGHTS, npy, write_model, zipped
from tests.workflows.static.helpers import box_findings
from workflows.describe.references import references
from workflows.document import load

ROOT = Path(__file__).parents[3]
FORMATS = (
    *("onnx", "torchscript", "pytorch_state_dict", "keras_hdf5", "keras_v3", "tensorflow_saved_model_bundle"),
    "tensorflow_js",
)
ENTRIES = "".join(f"  {name}:\n    source: {name}\n" for name in FORMATS) + (
    "    dependencies: conda:env.yaml\n    architecture: net.py:Net\nattachments: {files: [a.pkl]}\n"
)
RDF = MODEL_04[: MODEL_04.index("  onnx:")] + ENTRIES
SOURCES = sorted({reference.source for reference in references(load(RDF.encode()).data)})
BASES = (
    COVER,
    SCRIPT,
    WEIGHTS,
    npy((1, 1, 8, 8)),
    README.encode(),
    zipped({"m/data.pkl": b"\x80\x02}."}, zipfile.ZIP_DEFLATED),
)
MEMORY, SECONDS = 300 * 1024**2, 60


def said(folder, rdf=RDF):
    """What the box says where every file that the RDF names has come."""
    (folder / "rdf.yaml").write_text(rdf, encoding="utf-8")
    files = [{"source": name, "local": name, "size": 9, "sha256": "a" * 64, "problem": None} for name in SOURCES]
    return box_findings(folder, "rdf.yaml", files, SOURCES)["findings"]


def filled(folder, content):
    for name in SOURCES:
        (folder / name).write_bytes(content)
    return said(folder)


@pytest.mark.parametrize("base", BASES, ids=range(len(BASES)))
def test_files_that_are_cut_off_anywhere(tmp_path, base):
    for length in {*range(0, len(base), 1 + len(base) // 40), len(base) - 1}:
        assert filled(tmp_path, base[:length])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_files_that_are_damaged(tmp_path_factory, data):
    raw = bytearray(data.draw(st.sampled_from(BASES)))
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=6)):
        raw[place] = data.draw(st.integers(0, 255))
    assert filled(tmp_path_factory.mktemp("damaged"), bytes(raw))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_files_of_any_bytes(tmp_path_factory, raw):
    assert filled(tmp_path_factory.mktemp("any"), raw)


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "unreadable"])
def test_files_that_vanish_or_turn_into_something_else(tmp_path, kind):
    for name in SOURCES:
        path = tmp_path / name
        if kind == "folder":
            path.mkdir()
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind == "unreadable":
            path.symlink_to("/proc/self/mem")
    messages = " ".join(one["message"] for one in said(tmp_path))
    assert ("is no regular file" if kind == "pipe" else "cannot be read") in messages


def bomb(name, pattern, times):
    """A zip whose one member unpacks to very much."""
    return zipped({name: pattern * times}, zipfile.ZIP_DEFLATED)


@pytest.fixture(scope="module")
def bombs():
    """By name: contents that cost little to send."""
    big = struct.pack("<Q", 2**62)
    return {
        "a pickle of one endless text": bomb(
            "m/data.pkl", b"\x80\x02\x8d" + b"\xff\xff\xff\x7f" + bytes(4) + bytes(2**20), 100
        ),
        "a pickle of endless memory": bomb("m/data.pkl", b"\x8c\xff" + b"a" * 255 + b"\x94", 400_000),
        "a pickle of endless marks": bomb("m/data.pkl", b"(", 3_000_000),
        "a config without end": zipped(
            {"config.json": bytes(200 * 2**20), "metadata.json": b"", "model.weights.h5": b""}, zipfile.ZIP_DEFLATED
        ),
        "a manifest without end": bomb("model.json", b" ", 100 * 2**20),
        "very many members": zipped({f"m/{number}.pkl": b"." for number in range(20_000)}),
        "a header of 10^12": npy((10**6, 10**6), "|u1", data=b""),
        "a legacy pickle of big lengths": b"\x80\x02\x8e" + big,
        "a protobuf of endless fields": b"\x28\x01" * 10_000_000,
    }


BOMBS = (
    *(
        "a pickle of one endless text",
        "a pickle of endless memory",
        "a pickle of endless marks",
        "a config without end",
    ),
    *("a manifest without end", "very many members", "a header of 10^12", "a legacy pickle of big lengths"),
    "a protobuf of endless fields",
)


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_told_within_bounds(tmp_path, bombs, name):
    """In a process of its own that may not have more memory or time: it would end with a MemoryError or by a signal."""
    for source in SOURCES:
        (tmp_path / source).write_bytes(bombs[name])
    (tmp_path / "rdf.yaml").write_text(RDF, encoding="utf-8")
    files = [{"source": name, "local": name, "size": 9, "sha256": "a" * 64, "problem": None} for name in SOURCES]
    job = {"rdf": "rdf.yaml", "files": files, "listing": [{"name": name} for name in SOURCES], "policy": {}}
    program = (
        "import json, pathlib, resource, sys\n"
        "from workflows.static.static import run\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))\n"
        f"resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))\n"
        "run(json.load(sys.stdin), pathlib.Path.cwd(), lambda name, payload: print(payload.decode()))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(job), capture_output=True, text=True, cwd=tmp_path, check=False, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    assert json.loads(run.stdout)["findings"]


def test_the_sample_itself_is_no_bomb(tmp_path):
    write_model(tmp_path)
    assert [
        one["rule"] for one in said(tmp_path, MODEL_04) if one["rule"].startswith(("weights", "pickle", "test-"))
    ] == []
