import pytest

from tests.samples import make
from workflows import check
from workflows.check import Target, UsageError, absent_files, describe, listed, needed


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


def test_beside_a_named_rdf_only_the_folders_of_its_weights_are_looked_at(tmp_path):
    for name in ("tf/saved_model.pb", "tf/variables/x", "tf/rdf.yaml", "stranger.txt", "tfjs/model.json", "tfjs/a.bin"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(b"1")
    references = [
        reference("weights/tensorflow_saved_model_bundle", source="tf/saved_model.pb"),
        reference("weights/tensorflow_js", source="tfjs/model.json"),
        reference("weights/tensorflow_js", source="https://example.com/model.json"),
        reference("weights/tensorflow_js", source="../outside/model.json"),
        reference("weights/tensorflow_js", source="/absolute/model.json"),
        reference("weights/onnx", source="w.onnx"),
    ]
    found = check.beside(Target(tmp_path, "rdf.yaml"), {"references": references}, {"tfjs/a.bin"})
    assert found == [
        {"name": name, "size": 1} for name in ("tf/rdf.yaml", "tf/saved_model.pb", "tf/variables/x", "tfjs/model.json")
    ]


def test_the_seed_follows_from_the_rdf(good):
    first = describe(Target(good)).seed
    assert describe(Target(good)).seed == first
    (good / "rdf.yaml").write_text((good / "rdf.yaml").read_text() + "\n")
    assert describe(Target(good)).seed != first


def test_an_object_is_an_object():
    with pytest.raises(TypeError, match="JSON object"):
        check.as_object(b"[]")
