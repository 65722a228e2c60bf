"""Hashes that are wrong, missing, swapped or oddly spelled, each with the line that would be right."""

import hashlib

import pytest

from tests.workflows.rdf_sample import LOCAL_05, MODEL_04, SCRIPT, SHA256, write_model
from tests.workflows.static.helpers import box_findings, folder_findings
from workflows.static.checks.hashes import CHECK

RULES = {rule.name for rule in CHECK.rules}
NET = b"class Net:\n    pass\n"
NET_SHA256 = hashlib.sha256(NET).hexdigest()
STATE = "  pytorch_state_dict:\n    source: weights.pt\n    sha256: {}\n    architecture: net.py:Net\n"


def told(folder, text):
    (folder / "net.py").write_bytes(NET)
    return [one for one in folder_findings(write_model(folder, text)) if one["rule"] in RULES]


def test_a_wrong_hash_comes_with_both_values_and_the_right_line(tmp_path):
    (finding,) = told(tmp_path, MODEL_04.replace(SHA256, "a" * 64))
    assert (finding["level"], finding["rule"], finding["pointer"]) == ("error", "sha256", "/weights/onnx/sha256")
    assert SHA256 in finding["message"]
    assert "a" * 64 in finding["message"]
    assert finding["suggestion"]["text"] == f"    sha256: {SHA256}"


def test_the_work_side_s_wrong_hash_gets_the_same_line(tmp_path):
    write_model(tmp_path, MODEL_04.replace(SHA256, "A" * 64))
    problem = {"rule": "wrong-hash", "message": "m", "fix": "f"}
    file = {"source": "weights.onnx", "local": None, "size": 9, "sha256": SHA256, "problem": problem}
    found = box_findings(tmp_path, "rdf.yaml", [file], ["weights.onnx"])["findings"]
    (finding,) = [one for one in found if one["pointer"].startswith("/weights")]
    assert (finding["rule"], finding["suggestion"]["text"]) == ("sha256", f"    sha256: {SHA256}")


def test_weights_without_a_hash_get_the_line(tmp_path):
    (finding,) = told(tmp_path, MODEL_04.replace(f"    sha256: {SHA256}\n", ""))
    assert (finding["level"], finding["rule"]) == ("warning", "sha256-missing")
    assert finding["suggestion"]["text"] == f"    source: weights.onnx\n    sha256: {SHA256}"
    flow = MODEL_04[: MODEL_04.index("  onnx:")] + "  onnx: {source: weights.onnx, opset_version: 15}\n"
    (finding,) = told(tmp_path, flow)
    assert (finding["suggestion"], SHA256 in finding["fix"]) == (None, True)


@pytest.mark.parametrize("odd", [SHA256.upper(), f"'{SHA256} '"])
def test_a_hash_in_another_spelling_is_the_same_hash(tmp_path, odd):
    (finding,) = told(tmp_path, MODEL_04.replace(SHA256, odd))
    assert (finding["level"], finding["rule"]) == ("warning", "sha256-form")
    assert finding["suggestion"]["text"].split() in (["sha256:", SHA256], ["sha256:", f"'{SHA256}'"])


def test_a_hash_at_the_wrong_place_is_recognised(tmp_path):
    text = MODEL_04 + STATE.format(NET_SHA256) + f"    architecture_sha256: {NET_SHA256}\n"
    (finding,) = told(tmp_path, text)
    assert finding["message"].endswith(f"says {NET_SHA256}, which is that of 'net.py'.")
    assert finding["suggestion"]["text"] == f"    sha256: {hashlib.sha256(SCRIPT).hexdigest()}"


def test_the_architecture_s_hash_is_a_field_of_its_own_in_0_4_that_is_asked_for_once(tmp_path):
    text = MODEL_04 + STATE.format(hashlib.sha256(SCRIPT).hexdigest())
    (finding,) = told(tmp_path, text + f"    architecture_sha256: {'a' * 64}\n")
    assert finding["pointer"] == "/weights/pytorch_state_dict/architecture_sha256"
    told(tmp_path, text)
    (finding,) = [one for one in folder_findings(tmp_path) if "architecture_sha256" in one["pointer"]]
    assert (finding["level"], finding["rule"]) == ("error", "missing-field")
    assert finding["fix"] == f"Add `architecture_sha256: {NET_SHA256}`."
    assert finding["suggestion"]["text"] == f"    architecture: net.py:Net\n    architecture_sha256: {NET_SHA256}"


def test_the_architecture_s_hash_stands_beside_its_source_in_0_5(tmp_path):
    architecture = "    architecture:\n      source: net.py\n      callable: Net\n"
    text = LOCAL_05.replace("    pytorch_version: 2.5.1\n", f"    pytorch_version: 2.5.1\n{architecture}")
    (finding,) = told(tmp_path, text)
    assert finding["pointer"] == "/weights/torchscript/architecture/sha256"
    assert finding["suggestion"]["text"] == f"      source: net.py\n      sha256: {NET_SHA256}"
