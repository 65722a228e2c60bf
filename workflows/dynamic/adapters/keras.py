"""Keras weights: `.keras` files by Keras 3, HDF5 files by Keras 3's reader of old files, else by tf-keras (Keras 2).

bioimageio.core hands several inputs over as batch size and more, and loads Keras 3 weights when HDF5 was asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tensorflow as tf
from loguru import logger

from workflows.dynamic.adapters.adapter import Adapter
from workflows.dynamic.adapters.arranged import by_name_or_place
from workflows.dynamic.adapters.named_outputs import in_order

try:
    from keras.src.legacy.saving import legacy_h5_format
except ImportError:  # an image of its own with a TensorFlow that is older than Keras 3
    legacy_h5_format = None

if TYPE_CHECKING:
    from pathlib import Path

    from workflows.dynamic.adapters.adapter import Given
    from workflows.dynamic.npy import Array


class _KerasAdapter(Adapter):
    def call(self, model: Any, inputs: Given) -> list[Array]:
        """Run the model in inference mode, as a whole: `predict` would cut the sample into batches."""
        given = [tf.convert_to_tensor(array) for array in self.in_models_order(model, inputs) if array is not None]
        outputs = model(given[0] if len(given) == 1 else given, training=False)
        names = list(getattr(model, "output_names", ()))
        return [_array(one) for one in in_order(outputs, self.output_names, names)]

    def in_models_order(self, model: Any, inputs: Given) -> list[Array | None]:
        """The inputs as the model lists its own: by name where all names match, else as the RDF lists them."""
        own = list(getattr(model, "input_names", ())) or [_plain(one.name) for one in getattr(model, "inputs", ())]
        names = by_name_or_place(self.input_names, own)
        if {*names} != {*own}:
            return list(inputs)
        by_name = dict(zip(names, inputs, strict=True))
        return [by_name[name] for name in own]


class KerasV3Adapter(_KerasAdapter):
    """A `.keras` file; Lambda layers are loaded, as contributed code is in a box."""

    weights_format = "keras_v3"

    def load_weights(self) -> Any:
        """The model, without its optimizer."""
        import keras

        backend, _ = self.weights.backend
        if backend != keras.config.backend():
            logger.warning("the weights name the backend {}, and are run with {}", backend, keras.config.backend())
        return keras.saving.load_model(self.files.verified(self.weights), compile=False, safe_mode=False)


class KerasHdf5Adapter(_KerasAdapter):
    """An HDF5 file of Keras 1 to 3."""

    weights_format = "keras_hdf5"

    def load_weights(self) -> Any:
        """The model, by the first reader that takes it; what both say of it counts."""
        path = self.files.verified(self.weights)
        try:
            return _with_keras_3(path)
        except Exception as error:  # noqa: BLE001 - the older reader has the word then
            logger.warning("Keras 3 does not read the weights, so tf-keras tries: {}", _first_line(error))
            return _with_tf_keras(path)


def _with_keras_3(path: Path) -> Any:
    if legacy_h5_format is None:
        raise ImportError("there is no Keras 3")
    return legacy_h5_format.load_model_from_hdf5(str(path), compile=False, safe_mode=False)


def _with_tf_keras(path: Path) -> Any:
    """Lambda layers are code, which a box is there to run; Keras 2 asks for leave once for all."""
    try:
        import tf_keras
        from tf_keras.src.saving import serialization_lib
    except ModuleNotFoundError:  # an older TensorFlow has Keras 2 itself
        return tf.keras.models.load_model(str(path), compile=False)
    serialization_lib.enable_unsafe_deserialization()
    return tf_keras.models.load_model(str(path), compile=False)


def _array(tensor: Any) -> Array:
    array: Array = tensor.numpy() if hasattr(tensor, "numpy") else tensor
    return array


def _plain(name: str) -> str:
    """A tensor's name without TensorFlow's output number."""
    return name.partition(":")[0]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
