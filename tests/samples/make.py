"""Write samples into folders. The same seed gives the same bytes; another seed gives another model."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.samples.in_images import made
from tests.samples.network import Network, image_of_seed
from tests.samples.onnx_graph import Graph, onnx_bytes
from tests.samples.png import grey_png
from tests.samples.texts import MASK, PROBABILITY, README, Words, weights_text

if TYPE_CHECKING:
    from pathlib import Path

SHIFT = 0.25
"""How far the wrong sample's output is off."""
REGION = (slice(16, 32), slice(16, 32))
"""Where: 256 of 4,096 elements, 62,500 ppm."""
FIXED = (1, 1, 64, 64)
ARCHITECTURE = """\
{hostile}
import torch


class BlurSharpen(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.blur = torch.nn.Conv2d(1, 1, 3, padding=1, bias=False)
        self.sharpen = torch.nn.Conv2d(1, 1, 3, padding=1)

    def forward(self, raw):
        return torch.sigmoid(self.sharpen(self.blur(raw)))
"""


def make_good(folder: Path, seed: int = 0, github_user: str = "ada-sample") -> Path:
    """A complete model that reproduces; the folder is made, and returned."""
    network = _common(folder, seed)
    weights = _weights(folder, "weights.onnx", onnx_bytes(network, Graph(shape=FIXED)), "onnx", "opset_version: 17")
    return _described(folder, Words(_name("Spot Finder", seed), github_user, weights=(weights,)))


def make_wrong_output(folder: Path, seed: int = 0, github_user: str = "ada-sample") -> Path:
    """The same, but its expected output is off by SHIFT in REGION."""
    make_good(folder, seed, github_user)
    expected = np.load(folder / "test_output.npy")
    expected[0, 0][REGION] += SHIFT
    _save(folder / "test_output.npy", expected)
    return _described(folder, _renamed(folder, "Spot Misser", seed, github_user))


def make_three_mistakes(folder: Path, seed: int = 0, github_user: str = "ada-sample") -> Path:
    """A name that is too long, a license that is none, and a hash of other weights."""
    network = _common(folder, seed)
    (folder / "weights.onnx").write_bytes(onnx_bytes(network, Graph(shape=FIXED)))
    weights = weights_text("onnx", "weights.onnx", _sha256(b"other weights"), "opset_version: 17")
    name = _name("Spot Finder that was given a name which does not end where a name should end", seed) + " and on" * 16
    return _described(folder, Words(name, github_user, "My own license", weights=(weights,)))


def make_two_outputs(folder: Path, seed: int = 0, github_user: str = "ada-sample") -> Path:
    """Two outputs: a probability (float) and a mask (binary)."""
    network = _common(folder, seed)
    _save(folder / "test_output_1.npy", network.expected(np.load(folder / "test_input.npy"))[1])
    weights = _weights(
        folder,
        "weights.onnx",
        onnx_bytes(network, Graph(("probability", "mask"), shape=FIXED)),
        "onnx",
        "opset_version: 17",
    )
    words = Words(_name("Spot Masker", seed), github_user, outputs=(PROBABILITY, MASK), weights=(weights,))
    return _described(folder, words)


def make_torchscript(folder: Path, seed: int = 0, github_user: str = "ada-sample") -> Path:
    """The good one with ONNX and TorchScript weights; torch makes them (see in_images.py)."""
    network = _common(folder, seed)
    tasks = network.torch_tasks()
    given = made("torch", tasks["torchscript"], list(tasks.values()))
    weights = (
        _weights(folder, "weights.onnx", onnx_bytes(network, Graph(shape=FIXED)), "onnx", "opset_version: 17"),
        _weights(folder, "weights.pt", given.files["weights.pt"], "torchscript"),
    )
    return _described(folder, Words(_name("Spot Tracer", seed), github_user, weights=weights))


def make_state_dict(folder: Path, seed: int = 0, github_user: str = "ada-sample", hostile: str = "") -> Path:
    """State dict weights with their architecture file; `hostile` is code at its top. Torch makes them (see in_images.py)."""
    network = _common(folder, seed)
    tasks = network.torch_tasks()
    given = made("torch", tasks["state_dict"], list(tasks.values()))
    source = ARCHITECTURE.format(hostile=hostile).encode()
    (folder / "architecture.py").write_bytes(source)
    more = ("architecture: architecture.py:BlurSharpen", f"architecture_sha256: {_sha256(source)}")
    weights = _weights(folder, "state.pt", given.files["state.pt"], "pytorch_state_dict", *more)
    return _described(folder, Words(_name("Spot Builder", seed), github_user, weights=(weights,)))


def _common(folder: Path, seed: int) -> Network:
    """Test tensors and cover; the expected output comes from numpy, not from a runtime."""
    folder.mkdir(parents=True, exist_ok=True)
    network, image = Network.of_seed(seed), image_of_seed(seed)
    probability, _ = network.expected(image)
    _save(folder / "test_input.npy", image)
    _save(folder / "test_output.npy", probability)
    (folder / "cover.png").write_bytes(grey_png(np.hstack([image[0, 0], probability[0, 0]])))
    return network


def _described(folder: Path, words: Words) -> Path:
    (folder / "rdf.yaml").write_text(words.rdf(), encoding="utf-8")
    (folder / "README.md").write_text(README.format(name=words.name), encoding="utf-8")
    return folder


def _renamed(folder: Path, name: str, seed: int, github_user: str) -> Words:
    sha256 = _sha256((folder / "weights.onnx").read_bytes())
    weights = weights_text("onnx", "weights.onnx", sha256, "opset_version: 17")
    return Words(_name(name, seed), github_user, weights=(weights,))


def _weights(folder: Path, name: str, content: bytes, weight_format: str, *more: str) -> str:
    (folder / name).write_bytes(content)
    return weights_text(weight_format, name, _sha256(content), *more)


def _name(words: str, seed: int) -> str:
    return words if seed == 0 else f"{words} {seed}"


def _save(path: Path, array: np.ndarray[Any, np.dtype[Any]]) -> None:
    np.save(path, array, allow_pickle=False)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
