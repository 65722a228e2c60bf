"""A run of a tiny model before the job: whatever the libraries make at first use is made while nobody waits."""

from __future__ import annotations

import gc
import shutil
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workflows.dynamic.adapters.weights_files import WeightsFiles
from workflows.dynamic.pipeline import Model, adapted, described, inputs_of, predict
from workflows.dynamic.processing import pipeline_around
from workflows.dynamic.warned import listen_to_loguru

if TYPE_CHECKING:
    from collections.abc import Collection

    from workflows.dynamic.npy import Array

_AXES_05 = (
    "[{type: batch}, {type: channel, channel_names: [a]}, {type: space, id: y, size: 4}, {type: space, id: x, size: 4}]"
)
RDFS = (
    """\
{format_version: 0.4.10, type: model, name: rehearsal, description: none, authors: [{name: none}], license: MIT,
 cite: [{text: none, url: 'https://example.com'}], tags: [], timestamp: '2025-01-01T00:00:00', documentation: none.md,
 inputs: [{name: a, axes: bcyx, data_type: float32, shape: [1, 1, 4, 4], preprocessing: [
   {name: zero_mean_unit_variance, kwargs: {mode: per_sample, axes: yx}}]}],
 outputs: [{name: b, axes: bcyx, data_type: float32, shape: [1, 1, 4, 4], postprocessing: [{name: sigmoid}]}],
 test_inputs: [a.npy], test_outputs: [b.npy], weights: {onnx: {source: w.onnx, opset_version: 17}, torchscript: {source: w.pt}}}
""",
    f"""\
{{format_version: 0.5.4, type: model, name: rehearsal, description: none, authors: [{{name: none}}], license: MIT,
 cite: [{{text: none, url: 'https://example.com'}}], documentation: none.md,
 inputs: [{{id: a, axes: {_AXES_05}, test_tensor: {{source: a.npy}}}}],
 outputs: [{{id: b, axes: {_AXES_05}, test_tensor: {{source: b.npy}}}}],
 weights: {{onnx: {{source: w.onnx, opset_version: 17}}, torchscript: {{source: w.pt, pytorch_version: 2.0.0}}}}}}
""",
)
"""One for each version of the RDF, since each has validators of its own."""
IDENTITY = bytes.fromhex(
    "080812003a4f0a100a016112016222084964656e746974791201725a1b0a016112160a14080112100a0208010a0208010a0208040a0208"
    "04621b0a016212160a14080112100a0208010a0208010a0208040a02080442040a001011"
)
"""A graph of one operator, Identity, from `a` to `b`."""


def rehearse(formats: Collection[str]) -> None:
    """Describe, load and run, with the weights of those `formats` of which there are any here, else with none at all.

    A rehearsal that fails says so on stderr: the job will tell what is broken.
    """
    folder = Path(tempfile.mkdtemp(prefix="rehearsal-"))
    try:
        listen_to_loguru()
        np.save(folder / "a.npy", np.ones((1, 1, 4, 4), np.float32))
        (folder / "w.onnx").write_bytes(IDENTITY)
        if "torchscript" in formats:
            _save_torchscript(folder / "w.pt")
        for text in RDFS:
            (folder / "r.yaml").write_text(text, encoding="utf-8")
            for weight_format in [one for one in ("onnx", "torchscript") if one in formats] or ["none"]:
                _run(folder / "r.yaml", weight_format)
    except Exception:  # noqa: BLE001 - whatever it is, the job tells it better
        traceback.print_exc()
    shutil.rmtree(folder, ignore_errors=True)
    gc.collect()
    gc.freeze()  # what is loaded by now stays: no collection during the job looks at it again


def _run(rdf: Path, weight_format: str) -> None:
    description = described(rdf)
    files = WeightsFiles(rdf.parent)
    adapter = _echo(description, files) if weight_format == "none" else adapted(description, weight_format, files)
    model = Model(description, adapter, pipeline_around(description, adapter))
    predict(model, inputs_of(model))


def _save_torchscript(place: Path) -> None:
    import torch

    torch.jit.save(torch.jit.trace(torch.nn.Identity(), torch.ones(1)), place)


def _echo(description: Any, files: WeightsFiles) -> Any:
    """An adapter that hands its input back."""
    from workflows.dynamic.adapters.adapter import Adapter

    class Echo(Adapter):
        weights_format = "onnx"

        def load_weights(self) -> Any:
            return None

        def call(self, _model: Any, inputs: Any) -> list[Array]:
            return list(inputs)

    return Echo(description, files)
