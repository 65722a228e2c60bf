"""From files to frames, good and bad input."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest

from tests.workflows.rdf_sample import LIMITS, MODEL_04, MODEL_05, REALDATA
from workflows import static
from workflows.describe.describe import run
from workflows.describe.facts import resource

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "description.schema.json").read_text("utf-8"))


def describe(folder, listing, *, fetched=None, override=None, limits=None):
    """Run the verb on files of a folder; the frames, with the description checked and parsed."""
    files = [{"local": name, "name": name, "size": 1} for name in (listing if fetched is None else fetched)]
    job = {
        "files": files,
        "listing": [{"name": name, "size": 1} for name in listing],
        "override": override,
        "limits": LIMITS | (limits or {}),
    }
    frames: dict[str, bytes] = {}
    order: list[str] = []

    def emit(name, payload):
        assert name not in frames
        order.append(name)
        frames[name] = payload

    run(job, folder, emit)
    description = json.loads(frames["description"])
    jsonschema.validate(description, SCHEMA)
    assert order[0] == "description"
    if description["outcome"] == "refused":
        assert order == ["description"]
        assert description["message"]
    return description, frames


def refused(folder, name="rdf.yaml", **more):
    return describe(folder, [name], **more)[0]


def test_a_model_is_described_with_its_frames(tmp_path):
    (tmp_path / "rdf.yaml").write_text(MODEL_05)
    description, frames = describe(tmp_path, ["rdf.yaml"])
    assert list(frames) == ["description", "rdf", "judge-spec", "plan", "box-rdf-torchscript", "box-rdf-onnx"]
    assert frames["rdf"] == MODEL_05.encode()
    assert description["rdf"]["size"] == len(MODEL_05)
    assert description["resource"] == {
        "type": "model",
        "format_version": "0.5.4",
        "name": "Tiny blur",
        "description": "Blurs an image of cells.",
        "version": None,
        "license": "MIT",
        "tags": ["blur", "cells", "2d"],
        "authors": [{"name": "Ada Lovelace", "github_user": None}],
        "maintainers": [{"name": "", "github_user": "ada"}],
        "packagers": [],
        "claimed_id": None,
        "weights": ["torchscript", "onnx"],
        "covers": ["cover.png"],
        "documentation": "README.md",
    }
    assert len(description["references"]) == 8


def test_a_replacement_rdf_wins_and_decides_where_there_is_none(tmp_path):
    (tmp_path / "rdf.yaml").write_text(MODEL_04)
    (tmp_path / "fixed.yaml").write_text(MODEL_04.replace("Tiny blur", "Fixed"))
    description, frames = describe(tmp_path, ["rdf.yaml"], fetched=[], override="fixed.yaml")
    assert description["resource"]["name"] == "Fixed"
    assert b"Fixed" in frames["rdf"]
    for listing in ([], ["a.rdf.yaml", "rdf.yaml"]):
        description, _ = describe(tmp_path, listing, override="fixed.yaml")
        assert description["rdf"]["name"] == "rdf.yaml"


def pack(path, entries):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries:
            archive.writestr(name, content)


def test_a_zip_hands_out_its_members(tmp_path):
    pack(tmp_path / "m.zip", [("top/rdf.yaml", MODEL_04), ("top/in.npy", b"1234")])
    description, frames = describe(tmp_path, ["m.zip"])
    assert description["members"] == [
        {"frame": "member-0", "name": "rdf.yaml", "size": len(MODEL_04)},
        {"frame": "member-1", "name": "in.npy", "size": 4},
    ]
    assert frames["member-1"] == b"1234"
    assert frames["rdf"] == MODEL_04.encode()
    assert description["rdf"]["name"] == "rdf.yaml"


def test_a_zip_with_a_replacement_rdf(tmp_path):
    pack(tmp_path / "m.zip", [("in.npy", b"1234")])
    (tmp_path / "fixed.yaml").write_text(MODEL_04)
    assert refused(tmp_path, "m.zip")["reason"] == "no-rdf"
    description, frames = describe(tmp_path, ["m.zip"], override="fixed.yaml")
    assert description["outcome"] == "described"
    assert frames["member-0"] == b"1234"


def test_a_zip_that_climbs_is_damaged_or_has_a_huge_rdf_is_refused(tmp_path):
    pack(tmp_path / "m.zip", [("rdf.yaml", MODEL_04), ("../x", b"1")])
    assert refused(tmp_path, "m.zip")["reason"] == "unsafe-archive"
    pack(tmp_path / "m.zip", [("rdf.yaml", MODEL_04)])
    assert refused(tmp_path, "m.zip", limits={"rdf_bytes": 10})["reason"] == "rdf-too-large"
    raw = (tmp_path / "m.zip").read_bytes()
    (tmp_path / "m.zip").write_bytes(raw.replace(b"Tiny", b"Tony", 1))
    assert refused(tmp_path, "m.zip")["reason"] == "unsafe-archive"


def test_what_is_not_fetched_yet_is_asked_for(tmp_path):
    description = refused(tmp_path, fetched=["other.txt"])
    assert (description["reason"], description["message"]) == ("need-file", "rdf.yaml")
    assert refused(tmp_path, "m.zip", fetched=[])["message"] == "m.zip"


@pytest.mark.parametrize(
    ("listing", "reason"), [([], "no-rdf"), (["weights.pt"], "no-rdf"), (["a.rdf.yaml", "b.rdf.yaml"], "rdf-tie")]
)
def test_no_rdf_or_a_tie_is_refused(tmp_path, listing, reason):
    assert describe(tmp_path, listing)[0]["reason"] == reason


@pytest.mark.parametrize(
    ("content", "reason", "words"),
    [
        ("a: b: c\n", "not-yaml", "line 1, column 5"),
        ("", "not-a-mapping", "'type: model'"),
        ("- a\n- b\n", "not-a-mapping", "not a mapping"),
        ("type: poem\n", "unknown-type", "'poem'"),
        ("name: x\n", "unknown-type", "no type"),
        ("a: &a [*a]\n", "not-yaml", "contains itself"),
    ],
)
def test_what_is_no_rdf_is_refused_with_a_sentence(tmp_path, content, reason, words):
    (tmp_path / "rdf.yaml").write_text(content)
    description = refused(tmp_path)
    assert description["reason"] == reason
    assert words in description["message"]


def test_a_huge_rdf_is_refused_unread(tmp_path):
    with (tmp_path / "rdf.yaml").open("wb") as file:
        file.truncate(50_000_000)
    description = refused(tmp_path)
    assert description["reason"] == "rdf-too-large"
    assert "50,000,000" in description["message"]


def test_too_many_references_are_refused(tmp_path):
    (tmp_path / "rdf.yaml").write_text("type: dataset\ncovers: [" + "a.png, " * 300 + "]\n")
    assert refused(tmp_path)["reason"] == "too-many-files"


def test_weights_without_a_type_are_a_model(tmp_path):
    (tmp_path / "rdf.yaml").write_text(MODEL_04.replace("type: model\n", ""))
    assert describe(tmp_path, ["rdf.yaml"])[0]["resource"]["type"] == "model"


def test_hostile_names_stay_text_and_are_cut(tmp_path):
    name = "`@everyone` [skip ci] Closes #1 <img src=x> "
    (tmp_path / "rdf.yaml").write_text(f"type: dataset\nname: {json.dumps(name * 20)}\nlicense: {'M' * 99}\n")
    description, _ = describe(tmp_path, ["rdf.yaml"])
    assert description["resource"]["name"] == (name * 20)[:256]
    assert len(description["resource"]["license"]) == 64


def test_facts_of_odd_shapes():
    facts = resource(
        {
            "type": "model",
            "version": 1.5,
            "authors": ["Ada", 3, {"name": "B", "github_user": "https://github.com/b"}],
            "maintainers": [{"github_user": ""}],
            "id": "own",
            "config": {"bioimageio": {"nickname": "kind-fox"}},
            "covers": [{"source": "c.png"}, 7],
            "documentation": True,
            "tags": "none",
            "weights": {"onnx": {}, "pickle": {}},
        }
    )
    assert facts["version"] == "1.5"
    assert facts["authors"] == [{"name": "Ada", "github_user": None}, {"name": "B", "github_user": "b"}]
    assert facts["maintainers"] == [{"name": "", "github_user": None}]
    assert facts["claimed_id"] == "kind-fox"
    assert facts["covers"] == ["c.png", "7"]
    assert (facts["documentation"], facts["tags"], facts["weights"]) == (None, [], ["onnx"])
    assert resource({"id": 3, "config": 1})["claimed_id"] == "3"


@pytest.mark.realdata
def test_every_real_file_is_described_or_refused(tmp_path):
    paths = sorted((REALDATA / "rdf").glob("*.yaml"))[::5]
    if not paths:
        pytest.skip(f"no real files at {REALDATA}")
    for path in paths:
        (tmp_path / "rdf.yaml").write_bytes(path.read_bytes())
        description, _ = describe(tmp_path, ["rdf.yaml"])
        assert description["reason"] in {"", "unknown-type", "not-yaml"}, path.name


def test_the_rules_are_not_loaded_to_describe():
    """A box that describes waits for no rule; what is not in the rules' room is not there."""
    code = "import sys, workflows.describe.describe; assert 'workflows.static.rulebook' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
    assert len(static.CHECKS) > 10
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        static.nothing  # noqa: B018 - the look itself is the test
