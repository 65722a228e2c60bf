"""ONNX read without onnx, held to what onnx writes."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.rdf_sample import REALDATA, WEIGHTS
from workflows.static.readers.onnx_file import Onnx, read_onnx
from workflows.static.readers.protobuf import NotAMessage, fields


def read(raw):
    return read_onnx(io.BytesIO(raw))


def test_the_least_model():
    assert read(WEIGHTS) == Onnx(8, {"": 15}, frozenset())


def test_what_onnx_writes_is_read():
    onnx = pytest.importorskip("onnx")
    from onnx import helper

    tensor = helper.make_tensor("w", onnx.TensorProto.FLOAT, [2], [1.0, 2.0])
    graph = helper.make_graph([], "g", [], [], [tensor])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, producer_name="p", doc_string="d")
    found = read(model.SerializeToString())
    assert (found.opset, dict(found.opsets), found.external) == (17, {"": 17, "com.microsoft": 1}, frozenset())
    tensor.ClearField("float_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "w.data"
    graph = helper.make_graph([], "g", [], [], [tensor])
    assert read(helper.make_model(graph, opset_imports=opsets).SerializeToString()).external == {"w.data"}


@pytest.mark.realdata
def test_a_real_model_is_read():
    path = REALDATA / "models" / "unet2d_nuclei_broad" / "weights.onnx"
    if not path.is_file():
        pytest.skip("the real model is not beside this checkout")
    with path.open("rb") as file:
        assert read_onnx(file).opset == 20


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "has no graph"),
        (b"\x08", "is cut off"),
        (b"\x3a\xff\xff\xff\xff\x0f", "is cut off"),
        (b"\x08" + b"\x80" * 11, "is not built as one"),
        (b"\x00\x01", "is not built as one"),
        (b"\x0b", "is not built as one"),
        (b"\x0a\x00", "is not built as one"),
        (b"\xc8\x06\x01", "is not built as one"),
        (b"\x28\x01" * 20_000, "has over 10,000 fields"),
        (WEIGHTS[:2] + b"\x3a\x02\x2a\x05" + WEIGHTS[7:], "is cut off"),
    ],
)
def test_what_is_none_is_told(raw, says):
    with pytest.raises(NotAMessage, match=says):
        read(raw)


def test_fixed_width_fields_are_passed_over():
    assert [one.number for one in fields(io.BytesIO(b"\x09" + bytes(8) + b"\x15" + bytes(4)), 0, 14, 9)] == [1, 2]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=100))
def test_no_bytes_raise_anything_else(raw):
    for each in (raw, WEIGHTS + raw):
        try:
            read(each)
        except NotAMessage:
            continue
