"""Runs in the TensorFlow image, alone: runs weights on their inputs and answers with what came out, by name where it has one."""

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


def run(task, scratch):
    """Arrays by name."""
    inputs = {name: np.load(io.BytesIO(base64.b64decode(text))) for name, text in task["inputs"].items()}
    path = scratch / task["file"]
    path.write_bytes(base64.b64decode(task["weights"]))
    if path.suffix == ".zip":
        zipfile.ZipFile(path).extractall(scratch / "model")
        signature = tf.saved_model.load(str(scratch / "model")).signatures["serving_default"]
        return {
            name: array.numpy() for name, array in signature(**{n: tf.constant(a) for n, a in inputs.items()}).items()
        }
    library = tf_keras if task["kind"] == "keras-h5-old" else keras
    return {"probability": library.models.load_model(path).predict(inputs["raw"])}


def answer(task):
    """Arrays as the base64 of their .npy."""
    with tempfile.TemporaryDirectory() as scratch:
        arrays = run(task, Path(scratch))
    found = {}
    for name, array in arrays.items():
        buffer = io.BytesIO()
        np.save(buffer, array)
        found[name] = base64.b64encode(buffer.getvalue()).decode()
    return {"files": found, "versions": {}}


json.dump([answer(task) for task in json.load(sys.stdin)], ANSWER)
ANSWER.close()
