"""The judge's memory follows its blocks, not the tensors."""

import json
import os

import numpy as np

from tests.workflows.dynamic.scene import CEILING
from workflows.local_box import call

ELEMENTS = (4, 4096, 4096)
"""256 MiB of float32, and a hole on the disk; 512 MiB as float64."""
LIMIT = 320 * 1024
"""KiB of memory that is no file: the libraries take a third of it."""


def hole(path, **filled):
    array = np.lib.format.open_memmap(path, "w+", np.float32, ELEMENTS)
    array[0, 0, 0] = 1
    for name, value in filled.items():
        array[tuple(map(int, name.split("_")[1:]))] = value
    array.flush()


def test_tensors_larger_than_the_memory(tmp_path, job_python):
    hole(tmp_path / "e.npy")
    hole(tmp_path / "p.npy", at_2_1000_3000=0.5)
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nulimit -d {LIMIT}\nexec {job_python} "$@"\n')
    python.chmod(0o755)
    output = {"name": "mask", "kind": "float", "dtype": "float32", "axes": ["z", "y", "x"], "expected": "e.npy"}
    (tmp_path / "spec.json").write_text(json.dumps({"outputs": [output], "tolerance": {}}))
    job = {"spec": "spec.json", "format": "onnx", "expected": ["e.npy"], "produced": ["p.npy"], "tolerance": CEILING}
    job["runs"] = {"again": {"0": "p.npy"}, "noised": {"0": "e.npy"}}
    found = call("judge", job, tmp_path, {**os.environ, "ACCESSION_JOB_PYTHON": str(python), "OMP_NUM_THREADS": "1"})
    assert found.ending == "", found.words
    (tensor,) = found.json("verdict")["tensors"]
    assert tensor["worst"] == {"index": [2, 1000, 3000], "expected": 0, "produced": 0.5}
    assert [one["outcome"]["outcome"] for one in found.json("verdict")["checks"]] == ["passed", "passed"]
    assert list(found.frames) == ["ready", "verdict", "picture-0", "artefact", "done"]
