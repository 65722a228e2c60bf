"""A small model RDF of 0.4 and of 0.5 with its files, made here, for the tests of describe and static."""

import hashlib
import io
import struct
import zipfile
from pathlib import Path

REALDATA = Path(__file__).parents[3] / "shared" / "realdata"
WEIGHTS = b"\x08\x08\x3a\x03\x12\x01g\x42\x02\x10\x0f"
"""The least ONNX: version 8, a graph named g, opset 15."""
COVER = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">2L5B", 400, 200, 8, 2, 0, 0, 0)
README = "# Tiny blur\n\n## Validation\n\nBlurred by eye.\n"
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()
LIMITS = {"rdf_bytes": 1_000_000, "file_bytes": 5_000_000, "package_bytes": 10_000_000, "files": 100}

MODEL_04 = f"""\
format_version: 0.4.10
type: model
name: Tiny blur
description: Blurs an image of cells.
authors:
- name: Ada Lovelace
  orcid: 0000-0002-1825-0097
maintainers:
- name: Ada Lovelace
  github_user: ada
cite:
- text: A paper
  doi: 10.1234/abc
license: MIT
documentation: README.md
tags: [blur, cells, 2d]
covers: [cover.png]
timestamp: 2024-01-02T03:04:05Z
links: [ilastik/ilastik]
inputs:
- name: raw
  axes: bcyx
  data_type: float32
  data_range: [-.inf, .inf]
  shape: [1, 1, 8, 8]
outputs:
- name: blurred
  axes: bcyx
  data_type: float32
  shape:
    reference_tensor: raw
    scale: [1, 1, 0.5, 0.5]
    offset: [0, 0, 0, 0]
test_inputs: [in.npy]
test_outputs: [out.npy]
weights:
  onnx:
    source: weights.onnx
    sha256: {SHA256}
    opset_version: 15
"""

MODEL_05 = f"""\
format_version: 0.5.4
type: model
name: Tiny blur
description: Blurs an image of cells.
authors: [{{name: Ada Lovelace}}]
maintainers: [{{github_user: ada}}]
cite: [{{text: A paper, doi: 10.1234/abc}}]
license: MIT
documentation: README.md
tags: [blur, cells, 2d]
links: [ilastik/ilastik]
covers: [cover.png]
inputs:
- id: raw
  axes:
  - type: batch
  - {{type: channel, channel_names: [grey]}}
  - {{type: space, id: y, size: {{min: 4, step: 2}}}}
  - {{type: space, size: 8}}
  test_tensor: {{source: in.npy}}
  sample_tensor: {{source: in.png}}
outputs:
- id: blurred
  axes:
  - type: batch
  - {{type: channel, channel_names: [grey]}}
  - {{type: space, id: y, scale: 2, size: {{tensor_id: raw, axis_id: y}}}}
  - {{type: index, size: {{min: 1, max: 4}}}}
  test_tensor: {{source: out.npy}}
  sample_tensor: {{source: out.png, sha256: {SHA256}}}
weights:
  torchscript:
    source: https://zenodo.org/api/records/1/files/weights.pt/content
    sha256: {SHA256}
    pytorch_version: 2.5.1
  onnx:
    source: weights.onnx
    sha256: {SHA256}
    opset_version: 15
    parent: torchscript
"""


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of these files, the same for ever."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


SCRIPT = zipped({f"m/{name}": b"\x80\x02]." for name in ("data.pkl", "constants.pkl", "code/net.py", "version")})
"""What looks like TorchScript from outside."""
LOCAL_05 = MODEL_05.replace(
    f"https://zenodo.org/api/records/1/files/weights.pt/content\n    sha256: {SHA256}",
    f"weights.pt\n    sha256: {hashlib.sha256(SCRIPT).hexdigest()}",
)
"""The same with its TorchScript weights beside it; `write_model` brings them."""


def npy(shape: tuple[int, ...], descr: str = "<f4", data: bytes | None = None, version: int = 1) -> bytes:
    """A .npy file of zeros, or of the given bytes."""
    size = int(descr[2:])
    for length in shape:
        size *= length
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    width = 2 if version == 1 else 4
    start = b"\x93NUMPY" + bytes([version, 0]) + len(header).to_bytes(width, "little")
    return start + header + (bytes(size) if data is None else data)


def write_model(folder: Path, rdf: str = MODEL_04) -> Path:
    """The RDF with all its files in a folder."""
    (folder / "rdf.yaml").write_text(rdf, encoding="utf-8")
    (folder / "README.md").write_text(README, encoding="utf-8")
    (folder / "in.npy").write_bytes(npy((1, 1, 8, 8)))
    (folder / "out.npy").write_bytes(npy((1, 1, 4, 4)))
    for name in ("weights.onnx", "out.png"):
        (folder / name).write_bytes(WEIGHTS)
    (folder / "weights.pt").write_bytes(SCRIPT)
    for name in ("cover.png", "in.png"):
        (folder / name).write_bytes(COVER)
    return folder
