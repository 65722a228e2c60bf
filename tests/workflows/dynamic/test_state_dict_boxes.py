"""State dicts of RDF 0.5 in a producing box: the architecture from a library or a file, with kwargs and sha256."""

import hashlib
import subprocess

import pytest

from tests.workflows.dynamic.networks import KERNEL, X, described
from tests.workflows.dynamic.test_onnx_boxes import boxed

SAVE = """
import sys, numpy, torch
module = torch.nn.Linear(4, 4, bias=False)
module.load_state_dict({"weight": torch.from_numpy(numpy.load("kernel.npy").T.copy())})
torch.save(module.state_dict(), "w.pt")
"""
MINE = "import torch\n\n\nclass Mine(torch.nn.Linear):\n    pass\n"
LIBRARY = "{callable: Linear, import_from: torch.nn, kwargs: {in_features: 4, out_features: 4, bias: %s}}"
STATE = "pytorch_state_dict: {source: w.pt, pytorch_version: 2.13.0, architecture: %s%s}"


@pytest.fixture
def folder(tmp_path, torch_python):
    """A folder with the state dict of a linear layer."""
    import numpy as np

    np.save(tmp_path / "kernel.npy", KERNEL)
    subprocess.run([torch_python, "-c", SAVE], check=True, cwd=tmp_path)
    return tmp_path


def test_an_importable_architecture_with_kwargs(folder, torch_python):
    described(folder, STATE % (LIBRARY % "false", ""))
    said, arrays, _ = boxed(folder, torch_python, format="pytorch_state_dict")
    assert said["runs"]["outcome"] == "passed", said
    assert arrays["tensor-0"] == pytest.approx(X @ KERNEL, abs=1e-5)
    assert said["warnings"] == []


def test_missing_keys_are_a_warning_where_the_description_allows_them(folder, torch_python):
    described(folder, STATE % (LIBRARY % "true", ", strict: false"))
    said, _, _ = boxed(folder, torch_python, format="pytorch_state_dict")
    assert said["runs"]["outcome"] == "passed", said
    assert said["warnings"] == ["Missing state dict keys: ['bias']"]


@pytest.mark.parametrize("right", [True, False])
def test_an_architecture_file_is_held_to_its_hash(folder, torch_python, right):
    (folder / "mine.py").write_text(MINE)
    sha256 = hashlib.sha256(MINE.encode() if right else b"other").hexdigest()
    kwargs = "kwargs: {in_features: 4, out_features: 4, bias: false}"
    described(folder, STATE % (f"{{callable: Mine, source: mine.py, sha256: {sha256}, {kwargs}}}", ""))
    said, arrays, _ = boxed(folder, torch_python, format="pytorch_state_dict")
    assert said["loads"]["outcome"] == ("passed" if right else "failed"), said
    assert ("tensor-0" in arrays) is right
