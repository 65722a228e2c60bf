"""Words of the frameworks that mean a limit of the boxes, not a fault of the weights: data, searched in every message.

The words are the libraries' own, of onnxruntime 1.31, torch 2.13, Keras 3.15, tf-keras and TensorFlow 2.21,
TensorFlow.js 4.22 and bioimageio.core 0.11.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIMITS: Mapping[str, tuple[str, ...]] = {
    "needs a GPU, and the boxes have none": (
        r"Found no NVIDIA driver",
        r"Torch not compiled with CUDA enabled",
        r"No CUDA GPUs are available",
        r"Attempting to deserialize object on a CUDA device",
        r"with arguments from the 'CUDA' backend",
        r"CudnnRNN",
        r"only supports NHWC tensor format",
    ),
    "needs code that another Python stored (a Lambda layer), which cannot be loaded here": (
        r"bad marshal data",
        r"marshal data too short",
        r"unknown opcode",
        r"code expected at (?:least|most) \d+ arguments",
    ),
    "needs a class or function that is not in the weights, which cannot be loaded here": (
        r"Could not locate (?:class|function) '",
        r"Unknown (?:layer|activation function|initializer|loss function)\b",
    ),
    "needs operations of another TensorFlow, which cannot be loaded here": (
        r"Op type not registered",
        r"No OpKernel was registered",
        r"tensorflow\.contrib|tf\.contrib",
    ),
    "needs an operation that TensorFlow.js does not have": (
        r"Kernel '.*' not registered for backend",
        r"Unknown op '",
    ),
    "needs operators that onnxruntime does not have here": (
        r"is not a registered function/op",
        r"Opset \d+ is under development",
    ),
    "needs operators of another library, which torch does not have here": (r"Unknown builtin op: (?!aten::)",),
    "needs a library that is not in this image": (r"No module named '(?:stardist|cellpose|csbdeep)\b",),
}
LIMITS = tuple((words, re.compile("|".join(patterns))) for words, patterns in _LIMITS.items())


def limit_in(error: BaseException) -> str:
    """Which limit an exception's message names, as a sentence's beginning; empty where none."""
    text = str(error)
    return next((words for words, pattern in LIMITS if pattern.search(text)), "")
