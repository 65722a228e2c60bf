"""TensorFlow saved models: a zip, or `saved_model.pb` beside its variables; called by a signature, tensors by name.

bioimageio.core hands the outputs back in the order of a hash table, so that two may be swapped.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import tensorflow as tf
from loguru import logger

from workflows.dynamic.adapters.adapter import Adapter
from workflows.dynamic.adapters.arranged import arranged
from workflows.dynamic.adapters.bundle import PB, bundled, signature_of
from workflows.dynamic.adapters.unpacked import folder_with, unpacked
from workflows.dynamic.adapters.weights_files import tree

if TYPE_CHECKING:
    from pathlib import Path

    from workflows.dynamic.adapters.adapter import Given
    from workflows.dynamic.npy import Array


class SavedModelAdapter(Adapter):
    """The bundle with its signature."""

    weights_format = "tensorflow_saved_model_bundle"

    def load_weights(self) -> Any:
        """The loaded bundle and the signature that is called; the bundle is held, since it owns the variables."""
        loaded = tf.saved_model.load(str(self.folder()), tags=["serve"])
        signature = loaded.signatures[signature_of(list(loaded.signatures))]
        _, given = signature.structured_input_signature
        names = arranged(self.input_names, list(given), "inputs")
        arranged(self.output_names, list(signature.structured_outputs), "outputs")
        return loaded, signature, {name: given[name].dtype for name in names}

    def folder(self) -> Path:
        """Where the bundle lies in scratch."""
        path = self.files.verified(self.weights)
        if zipfile.is_zipfile(path):
            return folder_with(unpacked(path), PB)
        return tree(bundled(self.files.beside(path)))

    def call(self, model: Any, inputs: Given) -> list[Array]:
        """Call the signature; an input is cast to the signature's type, as a client of the bundle has to."""
        _, signature, types = model
        named = zip(types.items(), inputs, strict=True)
        given = {name: _cast(name, array, dtype) for (name, dtype), array in named if array is not None}
        outputs = signature(**given)
        return [outputs[name].numpy() for name in arranged(self.output_names, list(outputs), "outputs")]


def _cast(name: str, array: Array, dtype: Any) -> Any:
    if dtype != tf.as_dtype(array.dtype):
        logger.warning("the input `{}` is {}, and the signature takes {}: cast", name, array.dtype, dtype.name)
    return tf.cast(array, dtype)
