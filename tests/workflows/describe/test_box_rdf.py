import math
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.workflows.rdf_sample import MODEL_04, MODEL_05, SHA256
from workflows.describe.box_rdf import box_rdfs
from workflows.describe.references import references
from workflows.describe.spell import document, spell
from workflows.document import load


def copies(data):
    return {name: load(raw).data for name, raw in box_rdfs(data, references(data)).items()}


def test_0_4_keeps_what_running_needs_and_names_absent_outputs():
    copy = copies(load(MODEL_04.encode()).data)["onnx"]
    assert copy["test_outputs"] == ["absent-test-output-0.npy"]
    assert copy["test_inputs"] == ["in.npy"]
    assert copy["documentation"] == "README.md"
    assert copy["inputs"][0]["data_range"] == [-math.inf, math.inf]
    assert copy["timestamp"] == "2024-01-02T03:04:05Z"
    assert not {"covers", "maintainers", "attachments"} & copy.keys()


def test_0_5_loses_outputs_files_parents_and_other_formats():
    found = copies(load(MODEL_05.encode()).data)
    assert list(found) == ["torchscript", "onnx"]
    onnx, torchscript = found["onnx"], found["torchscript"]
    assert onnx["weights"] == {"onnx": {"source": "weights.onnx", "sha256": SHA256, "opset_version": 15}}
    assert torchscript["weights"]["torchscript"]["source"] == "weights.pt"
    assert onnx["outputs"][0].keys() == {"id", "axes"}
    assert onnx["inputs"][0]["test_tensor"] == {"source": "in.npy"}
    assert "sample_tensor" not in onnx["inputs"][0]


def test_the_expected_output_s_name_and_hash_reach_no_box():
    for text in (MODEL_04, MODEL_05):
        data = load(text.encode()).data
        for raw in box_rdfs(data, references(data)).values():
            assert b"out.npy" not in raw
            assert b"out.png" not in raw


def test_code_is_named_locally_in_every_form():
    data = {
        "type": "model",
        "source": "https://x.org/a/net.py:Net",
        "inputs": [{"test_tensor": "odd.npy", "preprocessing": [{"id": "custom", "source": "b/pre.py"}, "odd"]}, "odd"],
        "weights": {
            "pytorch_state_dict": {"source": "a/w.pt", "architecture": "b/net.py:Net", "dependencies": "conda:e.yaml"},
            "onnx": {"source": "b/w.pt", "external_data": {"source": "c/w.pt"}},
            "torchscript": {"source": "w.ts", "architecture": {"source": "c/net.py", "callable": "Net"}},
            "keras_v3": {"no": "source"},
        },
    }
    found = copies(data)
    assert list(found) == ["pytorch_state_dict", "onnx", "torchscript"]
    assert found["onnx"]["source"] == "net.py:Net"
    assert found["onnx"]["inputs"] == [
        {"test_tensor": {"source": "odd.npy"}, "preprocessing": [{"id": "custom", "source": "pre.py"}, "odd"]},
        "odd",
    ]
    assert found["pytorch_state_dict"]["weights"]["pytorch_state_dict"] == {
        "source": "w.pt",
        "architecture": "net-2.py:Net",
    }
    assert found["onnx"]["weights"]["onnx"] == {"source": "w-2.pt", "external_data": {"source": "w-3.pt"}}
    assert found["torchscript"]["weights"]["torchscript"]["architecture"] == {"source": "net-3.py", "callable": "Net"}


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1, max_size=5), PLAIN, min_size=1, max_size=3))
def test_spelled_data_reads_back_the_same(data):
    assert YAML(typ="safe", pure=True).load(BytesIO(document(data))) == data


@pytest.mark.parametrize(
    ("value", "text"),
    [(math.inf, ".inf"), (-math.inf, "-.inf"), (math.nan, ".nan"), ("🦈\n", '"\\U0001F988\\n"'), (True, "true")],
)
def test_spelling(value, text):
    assert spell(value) == text


def test_a_very_long_key_is_announced():
    data = {"a": {"k" * 2000: 1}}
    assert load(document(data)).data == data
