"""One tensor through the whole judge."""

import json

import numpy as np
import pytest

from tests.workflows.dynamic.scene import CEILING, Scene
from workflows.dynamic import judge


@pytest.fixture
def judged(tmp_path, check_definition):
    """The one tensor's verdict, checked against the report's schema."""

    def run(expected, produced, kind="float", **tolerance):
        entry = {"output": "*", "atol": 1e-5, "rtol": 1e-3, "ppm": 0, "source": "test", **tolerance}
        output = {"name": "probability", "kind": kind, "dtype": "float32", "axes": ["x"], "expected": "e.npy"}
        (tmp_path / "spec").write_text(json.dumps({"outputs": [output], "tolerance": {"onnx": [entry]}}))
        for name, content in (("e.npy", expected), ("p.npy", produced)):
            if isinstance(content, bytes):
                (tmp_path / name).write_bytes(content)
            elif content is not None:
                np.save(tmp_path / name, np.asarray(content))
        said = {}
        job = {"spec": "spec", "format": "onnx", "expected": ["e.npy"], "produced": ["p.npy"], "tolerance": CEILING}
        judge.run(job, tmp_path, said.__setitem__)
        verdict = json.loads(said["verdict"])
        check_definition(verdict["reproduces"], "outcome")
        check_definition(verdict["tensors"][0], "tensor")
        assert verdict["reproduces"] == verdict["tensors"][0]["outcome"]
        return verdict["tensors"][0]

    return run


@pytest.fixture
def scene(tmp_path):
    """A judge's folder to fill."""
    return Scene(tmp_path)
