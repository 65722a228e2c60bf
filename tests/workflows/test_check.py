import json

import pytest

from tests.samples import make
from workflows import check
from workflows.check import Described, Target, UsageError, absent_files, describe, dynamic, listed, needed
from workflows.local_box import BoxAnswer


@pytest.fixture
def good(tmp_path):
    return make.make_good(tmp_path / "model")


def reference(role, pointer="/x", source="a.bin", *, required=True):
    return {"role": role, "pointer": pointer, "source": source, "local": "f0.bin", "required": required}


def test_a_folder_or_a_file_in_it(good):
    assert Target.named(good) == Target(good)
    assert Target.named(good / "rdf.yaml") == Target(good, "rdf.yaml")
    with pytest.raises(UsageError, match="neither a folder nor an RDF file"):
        Target.named(good / "absent.yaml")


def test_a_named_rdf_counts_whatever_its_name(good):
    (good / "rdf.yaml").rename(good / "other.yaml")
    (good / "bioimageio.yaml").write_text("type: dataset\n")
    assert listed(Target(good, "other.yaml"))[0]["name"] == "rdf.yaml"
    assert {"name": "bioimageio.yaml", "size": 14} in listed(Target(good))
    described = describe(Target(good, "other.yaml"))
    assert described.description["resource"]["name"] == "Spot Finder"
    assert described.formats() == ["onnx"]


def test_a_folder_without_an_rdf_is_described_as_refused(tmp_path):
    assert describe(Target(tmp_path)).description["outcome"] == "refused"


def test_a_zip_is_to_be_unpacked(tmp_path):
    (tmp_path / "model.zip").write_bytes(b"PK")
    with pytest.raises(UsageError, match=r"unpack .*model\.zip first"):
        describe(Target(tmp_path))


def test_a_format_that_is_not_there(good):
    target = Target(good)
    with pytest.raises(UsageError, match="the RDF has no torchscript weights; it has: onnx"):
        dynamic(target, describe(target), ["torchscript"], {})
    with pytest.raises(UsageError, match="it has: none"):
        dynamic(target, Described({}, {}), ["onnx"], {})


@pytest.mark.parametrize(
    ("role", "pointer", "taken"),
    [
        ("weights/onnx", "/weights/onnx/source", True),
        ("weights/torchscript", "/weights/torchscript/source", False),
        ("architecture/onnx", "/weights/onnx/architecture", True),
        ("test_input", "/test_inputs/0", True),
        ("test_output", "/test_outputs/0", False),
        ("sample_output", "/sample_outputs/0", False),
        ("cover", "/covers/0", False),
        ("other", "/weights/onnx/external_data/source", True),
        ("other", "/weights/torchscript/external_data/source", False),
        ("other", "/weights/onnx/dependencies", False),
        ("other", "/inputs/0/preprocessing/0/source", True),
    ],
)
def test_what_running_a_format_takes(role, pointer, taken):
    assert bool(needed([reference(role, pointer)], "onnx")) is taken


def test_files_that_are_not_there_are_named(tmp_path):
    references = [
        reference("weights/onnx", source="https://example.com/w.onnx"),
        reference("test_input", source="in.npy"),
        reference("other", source="maybe.bin", required=False),
    ]
    assert absent_files(tmp_path, references) == [
        "https://example.com/w.onnx is remote: download it, and name the file in the RDF",
        "in.npy is not in the folder",
    ]
    check.place(tmp_path, references, tmp_path / "in")
    assert list((tmp_path / "in").iterdir()) == []


def test_a_missing_weights_file_fails_without_a_box(good, check_definition):
    (good / "weights.onnx").unlink()
    target = Target(good)
    (entry,) = dynamic(target, describe(target), [], {})
    check_definition(entry, "weights")
    assert entry["loads"]["message"] == "weights.onnx is not in the folder"
    assert entry["repeat"] == f"accession-check dynamic {good} --weights onnx"


def test_the_boxes_get_what_the_protocol_says(good, monkeypatch):
    """The producing box never sees the expected output, the judging one never the weights."""
    seen = {}

    def call(verb, job, inputs, environ):
        seen[verb] = (job, sorted(path.name for path in inputs.iterdir()), environ)
        said = {"loads": {}, "runs": {"outcome": "passed"}, "seconds": {}, "versions": {}}
        frames = {"produced": json.dumps(said).encode(), "tensor-0": b"T"} if verb == "produce" else {}
        return BoxAnswer(frames, "")

    monkeypatch.setattr(check, "call", call)
    target = Target(good)
    dynamic(target, describe(target), ["onnx"], {"A": "B"})
    job, files, environ = seen["produce"]
    assert job == {"rdf": "box-rdf.yaml", "format": "onnx"}
    assert [name for name in files if "output" in name] == []
    assert len(files) == 3
    assert environ == {"A": "B"}
    job, files, _ = seen["judge"]
    assert job["produced"] == ["tensor-0.npy"]
    assert job["expected"][0] in files
    assert job["tolerance"] == {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 1000}
    assert len(files) == 3
    assert [name for name in files if name.endswith(".onnx")] == []


def test_without_tensors_nobody_judges(good, monkeypatch):
    monkeypatch.setattr(check, "call", lambda *_: BoxAnswer({}, "it was ended by signal 9"))
    target = Target(good)
    (entry,) = dynamic(target, describe(target), [], {})
    assert entry["reproduces"]["outcome"] == "skipped"


def test_an_object_is_an_object():
    with pytest.raises(TypeError, match="JSON object"):
        check._object(b"[]")
