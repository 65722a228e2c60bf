"""The hostile list, where the attack is in the bytes of weights and test tensors."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.hostile_models import upload
from tests.hostile_models.case import AT_LOAD, FINE, NOT_RUN, Case

RUNS_CODE = b"cbuiltins\nprint\n(S'the pickle has run'\ntR."
"""A pickle that prints when it is loaded."""


def onnx(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    return lambda folder: upload.with_onnx(folder, change, name=f"Bytes {folder.name}")


def torchscript(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    return lambda folder: upload.with_torchscript(folder, change, f"Bytes {folder.name}")


def state(weights: bytes) -> Callable[[Path], Path]:
    return lambda folder: upload.with_code(folder, "", folder.name, state=weights)


def arrays(**content: bytes | Callable[[np.ndarray], bytes]) -> Callable[[Path], Path]:
    return lambda folder: upload.with_arrays(folder, **content)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def external(location: str, *, hidden: bool = False) -> Callable[[bytes], bytes]:
    """Weights that are said to lie in another file; hidden: in an attribute of a node, where no rule looks."""

    def change(content: bytes) -> bytes:
        import onnx

        model = onnx.load_model_from_string(content)
        tensor = next(one for one in model.graph.initializer if one.name == "blur")
        entries = (("location", location), ("offset", "0"), ("length", str(len(tensor.raw_data))))
        tensor.ClearField("raw_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        for key, value in entries:
            tensor.external_data.add(key=key, value=value)
        if hidden:
            model.graph.initializer.remove(kept := next(one for one in model.graph.initializer if one.name == "blur"))
            model.graph.node.insert(0, onnx.helper.make_node("Constant", [], ["blur"], value=kept))
        return model.SerializeToString()

    return change


def header(shape: tuple[int, ...], descr: str) -> bytes:
    """A `.npy` file of 128 bytes, all of them header."""
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def pickled(array: np.ndarray) -> bytes:
    return upload.saved(array.astype(object), pickled=True)


FOUR_GB = header((1, 1, 32768, 32768), "<f4")
_EMPTY_SCRIPT = upload.torch_zip(b"\x80\x02].", "data.pkl", "constants.pkl", "code/net.py", "version")


def both(content: Callable[[np.ndarray], bytes]) -> Callable[[Path], Path]:
    return arrays(test_input=content, test_output=content)


CASES = (
    Case("onnx-truncated", onnx(half), NOT_RUN, r"weights-format: .*cut off"),
    Case("onnx-is-a-zip", onnx(lambda _: upload.torch_zip(upload.NO_TENSORS)), NOT_RUN, r"is a zip archive, not ONNX"),
    Case("onnx-data-above", onnx(external("../../etc/passwd")), NOT_RUN, r"'../../etc/passwd', outside of its folder"),
    Case("onnx-data-absolute", onnx(external("/etc/passwd")), NOT_RUN, r"'/etc/passwd', outside of its folder"),
    Case("onnx-data-unnamed", onnx(external("test_input.npy")), NOT_RUN, r"'test_input.npy', which the RDF does not"),
    Case("onnx-data-hidden", onnx(external("../etc/passwd", hidden=True)), AT_LOAD, r"loading the weights failed"),
    Case("onnx-data-hidden-input", onnx(external("/in/test_input.npy", hidden=True)), AT_LOAD, r"loading the weights"),
    Case("torchscript-is-onnx", torchscript(bytes), NOT_RUN, r"weights-format: .*not TorchScript"),
    Case("torchscript-of-nothing", torchscript(lambda _: _EMPTY_SCRIPT), AT_LOAD, r"loading the weights failed"),
    Case(
        "torchscript-pickle",
        torchscript(lambda _: upload.torch_zip(RUNS_CODE)),
        NOT_RUN,
        r"pickle: .*imports 'builtins.print'",
    ),
    Case("state-truncated", state(upload.torch_zip(upload.NO_TENSORS)[:150]), NOT_RUN, r"weights-archive: .*cut off"),
    Case("state-pickle", state(upload.torch_zip(RUNS_CODE)), NOT_RUN, r"pickle: .*imports 'builtins.print'"),
    Case("state-bare-pickle", state(RUNS_CODE), NOT_RUN, r"pickle: .*imports 'builtins.print'"),
    Case("output-of-objects", arrays(test_output=pickled), NOT_RUN, r"test-array: .*Python objects"),
    Case("input-of-objects", arrays(test_input=pickled), NOT_RUN, r"test-array: .*Python objects"),
    Case("output-empty", arrays(test_output=b""), NOT_RUN, r"file-empty: "),
    Case("output-no-elements", arrays(test_output=lambda a: upload.saved(a[:, :0])), NOT_RUN, r"holds no number"),
    Case("input-no-elements", arrays(test_input=lambda a: upload.saved(a[:, :0])), NOT_RUN, r"holds no number"),
    Case("output-0-d", arrays(test_output=upload.saved(np.float32(1))), NOT_RUN, r"test-shape: .*has 0 axes"),
    Case("input-0-d", arrays(test_input=upload.saved(np.float32(1))), NOT_RUN, r"test-shape: .*has 0 axes"),
    Case("output-4-gb", arrays(test_output=FOUR_GB), NOT_RUN, r"has 128 bytes, but its header announces 4,294,967,424"),
    Case("input-4-gb", arrays(test_input=FOUR_GB), NOT_RUN, r"has 128 bytes, but its header announces 4,294,967,424"),
    Case("fortran-ordered", both(lambda a: upload.saved(np.asfortranarray(a))), FINE, r""),
    Case("big-endian", both(lambda a: upload.saved(a.astype(">f4"))), FINE, r""),
)
