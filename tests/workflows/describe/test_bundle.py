"""An unzipped TensorFlow bundle: the RDF names one of its files, and all of them are the weights."""

import json

import pytest

from tests.workflows.describe.test_shards import described
from tests.workflows.rdf_sample import MODEL_04, zipped
from workflows.check import Target, describe, needed

SOURCE = "{source: tf/saved_model.pb}"
RDF = MODEL_04[: MODEL_04.index("  onnx:")] + f"  tensorflow_saved_model_bundle: {SOURCE}\n"
BESIDE = [
    "tf/assets/words.txt",
    "tf/fingerprint.pb",
    "tf/variables/variables.data-00000-of-00001",
    "tf/variables/variables.index",
]
OTHERS = ["variables/stranger", "tf/notes.txt", "tf2/variables/x", "tf/my/variables/x"]
FILES = dict.fromkeys(("tf/saved_model.pb", *BESIDE, *OTHERS), b"1") | {"rdf.yaml": RDF.encode()}
ROLE = "weights/tensorflow_saved_model_bundle"


def of_bundle(description):
    return [(one["source"], one["required"]) for one in description["references"] if one["role"] == ROLE]


def test_its_neighbours_are_references(tmp_path):
    description, frames = described(tmp_path, FILES, ["rdf.yaml"])
    assert of_bundle(description) == [("tf/saved_model.pb", True), *((name, True) for name in BESIDE)]
    assert len({one["local"] for one in description["references"]}) == len(description["references"])
    assert b"saved_model.pb" in frames["box-rdf-tensorflow_saved_model_bundle"]


def test_in_a_zip(tmp_path):
    description, _ = described(tmp_path, {"package.zip": zipped(FILES)}, ["package.zip"])
    assert [name for name, _ in of_bundle(description)] == ["tf/saved_model.pb", *BESIDE]


@pytest.mark.parametrize(
    "source", ["tf/bundle.zip", "tf/absent/saved_model.pb", "https://example.org/tf/saved_model.pb"]
)
def test_what_is_no_unzipped_bundle_of_the_upload_stands_alone(tmp_path, source):
    rdf = RDF.replace(SOURCE, f"{{source: {source}}}").encode()
    description, _ = described(tmp_path, FILES | {"rdf.yaml": rdf}, ["rdf.yaml"])
    assert of_bundle(description) == [(source, True)]


def test_at_the_top_of_the_upload(tmp_path):
    files = {name.removeprefix("tf/"): b"1" for name in FILES if name.startswith("tf/")}
    files["rdf.yaml"] = RDF.replace("tf/saved", "saved").encode()
    description, _ = described(tmp_path, files, ["rdf.yaml"])
    assert [name for name, _ in of_bundle(description)] == [
        "saved_model.pb",
        *(name.removeprefix("tf/") for name in BESIDE),
    ]


def test_too_many_neighbours_are_refused(tmp_path):
    files = FILES | {f"tf/variables/{number}": b"1" for number in range(300)}
    assert described(tmp_path, files, ["rdf.yaml"])[0]["reason"] == "too-many-files"


def test_on_the_contributor_s_own_machine(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(content)
    found = describe(Target(tmp_path))
    assert json.loads(found.frames["plan"])["runs"] == []
    taken = [one["source"] for one in needed(found.description["references"], "tensorflow_saved_model_bundle")]
    assert [name for name in taken if name.startswith("tf")] == ["tf/saved_model.pb", *BESIDE]
