"""Weights under the name of another format, cut off, or archives that are not what they seem: what the contributor hears."""

import hashlib
import json
import os
import zipfile

import pytest

from tests.workflows.rdf_sample import MODEL_04, SCRIPT, WEIGHTS, write_model, zipped
from tests.workflows.static.helpers import box_findings, folder_findings
from workflows.static.checks.weights_files import CHECK

RULES = {rule.name for rule in CHECK.rules}
HDF5 = b"\x89HDF\r\n\x1a\n" + bytes(100)
LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19." + b"\x80\x02M\xe9\x03."
STATE = zipped({"m/data.pkl": b"\x80\x02}.", "m/version": b"3"})
KERAS = zipped({"config.json": b"{}", "metadata.json": b"{}", "model.weights.h5": HDF5})
SAVED = zipped({"tf/saved_model.pb": b"\x08\x01", "tf/variables/variables.index": b"1"})
HTML = b"<!DOCTYPE html><html>sign in</html>"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n"
MORE = {"pytorch_state_dict": "    architecture: package.Net\n", "onnx": "    opset_version: 15\n"}


def manifest(*paths, shape=(2, 3), **weight):
    group = {"paths": list(paths), "weights": [{"name": "w", "shape": list(shape), "dtype": "float32"} | weight]}
    return json.dumps({"format": "layers-model", "weightsManifest": [group]}).encode()


def told(folder, weights_format, content, name="weights.bin", more=None):
    """What is said of a file as the weights of a format; without its name."""
    entry = f"  {weights_format}:\n    source: {name}\n    sha256: {hashlib.sha256(content).hexdigest()}\n"
    write_model(folder, MODEL_04[: MODEL_04.index("  onnx:")] + entry + (more or MORE.get(weights_format, "")))
    (folder / name).write_bytes(content)
    found = [one for one in folder_findings(folder) if one["rule"] in RULES]
    return [(one["level"], one["rule"], one["message"].partition(f"{name}' ")[2]) for one in found]


@pytest.mark.parametrize(
    ("weights_format", "content"),
    [
        ("onnx", WEIGHTS),
        ("torchscript", SCRIPT),
        ("pytorch_state_dict", STATE),
        ("pytorch_state_dict", LEGACY),
        ("pytorch_state_dict", (2).to_bytes(8, "little") + b"{}"),
        ("keras_hdf5", HDF5),
        ("keras_hdf5", bytes(512) + HDF5),
        ("keras_hdf5", bytes(2048) + HDF5),
        ("keras_v3", KERAS),
        ("tensorflow_saved_model_bundle", SAVED),
        ("tensorflow_saved_model_bundle", zipped({"saved_model.pb": b"1", "variables/v": b"1", "__MACOSX/x": b"1"})),
        ("tensorflow_js", zipped({"m/model.json": manifest("a.bin"), "m/a.bin": bytes(24)})),
    ],
)
def test_what_fits_is_silent(tmp_path, weights_format, content):
    assert told(tmp_path, weights_format, content) == []


@pytest.mark.parametrize(
    ("weights_format", "content", "says"),
    [
        ("onnx", HTML, "is a web page, not ONNX."),
        ("onnx", LFS, "is a Git LFS pointer and not the file itself, not ONNX."),
        ("onnx", SCRIPT, "is a zip archive, not ONNX."),
        ("onnx", WEIGHTS[:-1], "is cut off (cut off, or not ONNX)."),
        ("onnx", b"\xff" * 40, "is not built as one (cut off, or not ONNX)."),
        ("onnx", b"\x08\x08", "has no graph, no operator set or no version (cut off, or not ONNX)."),
        ("torchscript", STATE, "is a state dict, not TorchScript."),
        ("torchscript", LEGACY, "is a state dict of torch's older form, not TorchScript."),
        ("torchscript", KERAS, "is some other zip archive, not TorchScript."),
        ("torchscript", zipped({"m/constants.pkl": b"1"}), "lacks a part of a TorchScript archive"),
        ("torchscript", HDF5, "is an HDF5 file, not TorchScript."),
        ("pytorch_state_dict", SCRIPT, "is TorchScript, not a state dict."),
        ("pytorch_state_dict", KERAS, "is a zip archive without `data.pkl`, not a state dict."),
        ("pytorch_state_dict", HDF5, "is an HDF5 file, not a state dict."),
        ("pytorch_state_dict", b"7z\xbc\xaf\x27\x1c" + bytes(9), "is a 7z archive, not a state dict."),
        ("pytorch_state_dict", b"\x1f\x8b\x08" + bytes(9), "is a gzip archive, not a state dict."),
        ("keras_hdf5", KERAS, "is Keras 3's own format, not HDF5."),
        ("keras_hdf5", bytes(100) + HDF5, "is of a kind that is not known here, not HDF5."),
        ("keras_v3", HDF5, "is an HDF5 file, not Keras 3's own format."),
        ("keras_v3", zipped({"config.json": b"{}"}), "has no metadata.json and no model.weights.h5."),
        ("tensorflow_saved_model_bundle", b"\x08\x01\x12\x00", "is of a kind that is not known here, not the zip"),
        (
            "tensorflow_saved_model_bundle",
            zipped({"a/b/saved_model.pb": b"1", "c": b""}),
            "has no `saved_model.pb` at its top.",
        ),
        ("tensorflow_saved_model_bundle", KERAS, "has no `saved_model.pb` in it."),
        ("tensorflow_js", HDF5, "is an HDF5 file, neither `model.json` nor a zip with one."),
        ("tensorflow_js", KERAS, "has no `model.json`."),
        ("tensorflow_js", zipped({"a/model.json": b"", "model.json": b""}), "has more than one `model.json`."),
    ],
)
def test_another_format_is_told_by_its_name(tmp_path, weights_format, content, says):
    ((level, rule, message),) = told(tmp_path, weights_format, content)
    assert (level, rule) == ("error", "weights-format")
    assert message.startswith(says)


def test_a_saved_model_without_variables_and_code_in_keras_are_warnings(tmp_path):
    assert told(tmp_path, "tensorflow_saved_model_bundle", zipped({"saved_model.pb": b"1"})) == [
        ("warning", "weights-format", "has no folder `variables`: the model would have no weights.")
    ]
    config = b'{"class_name": "Functional", "config": {"layers": [{"class_name": "Lambda"}]}}'
    content = zipped({"config.json": config, "metadata.json": b"{}", "model.weights.h5": HDF5}, zipfile.ZIP_DEFLATED)
    assert told(tmp_path, "keras_v3", content) == [
        ("warning", "weights-code", "brings Python code in a `Lambda` layer.")
    ]


def test_another_opset_is_a_warning_at_its_own_line(tmp_path):
    write_model(tmp_path, MODEL_04.replace("opset_version: 15", "opset_version: 17"))
    (finding,) = [one for one in folder_findings(tmp_path) if one["rule"] in RULES]
    assert (finding["level"], finding["pointer"]) == ("warning", "/weights/onnx/opset_version")
    assert finding["message"] == "`weights.onnx.source` 'weights.onnx' uses opset 15, but `opset_version` is 17."
    assert finding["suggestion"]["text"] == "    opset_version: 15"


def external(name):
    """An ONNX file whose one initializer lies in another file."""
    pair = b"\x0a\x08location" + b"\x12" + bytes([len(name)]) + name
    tensor = b"\x6a" + bytes([len(pair)]) + pair
    graph = b"\x2a" + bytes([len(tensor)]) + tensor
    return b"\x08\x08\x3a" + bytes([len(graph)]) + graph + b"\x42\x02\x10\x0f"


@pytest.mark.parametrize(
    ("name", "more", "says"),
    [
        (b"w.data", "    external_data: {source: w.data}\n", None),
        (b"w.data", "", "takes its weights from another file, 'w.data', which the RDF does not name."),
        (
            b"w.data",
            "    external_data: {source: v.data}\n",
            "looks for its weights in 'w.data', but `external_data` is 'v.data'.",
        ),
        (
            b"../secret",
            "    external_data: {source: secret}\n",
            "takes weights from '../secret', outside of its folder.",
        ),
        (b"/etc/passwd", "", "takes weights from '/etc/passwd', outside of its folder."),
    ],
)
def test_weights_of_onnx_that_lie_in_another_file(tmp_path, name, more, says):
    found = told(tmp_path, "onnx", external(name), more="    opset_version: 15\n" + more)
    assert [message for _, _, message in found] == ([] if says is None else [says])


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda raw: raw[:-30], "has no table of contents at its end: it is cut off, or no zip."),
        (lambda raw: raw + b"more", "goes on after its end."),
        (lambda raw: raw[:4] + raw, "has something between or before its parts."),
        (lambda raw: raw.replace(b"PK\x01\x02", b"PK\x01\x03"), "has a damaged table of contents."),
        (
            lambda raw: raw.replace(b"m/data.pkl", b"../../a.pk"),
            "holds '../../a.pk' under a name that leads out of its folder.",
        ),
        (
            lambda raw: raw.replace(b"m/data.pkl", b"/etc/passw"),
            "holds '/etc/passw' under an absolute or a Windows path.",
        ),
        (lambda raw: raw.replace(b"m/datb.pkl", b"m/data.pkl"), "holds 'm/data.pkl' twice."),
    ],
)
def test_archives_that_are_damaged_or_lead_outside(tmp_path, spoil, says):
    found = told(tmp_path, "pytorch_state_dict", spoil(zipped({"m/data.pkl": b"\x80\x02}.", "m/datb.pkl": b"3"})))
    assert found[0][:2] == ("error", "weights-archive")
    assert found[0][2].startswith(says)


def test_a_bare_model_json_is_looked_at_with_its_shards(tmp_path):
    (tmp_path / "a.bin").write_bytes(bytes(24))
    assert told(tmp_path, "tensorflow_js", manifest("a.bin"), "model.json") == []
    assert told(tmp_path, "tensorflow_js", manifest("a.bin", shape=(2, 4)), "model.json") == [
        ("error", "weights-format", "announces 32 bytes of weights, but its shards have 24.")
    ]
    assert told(tmp_path, "tensorflow_js", manifest("a.bin", quantization={"dtype": "uint8"}), "model.json") == [
        ("error", "weights-format", "announces 6 bytes of weights, but its shards have 24.")
    ]
    many = [f"group1-shard{n}of5.bin" for n in range(5)]
    assert told(tmp_path, "tensorflow_js", manifest(*many), "model.json") == [
        (
            "error",
            "weights-format",
            "names shards that are not beside it: 'group1-shard0of5.bin', 'group1-shard1of5.bin', 'group1-shard2of5.bin' and 2 more.",
        )
    ]


def test_shards_in_the_box_are_those_that_the_work_side_fetched(tmp_path):
    rdf = MODEL_04[: MODEL_04.index("  onnx:")] + "  tensorflow_js: {source: tfjs/model.json}\n"
    write_model(tmp_path, rdf)
    (tmp_path / "model.json").write_bytes(manifest("a.bin", "b.bin"))
    files = [
        {"source": "tfjs/model.json", "local": "model.json", "size": 9, "sha256": "a" * 64, "problem": None},
        {"source": "tfjs/a.bin", "local": "a.bin", "size": 24, "sha256": "a" * 64, "problem": None},
        {"source": "tfjs/b.bin", "local": None, "size": None, "sha256": None, "problem": {"rule": "missing-file"}},
    ]
    found = box_findings(tmp_path, "rdf.yaml", files, ["tfjs/model.json", "tfjs/a.bin"])["findings"]
    (finding,) = [one for one in found if one["rule"] in RULES]
    assert finding["message"].endswith("names shards that are not beside it: 'b.bin'.")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"{", "has a `model.json` that is no JSON."),
        (b"[" * 100_000, "has a `model.json` that is no JSON."),
        (b"{}", "has a `model.json` that has no `weightsManifest`."),
        (manifest("../a.bin"), "has a `model.json` that names a shard outside of its own folder, '../a.bin'."),
        (
            manifest("https://x/a.bin"),
            "has a `model.json` that names a shard outside of its own folder, 'https://x/a.bin'.",
        ),
        (manifest(3), "has a `model.json` that names a shard by something that is no name."),
    ],
)
def test_manifests_that_are_none(tmp_path, raw, says):
    ((level, rule, message),) = told(tmp_path, "tensorflow_js", raw, "model.json")
    assert (level, rule, message) == ("error", "weights-format", says)


@pytest.mark.parametrize(
    "weights_format", ["onnx", "torchscript", "pytorch_state_dict", "keras_hdf5", "keras_v3", "tensorflow_js"]
)
def test_ten_gigabytes_of_nothing_are_not_read(tmp_path, weights_format):
    path = tmp_path / "weights.bin"
    path.touch()
    os.truncate(path, 10 * 1024**3)
    rdf = MODEL_04[: MODEL_04.index("  onnx:")] + f"  {weights_format}:\n    source: weights.bin\n"
    write_model(tmp_path, rdf + MORE.get(weights_format, ""))
    file = {"source": "weights.bin", "local": "weights.bin", "size": 10 * 1024**3, "sha256": "a" * 64, "problem": None}
    found = box_findings(tmp_path, "rdf.yaml", [file], ["weights.bin"])["findings"]
    assert "weights-format" in {one["rule"] for one in found}
