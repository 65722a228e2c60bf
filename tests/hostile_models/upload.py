"""Uploads: the sample's own network, as ONNX weights or with an architecture file, made without torch."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.samples import make
from tests.samples.network import Network
from tests.samples.texts import Words, weights_text

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = "\n".join(Path(__file__).with_name(name).read_text("utf-8") for name in ("attacks.py", "architecture.py"))
SEED = 5
"""Of the network in all uploads but the neighbour's."""
NO_TENSORS = b"\x80\x02}."
"""An empty dictionary as a pickle: the network's numbers are in its code, so that its weights need no framework."""


def with_code(folder: Path, attack: str, moment: str = "forward", *, state: bytes | None = None) -> Path:
    """State dict weights, with the architecture file that makes this attack at its moment: import, init or forward."""
    network = Network.of_seed(SEED)
    make.make_good(folder, SEED)
    chosen = f'ATTACK, MOMENT = "{attack}", "{moment}"'
    source = SOURCE.replace('ATTACK, MOMENT = "", "forward"', chosen).encode()
    (folder / "architecture.py").write_bytes(source)
    more = (
        "architecture: architecture.py:BlurSharpen",
        f"architecture_sha256: {sha256(source)}",
        f"kwargs: {{gain: {network.gain}, bias: {network.bias}}}",
    )
    content = torch_zip(NO_TENSORS) if state is None else state
    return described(folder, f"Builder that {attack} {moment}", "pytorch_state_dict", "state.pt", content, *more)


def with_onnx(folder: Path, weights: Callable[[bytes], bytes] = bytes, *, name: str = "Onnx", seed: int = SEED) -> Path:
    """ONNX weights, changed on the way."""
    content = (make.make_good(folder, seed) / "weights.onnx").read_bytes()
    return described(folder, name, "onnx", "weights.onnx", weights(content), "opset_version: 17")


def with_torchscript(folder: Path, weights: Callable[[bytes], bytes], name: str) -> Path:
    """TorchScript weights, made of the ONNX ones."""
    content = (make.make_good(folder, SEED) / "weights.onnx").read_bytes()
    return described(folder, name, "torchscript", "weights.pt", weights(content))


def good(folder: Path, seed: int) -> Path:
    """A right one, another for each seed."""
    return with_onnx(folder, name=f"Good neighbour {seed}", seed=seed)


def with_arrays(folder: Path, **arrays: bytes | Callable[[np.ndarray], bytes]) -> Path:
    """ONNX weights, with `test_input` or `test_output` written otherwise."""
    with_onnx(folder, name=f"Arrays {folder.name}")
    for name, content in arrays.items():
        path = folder / f"{name}.npy"
        path.write_bytes(content if isinstance(content, bytes) else content(np.load(path)))
    return folder


def described(folder: Path, name: str, weights_format: str, file: str, content: bytes, *more: str) -> Path:
    """The folder with these weights, and no others, and an RDF that names them rightly."""
    (folder / "weights.onnx").unlink()
    (folder / file).write_bytes(content)
    weights = weights_text(weights_format, file, sha256(content), *more)
    (folder / "rdf.yaml").write_text(Words(name.replace("_", " "), weights=(weights,)).rdf(), encoding="utf-8")
    return folder


def torch_zip(pickled: bytes, *names: str) -> bytes:
    """What `torch.save` writes, around that pickle; or members of these names, all of them that pickle."""
    members = dict.fromkeys(names, pickled) or {"data.pkl": pickled, "byteorder": b"little", "version": b"3\n"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(f"state/{name}"), content)
    return buffer.getvalue()


def saved(array: np.ndarray, *, pickled: bool = False) -> bytes:
    """`.npy` bytes as numpy writes them, in the array's own order."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=pickled)
    return buffer.getvalue()


def sha256(content: bytes) -> str:
    """As the RDF has it."""
    return hashlib.sha256(content).hexdigest()
