"""Makes tiny models: `python networks.py FOLDER KIND ...`, run by an interpreter that has their frameworks.

Every network is y = x · KERNEL, x of shape (1, 4); with two outputs the second is y + 10, with two inputs it is
(x · KERNEL) - 2 · (second input). Needs nothing of the repository, so that an image can run it.
"""

import json
import os
import sys
import zipfile
from pathlib import Path

import numpy as np

KERNEL = np.arange(16, dtype=np.float32).reshape(4, 4) / 10
X = np.array([[1, -2, 3, 4]], np.float32)
SECOND = np.array([[1, 1, 2, 2]], np.float32)
AXES = "[{type: batch}, {type: channel, channel_names: [a, b, c, d]}]"
RDF = """\
format_version: 0.5.4
type: model
name: tiny network
description: a network of one layer
authors: [{{name: Ada Sample}}]
license: MIT
cite: [{{text: none, url: 'https://example.com'}}]
documentation: README.md
inputs:
{inputs}
outputs:
{outputs}
weights:
  {weights}
"""


def described(folder, weights, inputs=("x",), outputs=("y",)):
    given = zip(inputs, (X, SECOND), strict=False)
    lines = []
    for name, array in given:
        np.save(folder / f"{name}.npy", array)
        lines.append(f"  - {{id: {name}, axes: {AXES}, test_tensor: {{source: {name}.npy}}, data: {{type: float32}}}}")
    out = [f"  - {{id: {name}, axes: {AXES}, test_tensor: {{source: absent-{name}.npy}}}}" for name in outputs]
    (folder / "README.md").write_text("none")
    (folder / "rdf.yaml").write_text(RDF.format(inputs="\n".join(lines), outputs="\n".join(out), weights=weights))


def layered(keras, *, two_inputs=False, two_outputs=False):
    x = keras.layers.Input((4,), name="x")
    dense = keras.layers.Dense(4, use_bias=False, name="y")
    y, inputs = dense(x), [x]
    if two_inputs:
        inputs.append(keras.layers.Input((4,), name="a_second"))
        twice = keras.layers.Rescaling(2.0)(inputs[1])
        y = keras.layers.Subtract(name="difference")([y, twice])
    outputs = [y, keras.layers.Rescaling(1.0, offset=10.0, name="a_later")(y)] if two_outputs else y
    model = keras.Model(inputs, outputs)
    dense.set_weights([KERNEL])
    return model


def keras_v3(folder):
    import keras

    layered(keras, two_inputs=True, two_outputs=True).save(folder / "w.keras")
    weights = "keras_v3: {source: w.keras, keras_version: 3.15.1, backend: [tensorflow, 2.21.0]}"
    described(folder, weights, ("x", "a_second"), ("y", "a_later"))


H5 = "keras_hdf5: {source: w.h5, tensorflow_version: 2.0.0}"


def keras_hdf5(folder):
    import keras

    layered(keras, two_inputs=True).save(folder / "w.h5")
    described(folder, H5, ("first", "second"))


def keras_2_hdf5(folder):
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import tf_keras

    layered(tf_keras, two_outputs=True).save(folder / "w.h5")
    described(folder, H5, outputs=("y", "a_later"))


def keras_2_transposed(folder):
    """A layer of U-Nets with a keyword that Keras 3 does not know: 1 x 1, so that it is a matrix."""
    import tf_keras

    x = tf_keras.layers.Input((4,))
    transposed = tf_keras.layers.Conv2DTranspose(4, 1, use_bias=False)
    y = tf_keras.layers.Reshape((4,))(transposed(tf_keras.layers.Reshape((1, 1, 4))(x)))
    model = tf_keras.Model(x, y)
    transposed.set_weights([KERNEL.T[None, None]])
    model.save(folder / "w.h5")
    described(folder, H5)


def keras_custom(folder):
    import tf_keras

    class Mine(tf_keras.layers.Layer):
        def call(self, x):
            return x

    x = tf_keras.layers.Input((4,))
    tf_keras.Model(x, Mine()(x)).save(folder / "w.h5")
    described(folder, H5)


def keras_lambda(folder):
    """A Lambda layer whose code no Python of today reads."""
    import base64

    import h5py
    import tf_keras

    x = tf_keras.layers.Input((4,))
    tf_keras.Model(x, tf_keras.layers.Lambda(lambda one: one)(x)).save(folder / "w.h5")
    with h5py.File(folder / "w.h5", "r+") as file:
        config = json.loads(file.attrs["model_config"])
        layer = next(one for one in config["config"]["layers"] if one["class_name"] == "Lambda")
        code = base64.b64encode(b"\xe3\x01\x00\x00\x00").decode()
        function = layer["config"]["function"]
        if isinstance(function, dict):
            function["config"]["code"] = code
        else:
            function[0] = code
        file.attrs["model_config"] = json.dumps(config)
    described(folder, H5)


def keras_own_lambda(folder):
    """A Lambda layer that this Python stored."""
    import tf_keras

    x = tf_keras.layers.Input((4,))
    tf_keras.Model(x, tf_keras.layers.Lambda(lambda one: one * 3)(x)).save(folder / "w.h5")
    described(folder, H5)


def module(outputs):
    import tensorflow as tf

    class Net(tf.Module):
        def __init__(self):
            super().__init__()
            self.kernel = tf.Variable(KERNEL)

        @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32, name="x")])
        def call(self, x):
            y = tf.matmul(x, self.kernel)
            return dict(zip(outputs, (y, y + 10), strict=True))

    return Net()


BUNDLE = "tensorflow_saved_model_bundle: {source: %s, tensorflow_version: 2.21.0}"


def zipped(bundle, place, top=""):
    with zipfile.ZipFile(place, "w") as file:
        for path in sorted(bundle.rglob("*")):
            file.write(path, Path(top, path.relative_to(bundle)))


def bundle(folder, names, declared, top="", signature="serving_default"):
    import tensorflow as tf

    net = module(names)
    tf.saved_model.save(net, folder / "bundle", signatures={signature: net.call})
    zipped(folder / "bundle", folder / "w.zip", top)
    described(folder, BUNDLE % "w.zip", outputs=declared)


def saved_model(folder):
    bundle(folder, ("y", "a_later"), ("y", "a_later"), top="model")


def saved_model_bare(folder):
    """Without a folder around the bundle in its zip."""
    bundle(folder, ("y", "a_later"), ("y", "a_later"))


def saved_model_numbered(folder):
    bundle(folder, ("output_2", "output_10"), ("probability", "mask"), signature="predict")


def saved_model_ambiguous(folder):
    bundle(folder, ("zeta", "alpha"), ("probability", "mask"))


def saved_model_flat(folder):
    """Several files, under local names of the work side's."""
    bundle(folder, ("y", "a_later"), ("y", "a_later"))
    local = {}
    for path in sorted((folder / "bundle").rglob("*")):
        if path.is_file():
            local[path.name] = f"model/{path.relative_to(folder / 'bundle')}"
            path.rename(folder / path.name)
    (folder / "files.json").write_text(json.dumps(local))
    described(folder, BUNDLE % "saved_model.pb", outputs=("y", "a_later"))


def saved_model_tf1(folder):
    import tensorflow as tf

    v1 = tf.compat.v1
    with v1.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 4])
        y = tf.matmul(x, v1.get_variable("kernel", initializer=KERNEL))
        session.run(v1.global_variables_initializer())
        v1.saved_model.simple_save(session, str(folder / "bundle"), {"raw": x}, {"scores": y})
    zipped(folder / "bundle", folder / "w.zip")
    described(folder, BUNDLE % "w.zip")


TFJS = "tensorflow_js: {source: model.json, tensorflow_version: 2.21.0}"


def written(folder, topology, weights, **more):
    """A model.json with two shards that are cut in the middle of a number."""
    data = b"".join(array.tobytes() for _, array in weights)
    (folder / "shard-1.bin").write_bytes(data[:10])
    (folder / "shard-2.bin").write_bytes(data[10:])
    specs = [{"name": name, "shape": list(array.shape), "dtype": "float32"} for name, array in weights]
    manifest = [{"paths": ["shard-1.bin", "shard-2.bin"], "weights": specs}]
    model = {"modelTopology": topology, "weightsManifest": manifest, **more}
    (folder / "model.json").write_text(json.dumps(model))


def layers_topology(layer="Dense"):
    layers = [
        {
            "class_name": "InputLayer",
            "name": "x",
            "config": {"batch_input_shape": [None, 4], "dtype": "float32", "name": "x"},
            "inbound_nodes": [],
        },
        {
            "class_name": layer,
            "name": "y",
            "config": {"name": "y", "units": 4, "use_bias": False, "activation": "linear"},
            "inbound_nodes": [[["x", 0, 0, {}]]],
        },
    ]
    config = {"name": "m", "layers": layers, "input_layers": [["x", 0, 0]], "output_layers": [["y", 0, 0]]}
    return {
        "keras_version": "2.15.0",
        "backend": "tensorflow",
        "model_config": {"class_name": "Functional", "config": config},
    }


def tfjs_layers(folder):
    written(folder, layers_topology(), [("y/kernel", KERNEL)], format="layers-model")
    described(folder, TFJS)


def tfjs_unknown_layer(folder):
    written(folder, layers_topology("MyOwn"), [("y/kernel", KERNEL)], format="layers-model")
    described(folder, TFJS)


def graph_node(name, op, inputs=(), **attributes):
    return {"name": name, "op": op, "input": list(inputs), "attr": attributes}


def tfjs_graph(folder, op="AddV2"):
    """Two outputs, whose names in alphabetical order are the other way round."""
    kind = {"type": "DT_FLOAT"}
    shape = {"shape": {"dim": [{"size": "-1"}, {"size": "4"}]}}
    nodes = [
        graph_node("x", "Placeholder", dtype=kind, shape=shape),
        graph_node(
            "kernel",
            "Const",
            dtype=kind,
            value={"tensor": {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "4"}, {"size": "4"}]}}},
        ),
        graph_node("ten", "Const", dtype=kind, value={"tensor": {"dtype": "DT_FLOAT", "tensorShape": {}}}),
        graph_node("product", "MatMul", ("x", "kernel"), T=kind, transpose_a={"b": False}, transpose_b={"b": False}),
        graph_node("Identity", "Identity", ("product",), T=kind),
        graph_node("Identity_1", op, ("product", "ten"), T=kind),
    ]
    tensors = {"y": {"name": "Identity:0"}, "a_later": {"name": "Identity_1:0"}}
    signature = {"inputs": {"x": {"name": "x:0", "dtype": "DT_FLOAT"}}, "outputs": tensors}
    weights = [("kernel", KERNEL), ("ten", np.array(10, np.float32))]
    topology = {"node": nodes, "library": {}, "versions": {}}
    written(folder, topology, weights, format="graph-model", signature=signature)
    described(folder, TFJS, outputs=("y", "a_later"))


def tfjs_zip(folder):
    tfjs_graph(folder)
    with zipfile.ZipFile(folder / "w.zip", "w") as file:
        for name in ("model.json", "shard-1.bin", "shard-2.bin"):
            file.write(folder / name, f"exported/{name}")
            (folder / name).unlink()
    described(folder, TFJS.replace("model.json", "w.zip"), outputs=("y", "a_later"))


def tfjs_unknown_op(folder):
    tfjs_graph(folder, "MyOwnOp")


KINDS = {
    name: value
    for name, value in dict(globals()).items()
    if name.startswith(("keras_", "saved_model", "tfjs_")) and callable(value)
}


if __name__ == "__main__":
    for kind in sys.argv[2:]:
        place = Path(sys.argv[1], kind)
        place.mkdir(parents=True)
        KINDS[kind](place)
