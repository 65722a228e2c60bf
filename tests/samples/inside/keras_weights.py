"""Runs in the TensorFlow image, alone, as `python -c`: tasks as JSON on stdin, files as JSON on stdout (see in_images.py)."""

import base64
import io
import json
import os
import sys
import tempfile
import zipfile
from pathlib import Path

ANSWER = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # whatever a library prints is no part of the answer

import keras  # noqa: E402 - it prints
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
import tf_keras  # noqa: E402

EPOCH = (1980, 1, 1, 0, 0, 0)


def build(library, task):
    """The network as a functional model of Keras 3 or of tf-keras; convolutions are channels last on a CPU."""
    first = task["axes"] == "bcyx"
    layers = library.layers
    raw = layers.Input((1, None, None) if first else (None, None, 1), name="raw")
    tensor = layers.Permute((2, 3, 1), name="to_last")(raw) if first else raw
    tensor = layers.Conv2D(1, 3, padding="same", use_bias=False, name="blur")(tensor)
    tensor = layers.Conv2D(1, 3, padding="same", activation="sigmoid", name="sharpen")(tensor)
    model = library.Model(raw, layers.Permute((3, 1, 2), name="to_first")(tensor) if first else tensor)
    model.get_layer("blur").set_weights([kernel(task["blur"])])
    model.get_layer("sharpen").set_weights([kernel(task["sharpen"]), np.array([task["bias"]], np.float32)])
    return model


def kernel(values):
    """(y, x) to (y, x, in, out)."""
    return np.array(values, np.float32)[:, :, None, None]


def two_in_two_out(task):
    """A module with a signature of its own: `raw` and `dark` in, `probability` and `ground` out."""
    model = build(keras, task)
    spec = tf.TensorSpec((None, 1, None, None) if task["axes"] == "bcyx" else (None, None, None, 1), tf.float32)

    class Module(tf.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        @tf.function(input_signature=[spec, spec])
        def spots(self, raw, dark):
            probability = self.model(raw - dark)
            return {"probability": probability, "ground": 1.0 - probability}

    return Module()


def zipped(folder):
    """The files below a folder; the same files are the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.writestr(zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH), path.read_bytes())
    return buffer.getvalue()


def save(task, scratch):
    """The bytes of the weights' file."""
    kind, path = task["kind"], scratch / task["file"]
    if kind == "tf_keras_h5":
        build(tf_keras, task).save(path)
    elif kind in {"keras_h5", "keras_v3"}:
        build(keras, task).save(path)
    elif kind == "saved_model":
        build(keras, task).export(scratch / "exported", verbose=False)
        return zipped(scratch / "exported")
    else:
        module = two_in_two_out(task)
        tf.saved_model.save(module, str(scratch / "saved"), signatures={"serving_default": module.spots})
        return zipped(scratch / "saved")
    return path.read_bytes()


def main(task):
    """One file, and the versions that its RDF names."""
    with tempfile.TemporaryDirectory() as scratch:
        content = save(task, Path(scratch))
    return {task["file"]: content}, {"tensorflow_version": tf.__version__, "keras_version": keras.__version__}


def answer(task):
    """As JSON."""
    files, versions = main(task)
    return {
        "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
        "versions": versions,
    }


json.dump([answer(task) for task in json.load(sys.stdin)], ANSWER)
ANSWER.close()
