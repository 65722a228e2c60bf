"""The work side with real describe and static boxes (a process each): every named file reaches the rules, and they look into it."""

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.checking import expected
from bot.checking.check_static import check_static
from bot.checking.prepare import prepare_facts
from bot.gateways.process_box import ProcessBoxes
from bot.records.job import Job
from tests.checking.conftest import BASE
from tests.workflows.rdf_sample import COVER, MODEL_04, README, WEIGHTS, npy, zipped
from tests.workflows.static.pickle_asm import c, system

ROOT = Path(__file__).parents[2]
FILES = {
    "rdf.yaml": MODEL_04.encode(),
    "README.md": README.encode(),
    "cover.png": COVER,
    "in.npy": npy((1, 1, 8, 8)),
    "out.npy": npy((1, 1, 4, 4)),
    "weights.onnx": WEIGHTS,
}
STATE = "  pytorch_state_dict: {{source: w.pt, sha256: {}, architecture: package.Net}}\n"
TFJS = MODEL_04[: MODEL_04.index("  onnx:")] + "  tensorflow_js: {source: tfjs/model.json}\n"
MANIFEST = json.dumps(
    {"weightsManifest": [{"paths": ["a.bin", "b.bin"], "weights": [{"shape": [3], "dtype": "bool"}]}]}
)


@pytest.fixture
def asked(bench, web, tmp_path):
    """What was prepared of an upload of these files, and what the rules say of it."""

    def ask(files):
        trusted = frozenset(hashlib.sha256(content).hexdigest() for content in files.values())
        boxes = ProcessBoxes(sys.executable, trusted, tmp_path / "process", cwd=ROOT)
        web.pages |= {BASE + name: content for name, content in files.items()}
        job = Job.from_json(_job(files))
        prepared = prepare_facts(replace(bench, boxes=boxes), job)
        assert prepared.described, prepared.submission["message"]
        findings, _ = check_static(replace(bench, boxes=boxes), job, prepared)
        return prepared, findings

    return ask


def _job(files):
    listed = [
        {"name": name, "url": BASE + name, "size": len(content), "md5": hashlib.md5(content).hexdigest()}
        for name, content in files.items()
    ]
    return {
        "schema": "accession/job/1",
        "verb": "check",
        "source": {"archive": "zenodo", "concept": "1", "record": "2", "files": listed},
        "rdf_override": None,
        "policy": {"limits": {}, "types": ["model"], "minimum_format_version": {}, "tolerance": {}},
    }


def about_files(findings):
    rules = (
        "file-",
        "sha256",
        "weights-format",
        "weights-archive",
        "pickle",
        "test-",
        "cover-picture",
        "validation-section",
        "documentation-file",
    )
    return sorted((one["rule"], one["level"]) for one in findings if one["rule"].startswith(rules))


def test_a_good_upload_is_silent_and_every_file_is_in_the_box(asked):
    prepared, findings = asked(FILES)
    assert about_files(findings) == []
    assert set(expected.for_static(prepared)) == {*FILES, "rdf.yaml"}


def test_the_rules_look_into_weights_covers_arrays_and_documentation(asked):
    evil = system(c("posix", "system"))
    files = FILES | {
        "rdf.yaml": (MODEL_04 + STATE.format(hashlib.sha256(evil).hexdigest())).encode(),
        "README.md": b"# Blur\n",
        "cover.png": COVER[:16] + COVER[20:24] * 2 + COVER[24:],
        "in.npy": npy((1, 1, 8, 9)),
        "w.pt": evil,
    }
    _, findings = asked(files)
    assert about_files(findings) == [
        ("cover-picture", "warning"),
        ("pickle", "policy"),
        ("test-shape", "error"),
        ("validation-section", "warning"),
    ]
    assert expected.blocked([one for one in findings if one["rule"] == "pickle"], "pytorch_state_dict")
    assert not expected.blocked([one for one in findings if one["rule"] == "pickle"], "onnx")


def test_a_wrong_hash_comes_with_the_line_that_would_be_right(asked):
    other = WEIGHTS + b"\x2a\x00"
    _, findings = asked(FILES | {"weights.onnx": other})
    (finding,) = [one for one in findings if one["rule"] == "sha256"]
    assert finding["suggestion"]["text"] == f"    sha256: {hashlib.sha256(other).hexdigest()}"


def test_names_are_looked_for_inside_of_an_uploaded_zip(asked):
    files = FILES | {"rdf.yaml": MODEL_04.replace("README.md", "readme.md").encode()}
    prepared, findings = asked({"package.zip": zipped(files)})
    assert dict(prepared.members) == {name: len(content) for name, content in files.items()}
    (finding,) = [one for one in findings if one["rule"].startswith("file-")]
    assert finding["suggestion"]["text"] == "documentation: README.md"


def test_shards_of_tensorflow_js_are_fetched_hashed_and_counted(asked):
    files = {name: content for name, content in FILES.items() if name != "weights.onnx"}
    files |= {"rdf.yaml": TFJS.encode(), "tfjs/model.json": MANIFEST.encode(), "tfjs/a.bin": b"12", "tfjs/b.bin": b"3"}
    prepared, findings = asked(files)
    assert about_files(findings) == [("sha256-missing", "warning")]
    shards = {file["name"]: file["sha256"] for file in prepared.submission["files"] if file["name"].endswith(".bin")}
    assert shards == {name: hashlib.sha256(files[name]).hexdigest() for name in ("tfjs/a.bin", "tfjs/b.bin")}
    first = prepared.submission["content_hash"]
    prepared, _ = asked(files | {"tfjs/b.bin": b"4"})
    assert prepared.submission["content_hash"] != first


def test_a_missing_shard_is_told(asked):
    files = {name: content for name, content in FILES.items() if name != "weights.onnx"}
    _, findings = asked(files | {"rdf.yaml": TFJS.encode(), "tfjs/model.json": MANIFEST.encode(), "tfjs/a.bin": b"12"})
    (finding,) = [one for one in findings if one["rule"] == "weights-format"]
    assert finding["message"].endswith("names shards that are not beside it: 'b.bin'.")
