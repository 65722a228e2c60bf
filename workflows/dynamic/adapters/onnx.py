"""ONNX weights: tensors by name where the names match, external data beside them, as many threads as the box has cores.

bioimageio.core goes by place alone, loads external data under the box's local names, and lets onnxruntime start a
thread for each core of the machine.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import onnxruntime

from workflows.dynamic.adapters.adapter import Adapter
from workflows.dynamic.adapters.arranged import by_name_or_place
from workflows.dynamic.adapters.weights_files import MisplacedFileError, inside, tree
from workflows.static.readers.onnx_file import read_onnx
from workflows.static.readers.protobuf import NotAMessage

if TYPE_CHECKING:
    from pathlib import Path

    from workflows.dynamic.adapters.adapter import Given
    from workflows.dynamic.npy import Array


class OnnxAdapter(Adapter):
    """An onnxruntime session on the CPU."""

    weights_format = "onnx"

    def load_weights(self) -> Any:
        """The session; MisplacedFileError where external data are missing or lie elsewhere."""
        path = self.files.verified(self.weights)
        if getattr(self.weights, "external_data", None):
            self.files.verified(self.weights.external_data)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS", "0"))
        return onnxruntime.InferenceSession(self.placed(path), options, providers=["CPUExecutionProvider"])

    def placed(self, path: Path) -> str:
        """Where the weights lie with their external data beside them: in the inputs, or as copies in scratch."""
        wanted = external(path)
        there = self.files.anywhere(path)
        missing = sorted(name for name in wanted if name not in there)
        if missing:
            raise MisplacedFileError(f"the weights keep data in {missing[0]!r}, which is not among their files")
        if all(there[name] == path.parent / name for name in wanted):
            return str(path)
        return str(tree({path.name: path, **{name: there[name] for name in wanted}}) / path.name)

    def call(self, model: Any, inputs: Given) -> list[Array]:
        """Run the session."""
        names = by_name_or_place(self.input_names, [one.name for one in model.get_inputs()])
        given = {name: array for name, array in zip(names, inputs, strict=False) if array is not None}
        outputs = by_name_or_place(self.output_names, [one.name for one in model.get_outputs()])
        results: list[Array] = model.run(outputs, given)
        return results


def external(path: Path) -> set[str]:
    """The names of the files that hold the weights' data; none where onnxruntime is to say what is wrong with it."""
    with path.open("rb") as file:
        try:
            names = read_onnx(file).external
        except NotAMessage:
            return set()
    return {inside(name) for name in names}
