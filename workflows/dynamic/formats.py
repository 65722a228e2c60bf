"""Which weight formats this image can run, and with what."""

from __future__ import annotations

from importlib import metadata
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FRAMEWORK: Mapping[str, str] = {
    "onnx": "onnxruntime",
    "torchscript": "torch",
    "pytorch_state_dict": "torch",
}
"""Weight format to the module that runs it."""

COMMON = ("bioimageio.core", "bioimageio.spec", "numpy")
"""Distributions that every format is run with."""


def why_not(weight_format: str) -> str:
    """Why weights of that format cannot be run here, as a sentence; empty where they can."""
    framework = FRAMEWORK.get(weight_format)
    if framework is None:
        return f"{weight_format} weights are not run: no image for them yet"
    if find_spec(framework) is None:
        return f"{weight_format} weights are not run here: {framework} is not installed"
    return ""


def versions(weight_format: str) -> dict[str, str]:
    """Version by distribution, of what runs that format; at most 64 characters each."""
    names = (*COMMON, FRAMEWORK[weight_format]) if weight_format in FRAMEWORK else COMMON
    return {name: found[:64] for name in names if (found := _version(name))}


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""
