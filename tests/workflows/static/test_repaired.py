"""Suggestions for values that are nearly right: each is a line that, put in place, takes the finding away."""

import re

import pytest

from tests.agreement.samples.model_04 import FULL, SHA256
from tests.workflows.static.full_04 import found
from workflows.document import load
from workflows.static.static import context_of, look

PACKAGED = FULL[FULL.index("packaged_by:") : FULL.index("cite:")]
COVERS = "covers:\n- cover.png\n- https://example.com/cover.gif\n"
AXES = "  axes: bcyx\n"
TIME = "timestamp: '2024-01-02T03:04:05Z'"


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (AXES, "  axes: [b, c, y, x]\n", "  axes: bcyx"),
        (AXES, "  axes:\n  - b\n  - c\n  - y\n  - x\n", "  axes: bcyx"),
        (AXES, "  axes: BCYX\n", "  axes: bcyx"),
        ("data_type: float32", "data_type: double", None),
        ("data_type: int64", "data_type: double", "  data_type: float64"),
        ("data_type: float32", "data_type: float", "  data_type: float32"),
        ("tags: [membrane, cells, 2D]", "tags: membrane", "tags: [membrane]"),
        ("links: [ilastik/ilastik]", "links:", "links: []"),
        ("license: MIT", "license: [MIT]", "license: MIT"),
        (TIME, "timestamp: 2024/1/2 3:04", "timestamp: '2024-01-02T03:04:00Z'"),
        (TIME, "timestamp: 2024.1.2", "timestamp: '2024-01-02T00:00:00Z'"),
        (TIME, "timestamp: 1577836800", "timestamp: '2020-01-01T00:00:00Z'"),
        ("conda:environment.yaml", "environment.yaml", "    dependencies: conda:environment.yaml"),
        ("conda:environment.yaml", "requirements.txt", "    dependencies: pip:requirements.txt"),
        ("name: binarize", "name: threshold", "  - name: binarize"),
        ("name: scale_range", "name: percentile", "  - name: scale_range"),
        ("mode: per_sample", "mode: sample", "      mode: per_sample"),
        ("shape: [1, 1, 64, 64]", "shape: 1, 1, 64, 64", "  shape: [1, 1, 64, 64]"),
        ("shape: [1, 1, 64, 64]", "shape: (1 x 1 x 64 x 64)", "  shape: [1, 1, 64, 64]"),
        ("opset_version: 15", "opset_version: [15]", "    opset_version: 15"),
        ("parent: onnx", "parent: pytorch_script", "    parent: torchscript"),
        ("parent: onnx", "parent: pytorch", "    parent: pytorch_state_dict"),
        ("download_url: https://", "download_url: ", "download_url: https://example.com/model.zip"),
        ("name: Membranes of cells in 2D", "name: 5", "name: '5'"),
        (COVERS, "covers: cover.png\n", "covers: [cover.png]"),
        (PACKAGED, "packaged_by:\n- Grace Hopper\n", "- name: Grace Hopper"),
        (f"sha256: {SHA256}", f"sha256: sha256:{SHA256}", f"    sha256: {SHA256}"),
        ("  - name: sigmoid\n", "  - name: sigmoid\n    kwargs: {}\n", ""),
        ("id: affable-shark", "id: affable shark", None),
        ("name: raw\n", "name: raw image\n", None),
        (AXES, "  axes: [b, c, y, x]  # as ever\n", None),
        ("axes: xy\n      gain", "axes: [y, x]\n      gain", "      axes: yx"),
    ],
)
def test_a_value_made_right(old, new, text):
    (told, *_) = [one for one in found((old, new)) if one.rule == "wrong-value"]
    if text is None:
        assert told.suggestion is None
        return
    assert load(told.suggestion.text.encode()).data == load(text.encode()).data
    assert _indented(told.suggestion.text) == _indented(text)
    assert not [
        one
        for one in applied(FULL.replace(old, new, 1), told.suggestion)
        if (one.rule, one.pointer) == (told.rule, told.pointer)
    ]


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("  torchscript:", "  pytorch_script:", "torchscript"),
        ("  onnx:\n", "  onxn:\n", "onnx"),
        ("    dependencies:", "    dependancies:", "dependencies"),
        ("license: MIT", "licence: MIT", "license"),
        ("reference_tensor: raw\n    scale", "reference_input: raw\n    scale", "reference_tensor"),
        ("  data_type: int64", "  dtype: int64", "data_type"),
        ("tags: [m", "keywords: [m", "tags"),
    ],
)
def test_names_that_are_usual_elsewhere(old, new, name):
    (told,) = [one for one in found((old, new)) if one.rule == "unknown-field"]
    assert told.fix == f"Did you mean `{name}`?"
    assert told.suggestion.text.strip(" -").startswith(f"{name}:")


def test_entries_in_flow_mappings_keep_their_neighbours():
    (told,) = [
        one for one in found((PACKAGED, "packaged_by: [{name: 5, affiliation: x}]\n")) if one.rule == "wrong-value"
    ]
    assert told.suggestion is None or load(told.suggestion.text.encode()).data == {
        "packaged_by": [{"name": "5", "affiliation": "x"}]
    }


def test_only_so_many_faults_are_mended():
    names = "".join(f"- {number}\n" for number in range(60))
    told = [one for one in found(("tags: [membrane, cells, 2D]\n", f"tags:\n{names}")) if one.rule == "wrong-value"]
    assert len(told) == 60
    assert sum(one.suggestion is not None for one in told) <= 20


def applied(text, suggestion):
    rows = text.split("\n")
    rows[suggestion.start_line - 1 : suggestion.end_line] = suggestion.text.split("\n") if suggestion.text else []
    return look(context_of(load("\n".join(rows).encode()), {}, (), {}, package=False))


def _indented(text):
    return re.match(r"[ -]*", text)[0]
