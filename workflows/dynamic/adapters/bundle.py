"""What a TensorFlow saved model bundle consists of, and which of its signatures is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workflows.dynamic.adapters.weights_files import MisplacedFileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PB = "saved_model.pb"
SERVING = "serving_default"
_INTERNAL = "__saved_model_init_op"
_VARIABLES = re.compile(r"variables\.(?:index|data-\d{5}-of-\d{5})")


class SignatureError(ValueError):
    """The bundle has no signature that is sure to be meant."""


def bundled(files: Mapping[str, Path]) -> dict[str, Path]:
    """The bundle's tree from its files; variables that lie flat (files behind addresses do) go into their folder."""
    if PB not in files:
        raise MisplacedFileError(f"the weights are neither a zip nor a file {PB}")
    return {f"variables/{name}" if _VARIABLES.fullmatch(name) else name: path for name, path in files.items()}


def signature_of(names: Sequence[str]) -> str:
    """`serving_default`, else the only one; SignatureError with the names otherwise."""
    own = [name for name in names if name != _INTERNAL]
    if SERVING in own or len(own) == 1:
        return SERVING if SERVING in own else own[0]
    listed = ", ".join(f"`{name[:60]}`" for name in own[:8]) or "none"
    raise SignatureError(f"the bundle has no signature {SERVING}; its signatures are: {listed}")
