"""Test arrays against what the RDF declares of them."""

import os

import pytest

from tests.workflows.rdf_sample import LOCAL_05, MODEL_04, npy, write_model
from tests.workflows.static.helpers import folder_findings
from workflows.static.checks.arrays import CHECK
from workflows.static.readers.npy import NotAnArray, read_header

RULES = {rule.name for rule in CHECK.rules}
PARAMETRIZED = MODEL_04.replace("shape: [1, 1, 8, 8]", "shape: {min: [1, 1, 4, 4], step: [0, 0, 2, 2]}")


def arrays(tmp_path, rdf=MODEL_04, given=None, expected=None):
    write_model(tmp_path, rdf)
    if given is not None:
        (tmp_path / "in.npy").write_bytes(given)
    if expected is not None:
        (tmp_path / "out.npy").write_bytes(expected)
    return [(one["rule"], one["message"]) for one in folder_findings(tmp_path) if one["rule"] in RULES]


def test_shapes_that_fit(tmp_path):
    assert arrays(tmp_path) == []
    assert arrays(tmp_path, PARAMETRIZED, npy((3, 1, 6, 10)), npy((3, 1, 3, 5))) == []
    expanded = MODEL_04.replace("scale: [1, 1, 0.5, 0.5]", "scale: [1, null, 1, 0.5, 0.5]").replace(
        "offset: [0, 0, 0, 0]", "offset: [0, 1, 0, 0, 0]"
    )
    expanded = expanded.replace("- name: blurred\n  axes: bcyx", "- name: blurred\n  axes: bzcyx")
    assert arrays(tmp_path, expanded, npy((1, 1, 8, 8)), npy((1, 2, 1, 4, 4))) == []
    assert arrays(tmp_path, LOCAL_05, npy((2, 1, 6, 8)), npy((2, 1, 3, 4))) == []


@pytest.mark.parametrize(
    ("rdf", "given", "expected", "message"),
    [
        (
            MODEL_04,
            npy((1, 1, 8, 9)),
            None,
            "`test_inputs[0]` 'in.npy' has the shape (1, 1, 8, 9): axis x is 9, but has to be 8.",
        ),
        (MODEL_04, npy((8, 8)), None, "`test_inputs[0]` 'in.npy' has 2 axes (8, 8), but declared are 4 (b c y x)."),
        (
            MODEL_04,
            None,
            npy((1, 1, 8, 8)),
            "`test_outputs[0]` 'out.npy' has the shape (1, 1, 8, 8): axis y is 8, but has to be 4 = 8·0.5 + 2·0; axis x is 8, but has to be 4 = 8·0.5 + 2·0.",
        ),
        (
            PARAMETRIZED,
            npy((1, 1, 7, 8)),
            None,
            "`test_inputs[0]` 'in.npy' has the shape (1, 1, 7, 8): axis y is 7, but has to be 4 + k·2.",
        ),
        (
            LOCAL_05,
            npy((1, 2, 8, 8)),
            None,
            "`inputs[0].test_tensor.source` 'in.npy' has the shape (1, 2, 8, 8): axis channel is 2, but has to be 1.",
        ),
        (
            LOCAL_05,
            None,
            npy((1, 1, 4, 5)),
            "`outputs[0].test_tensor.source` 'out.npy' has the shape (1, 1, 4, 5): axis index is 5, but has to be at least 1 and at most 4.",
        ),
    ],
)
def test_shapes_that_do_not_fit_are_told_both_ways(tmp_path, rdf, given, expected, message):
    assert ("test-shape", message) in arrays(tmp_path, rdf, given, expected)


def test_another_type_is_a_warning(tmp_path):
    assert arrays(tmp_path, given=npy((1, 1, 8, 8), "<u2")) == [
        ("test-dtype", "`test_inputs[0]` 'in.npy' holds uint16, but declared is 'float32'.")
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PNG", "not in numpy's .npy format"),
        (b"\x93NUMPY\x07\x00\x01\x00", "version is unknown"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\x7f", "header is too long"),
        (b"\x93NUMPY\x01\x00\x02\x00{}", "does not describe"),
        (b"\x93NUMPY\x01\x00\x04\x00None", "does not describe"),
        (npy((1,), "|O8"), "it holds Python objects, which only a pickle can bring back: save plain numbers."),
        (npy((1, 0)), "it holds no number"),
        (npy((1, 1, 8, 8)) + b"0", "has 333 bytes, but its header announces 332"),
        (npy((1,) * 9), "has 9 axes; at most 8"),
        (npy((10**13,), data=b""), "shape is absurd"),
        (npy((1, 1, 8, 8), data=b"123"), "its header announces"),
        (npy((10**9, 10**9), "|u1", data=b""), "its header announces"),
    ],
)
def test_arrays_that_are_not_opened(tmp_path, content, words):
    ((rule, message),) = arrays(tmp_path, given=content)
    assert rule == "test-array"
    assert words in message


@pytest.mark.parametrize(
    "shape",
    [
        "{min: [1, 1, 4], step: [0, 0, 2, 2]}",
        "{min: [a], step: 3}",
        "{reference_tensor: blurred, scale: [1], offset: [0]}",
        "[1, 1, x, 8]",
        "big",
    ],
)
def test_shapes_that_say_nothing_hold_no_array_to_anything(tmp_path, shape):
    found = arrays(tmp_path, MODEL_04.replace("[1, 1, 8, 8]", shape), npy((5, 5)))
    assert "test-shape" not in {rule for rule, message in found if "test_inputs" in message}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("scale: [1, 1, 0.5, 0.5]", "scale: [1, 1, 0.5]"),
        ("scale: [1, 1, 0.5, 0.5]", "scale: [1, 1, x, 1]"),
        ("offset: [0, 0, 0, 0]", "offset: [0, 0, 0, x]"),
        ("scale: [1, 1, 0.5, 0.5]", "scale: [1, 1, 1, null]"),
    ],
)
def test_references_that_cannot_be_computed_are_left_to_the_schema(tmp_path, old, new):
    assert "test-shape" not in dict(arrays(tmp_path, MODEL_04.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{tensor_id: raw, axis_id: y}", "{tensor_id: raw, axis_id: q}"),
        ("{tensor_id: raw, axis_id: y}", "{tensor_id: none, axis_id: y}"),
        ("scale: 2, size", "scale: 0, size"),
        ("{min: 1, max: 4}", "{min: x}"),
        ("{min: 1, max: 4}", "{min: 1}"),
        ("{min: 1, max: 4}", "all"),
        ("- {type: index, size: {min: 1, max: 4}}", "- odd"),
        ("{min: 4, step: 2}", "{min: 8, step: 0}"),
    ],
)
def test_axes_of_0_5_that_say_little_allow_much(tmp_path, old, new):
    assert old in LOCAL_05
    assert "test-shape" not in dict(arrays(tmp_path, LOCAL_05.replace(old, new)))


HALO = LOCAL_05.replace(
    "- {type: index, size: {min: 1, max: 4}}",
    "- {type: space, halo: 2, size: {tensor_id: raw, axis_id: x}}",
)


@pytest.mark.parametrize(("given", "expected"), [(8, 8), (8, 12), (4, 4), (4, 8)])
def test_a_halo_may_be_there_or_not(tmp_path, given, expected):
    assert arrays(tmp_path, HALO, npy((1, 1, 8, given)), npy((1, 1, 4, expected))) == []


def test_a_halo_allows_no_other_length(tmp_path):
    message = (
        "`outputs[0].test_tensor.source` 'out.npy' has the shape (1, 1, 4, 10): "
        "axis x is 10, but has to be 8 = 8 (x of raw) (with or without the halo of 2)."
    )
    assert arrays(tmp_path, HALO, npy((1, 1, 8, 8)), npy((1, 1, 4, 10))) == [("test-shape", message)]


def test_a_batch_axis_of_0_5_that_says_1_is_held_to_it(tmp_path):
    rdf = LOCAL_05.replace("- type: batch", "- {type: batch, size: 1}", 1)
    ((rule, message),) = arrays(tmp_path, rdf, npy((2, 1, 6, 8)), npy((2, 1, 3, 4)))
    assert (rule, "axis batch is 2, but has to be 1" in message) == ("test-shape", True)


def test_an_input_may_refer_to_a_later_one(tmp_path):
    second = "- id: mask\n  axes: [{type: space, size: 6}]\n  test_tensor: {source: other.npy}\n"
    rdf = LOCAL_05.replace("outputs:", second + "outputs:", 1)
    rdf = rdf.replace("- {type: space, size: 8}", "- {type: space, size: {tensor_id: mask, axis_id: x, offset: 1}}")
    (tmp_path / "other.npy").write_bytes(npy((6,)))
    ((_, message),) = arrays(tmp_path, rdf)
    assert "axis x is 8, but has to be 7 = 6 + 1 (x of mask)" in message


@pytest.mark.parametrize(
    ("data", "descr", "level"),
    [
        ("", "|u1", None),
        ("", "<f8", None),
        ("", "<f2", "error"),
        ("", "|b1", "error"),
        ("data: {type: uint8}", "|u1", None),
        ("data: {type: uint8}", "<u2", "error"),
        ("data: [{type: uint8}]", "<u2", "error"),
        ("data: {values: [1, 2]}", "<u2", None),
        ("data: 3", "<u2", None),
    ],
)
def test_types_of_0_5(tmp_path, data, descr, level):
    write_model(tmp_path, LOCAL_05.replace("  sample_tensor: {source: in.png}", f"  {data}".rstrip()))
    (tmp_path / "in.npy").write_bytes(npy((1, 1, 8, 8), descr))
    found = [one["level"] for one in folder_findings(tmp_path) if one["rule"] == "test-dtype"]
    assert found == ([level] if level else [])


def test_a_pipe_in_place_of_an_array_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotAnArray, match="no regular file"):
        read_header(tmp_path / "pipe")
