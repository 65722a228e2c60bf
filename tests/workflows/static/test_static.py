"""The whole static check: a good model, one with three mistakes (golden), hostile input, the verb."""

import copy
import hashlib
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workflows.rdf_sample import LOCAL_05, MODEL_04, MODEL_05, REALDATA, SHA256, WEIGHTS, npy, write_model
from tests.workflows.static.helpers import box_findings, folder_findings, text_findings
from workflows.document import load
from workflows.static import RULES
from workflows.static.finding import Finding, Suggestion
from workflows.static.static import context_of, look

GOLDEN = Path(__file__).with_name("three_mistakes.json")
REMOTE = "https://zenodo.org/api/records/1/files/weights.pt/content"


def test_the_rules_explain_themselves_and_have_one_name_each():
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.explains.endswith(".") and rule.fix.endswith(".") for rule in RULES)


@pytest.mark.parametrize("text", [MODEL_04, LOCAL_05], ids=["0.4", "0.5"])
def test_a_good_model_has_no_findings(tmp_path, text):
    assert folder_findings(write_model(tmp_path, text)) == []


def test_three_mistakes_are_told_with_line_and_suggestion(tmp_path):
    text = MODEL_04.replace("license: MIT\n", "").replace("  onnx:", "  onxn:").replace(SHA256, "a" * 64)
    text = text.replace("name: Tiny blur", "name: " + "Tiny blur " * 8)
    text = (
        text.rstrip("\n")
        + "\n  torchscript:\n    source: weights.onnx\n    sha256: "
        + "b" * 64
        + "\n    pytorch_version: 2.1.0\n"
    )
    found = folder_findings(write_model(tmp_path, text))
    assert found == json.loads(GOLDEN.read_text("utf-8"))


@pytest.mark.parametrize(
    ("raw", "rule", "line"),
    [
        (b"a: b: c", "syntax", 1),
        (b"- a", "not-a-mapping", None),
        (b"", "not-a-mapping", None),
        (b"a: \0", "control-character", 1),
    ],
)
def test_what_cannot_be_read_is_the_only_finding(tmp_path, raw, rule, line):
    (tmp_path / "rdf.yaml").write_bytes(raw)
    (finding,) = folder_findings(tmp_path)
    assert (finding["rule"], finding["line"], finding["level"]) == (rule, line, "error")


def test_duplicate_fields_and_keys_that_are_no_text():
    found = text_findings(MODEL_04 + "name: again\nconfig: {1: x}\n")
    assert [(one.rule, one.level, one.line) for one in found] == [
        ("duplicate-key", "error", MODEL_04.count("\n") + 1),
        ("non-string-key", "warning", MODEL_04.count("\n") + 2),
    ]


def test_a_folder_without_an_rdf_or_with_a_named_one(tmp_path):
    (finding,) = folder_findings(tmp_path)
    assert finding["rule"] == "no-rdf"
    write_model(tmp_path)
    (tmp_path / "rdf.yaml").rename(tmp_path / "other.yml")
    assert folder_findings(tmp_path, "other.yml") == []


def test_the_verb_takes_problems_and_hashes_from_the_work_side(tmp_path):
    write_model(tmp_path, MODEL_05)
    problem = {"rule": "not-found", "message": "404 Not Found.", "fix": "Correct the address."}
    files = [
        {"source": REMOTE, "local": None, "size": None, "sha256": None, "problem": problem},
        {"source": "cover.png", "local": None, "size": None, "sha256": None, "problem": problem},
        {"source": "weights.onnx", "local": "weights.onnx", "size": len(WEIGHTS), "sha256": SHA256, "problem": None},
        {"source": "out.npy", "local": "out.npy", "size": 9, "sha256": "a", "problem": None},
        {"source": "in.npy", "local": "in.npy", "size": 0, "sha256": "a", "problem": None},
    ]
    answer = box_findings(tmp_path, "rdf.yaml", files, ["README.md", "in.png", "out.png"])
    assert answer["left_out"] == 0
    found = [(one["level"], one["rule"], one["pointer"]) for one in answer["findings"]]
    assert found == [
        ("warning", "file-fetch", "/covers/0"),
        ("error", "file-empty", "/inputs/0/test_tensor/source"),
        ("error", "file-fetch", "/weights/torchscript/source"),
    ]
    assert answer["findings"][2]["message"] == f"`weights.torchscript.source` '{REMOTE}': 404 Not Found."


def test_at_most_five_hundred_findings_are_told(tmp_path):
    (tmp_path / "rdf.yaml").write_text(
        "type: dataset\nname: x\n" + "".join(f"x{n}: &a{n} 1\nx{n}: 2\n" for n in range(600))
    )
    answer = box_findings(tmp_path, "rdf.yaml", [])
    assert len(answer["findings"]) == 500
    assert answer["left_out"] > 99


def test_findings_are_cut_to_the_schema_s_lengths():
    finding = Finding(
        "error", "r" * 99, "/" + "p" * 999, "m" * 9999, "f" * 9999, Suggestion(1, 1, "x" * 9000)
    ).as_json()
    assert {key: len(finding[key]) for key in ("rule", "pointer", "message", "fix")} == {
        "rule": 64, "pointer": 512, "message": 2000, "fix": 2000
    }  # fmt: skip
    assert finding["suggestion"] is None


def test_hostile_names_are_shown_cut_and_never_raise(tmp_path):
    hostile = "`@everyone` Closes #1 [skip ci] <b>" * 30
    text = MODEL_04.replace("name: raw", f"name: {json.dumps(hostile)}").replace(
        "[in.npy]", f"[{json.dumps('../' + hostile)}]"
    )
    found = folder_findings(write_model(tmp_path, text))
    assert all(len(one["message"]) < 500 for one in found)
    assert "file-path" in {one["rule"] for one in found}


@pytest.mark.parametrize("text", [MODEL_04, MODEL_05], ids=["0.4", "0.5"])
def test_no_mutation_of_a_good_model_raises(tmp_path, text):
    write_model(tmp_path)
    data = load(text.encode()).data
    odd = [
        None,
        True,
        -3,
        0.5,
        float("nan"),
        float("inf"),
        10**30,
        "",
        "x:y",
        "https://[",
        [],
        [[]],
        {},
        {"a": {}},
        [None],
    ]
    document = load(text.encode())
    chance = random.Random(11)
    for _ in range(300):
        changed = copy.deepcopy(data)
        for _ in range(2):
            part = changed
            while True:
                keys = list(part) if isinstance(part, dict) else list(range(len(part)))
                if not keys:
                    break
                key = chance.choice(keys)
                if isinstance(part[key], dict | list) and part[key] and chance.random() < 0.8:
                    part = part[key]
                    continue
                part[key] = chance.choice(odd)
                break
        mutated = replace(document, data=changed, problems=())
        files = {}
        context = context_of(mutated, files, ["in.npy"], {"minimum_format_version": {"model": "0.4"}})
        for name in ("in.npy", "out.npy"):
            from workflows.static.finding import FileFact

            files[name] = FileFact(tmp_path / name, 1, hashlib.sha256(b"").hexdigest())
        assert isinstance(look(context), list)


@pytest.mark.realdata
def test_the_real_model_has_no_errors_in_both_formats():
    folder = REALDATA / "models" / "unet2d_nuclei_broad"
    if not folder.exists():
        pytest.skip(f"no real model at {folder}")
    for name in ("local_v0_4_9.bioimageio.yaml", "local_bioimageio.yaml"):
        assert [one for one in folder_findings(folder, name) if one["level"] != "warning"] == []


def test_npy_helper_is_the_real_format(tmp_path):
    import numpy as np

    (tmp_path / "a.npy").write_bytes(npy((2, 3)))
    assert np.load(tmp_path / "a.npy").shape == (2, 3)
