"""Shards of TensorFlow.js: named by `model.json` alone, and yet part of the upload's content."""

import json

import pytest

from tests.workflows.rdf_sample import LIMITS, MODEL_04, zipped
from workflows.check import Target, describe
from workflows.describe.describe import run
from workflows.describe.shards import LONGEST_MANIFEST, NotAManifest, read_manifest, shards

RDF = MODEL_04[: MODEL_04.index("  onnx:")] + "  tensorflow_js: {source: tfjs/model.json}\n"


def manifest(*paths, **weight):
    group = {"paths": list(paths), "weights": [{"shape": [2, 3], "dtype": "float32"} | weight]}
    return json.dumps({"weightsManifest": [group]}).encode()


def described(folder, files, fetched, **more):
    """What describe answers to an upload of these files of which these were fetched."""
    for index, name in enumerate(fetched):
        (folder / f"file-{index}").write_bytes(files[name])
    job = {
        "files": [{"local": f"file-{index}", "name": name, "size": 1} for index, name in enumerate(fetched)],
        "listing": [{"name": name, "size": len(content)} for name, content in files.items()],
        "override": None,
        "limits": LIMITS | more,
    }
    frames = {}
    run(job, folder, frames.__setitem__)
    return json.loads(frames["description"]), frames


FILES = {"rdf.yaml": RDF.encode(), "tfjs/model.json": manifest("a.bin", "b.bin", "a.bin"), "tfjs/a.bin": b"1"}


def test_the_manifest_is_asked_for(tmp_path):
    description, _ = described(tmp_path, FILES, ["rdf.yaml"])
    assert (description["reason"], description["message"]) == ("need-file", "tfjs/model.json")


def test_shards_are_references_whether_there_or_not(tmp_path):
    description, frames = described(tmp_path, FILES, ["rdf.yaml", "tfjs/model.json"])
    found = [one for one in description["references"] if one["pointer"] == "/weights/tensorflow_js/source"]
    assert [(one["source"], one["role"], one["required"], one["local"]) for one in found] == [
        ("tfjs/model.json", "weights/tensorflow_js", True, "model.json"),
        ("tfjs/a.bin", "weights/tensorflow_js", True, "a.bin"),
        ("tfjs/b.bin", "weights/tensorflow_js", True, "b.bin"),
    ]
    assert b"model.json" in frames["box-rdf-tensorflow_js"]


def test_shards_in_a_zip_are_found_without_asking(tmp_path):
    description, _ = described(tmp_path, {"package.zip": zipped(FILES)}, ["package.zip"])
    assert "tfjs/b.bin" in {one["source"] for one in description["references"]}


@pytest.mark.parametrize("raw", [b"no json", manifest("../a.bin"), b"{}", b"{" + b" " * LONGEST_MANIFEST + b"}"])
def test_a_manifest_that_cannot_be_read_is_left_to_the_rules(tmp_path, raw):
    description, _ = described(tmp_path, FILES | {"tfjs/model.json": raw}, ["rdf.yaml", "tfjs/model.json"])
    assert description["outcome"] == "described"
    assert [one for one in description["references"] if one["local"].endswith(".bin")] == []


def test_a_manifest_elsewhere_is_not_asked_for(tmp_path):
    rdf = RDF.replace("tfjs/model.json", "https://example.org/model.json").encode()
    assert described(tmp_path, FILES | {"rdf.yaml": rdf}, ["rdf.yaml"])[0]["outcome"] == "described"


def test_too_many_shards_are_refused(tmp_path):
    files = FILES | {"tfjs/model.json": manifest(*(f"{number}.bin" for number in range(300)))}
    assert described(tmp_path, files, ["rdf.yaml", "tfjs/model.json"])[0]["reason"] == "too-many-files"


@pytest.mark.parametrize(
    ("weight", "size"),
    [
        ({}, 24),
        ({"dtype": "bool"}, 6),
        ({"quantization": {"dtype": "uint16"}}, 12),
        ({"dtype": "string"}, None),
        ({"dtype": 3}, None),
        ({"shape": "x"}, None),
        ({"shape": [-1]}, None),
        ({"shape": [1] * 17}, None),
        ({"shape": []}, 4),
    ],
)
def test_the_bytes_that_weights_take(weight, size):
    assert read_manifest(manifest("a.bin", **weight)).size == size


def test_names_are_kept_in_order_beside_the_manifest():
    assert [one.source for one in shards("x/model.json", manifest("b", "a", "b"))] == ["x/b", "x/a"]
    with pytest.raises(NotAManifest, match="over 4,096 shards"):
        read_manifest(manifest(*map(str, range(5000))))


def test_on_the_contributor_s_own_machine_the_folder_answers_the_question(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    found = describe(Target(tmp_path)).description
    assert {"tfjs/a.bin", "tfjs/b.bin"} <= {one["source"] for one in found["references"]}
