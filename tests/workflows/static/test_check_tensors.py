"""Declared shapes among each other, and test arrays against them."""

import pytest

from tests.workflows.rdf_sample import MODEL_04, MODEL_05, npy, write_model
from tests.workflows.static.helpers import folder_findings, text_findings
from workflows.static.npy import Header, NotAnArray, read_header

PARAMETRIZED = MODEL_04.replace("shape: [1, 1, 8, 8]", "shape: {min: [1, 1, 4, 4], step: [0, 0, 2, 2]}")


def arrays(tmp_path, rdf=MODEL_04, given=None, expected=None):
    write_model(tmp_path, rdf.replace("https://zenodo.org/api/records/1/files/weights.pt/content", "weights.onnx"))
    if given is not None:
        (tmp_path / "in.npy").write_bytes(given)
    if expected is not None:
        (tmp_path / "out.npy").write_bytes(expected)
    return [(one["rule"], one["message"]) for one in folder_findings(tmp_path)]


def test_counts_of_test_files():
    (finding,) = text_findings(MODEL_04.replace("[in.npy]", "[in.npy, in.npy]"), "test-files")
    assert finding.message == "`test_inputs` has 2 files for 1 `inputs`."


def test_shapes_that_fit(tmp_path):
    assert arrays(tmp_path) == []
    assert arrays(tmp_path, PARAMETRIZED, npy((3, 1, 6, 10)), npy((3, 1, 3, 5))) == []
    expanded = MODEL_04.replace("scale: [1, 1, 0.5, 0.5]", "scale: [1, null, 1, 0.5, 0.5]").replace(
        "offset: [0, 0, 0, 0]", "offset: [0, 1, 0, 0, 0]"
    )
    expanded = expanded.replace("- name: blurred\n  axes: bcyx", "- name: blurred\n  axes: bzcyx")
    assert arrays(tmp_path, expanded, npy((1, 1, 8, 8)), npy((1, 2, 1, 4, 4))) == []
    assert arrays(tmp_path, MODEL_05, npy((2, 1, 6, 8)), npy((2, 1, 3, 4))) == []


@pytest.mark.parametrize(
    ("rdf", "given", "expected", "message"),
    [
        (
            MODEL_04,
            npy((1, 1, 8, 9)),
            None,
            "`test_inputs[0]` 'in.npy' has the shape (1, 1, 8, 9); declared is (any, 1, 8, 8).",
        ),
        (MODEL_04, npy((8, 8)), None, "`test_inputs[0]` 'in.npy' has the shape (8, 8); declared is (any, 1, 8, 8)."),
        (
            MODEL_04,
            None,
            npy((1, 1, 8, 8)),
            "`test_outputs[0]` 'out.npy' has the shape (1, 1, 8, 8); declared is (any, 1, 4, 4).",
        ),
        (
            PARAMETRIZED,
            npy((1, 1, 7, 8)),
            None,
            "`test_inputs[0]` 'in.npy' has the shape (1, 1, 7, 8); declared is (any, 1, 4 + k·2, 4 + k·2).",
        ),
        (
            MODEL_05,
            npy((1, 2, 8, 8)),
            None,
            "`inputs[0].test_tensor.source` 'in.npy' has the shape (1, 2, 8, 8); declared is (any, 1, 4 + k·2, 8).",
        ),
        (
            MODEL_05,
            None,
            npy((1, 1, 4, 5)),
            "`outputs[0].test_tensor.source` 'out.npy' has the shape (1, 1, 4, 5); declared is (any, 1, 4, at least 1 and at most 4).",
        ),
    ],
)
def test_shapes_that_do_not_fit_are_told_both_ways(tmp_path, rdf, given, expected, message):
    assert ("test-shape", message) in arrays(tmp_path, rdf, given, expected)


def test_another_type_is_a_warning(tmp_path):
    assert arrays(tmp_path, given=npy((1, 1, 8, 8), "<u2")) == [
        ("test-dtype", "`test_inputs[0]` 'in.npy' holds uint16; declared is 'float32'.")
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PNG", "not in numpy's .npy format"),
        (b"\x93NUMPY\x07\x00\x01\x00", "version is unknown"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\x7f", "header is too long"),
        (b"\x93NUMPY\x01\x00\x02\x00{}", "does not describe"),
        (b"\x93NUMPY\x01\x00\x04\x00None", "does not describe"),
        (npy((1,), "|O8"), "data type 'O8' is none of"),
        (npy((1,), "|V0"), "data type 'V0' is none of"),
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


def test_headers(tmp_path):
    path = tmp_path / "a.npy"
    path.write_bytes(npy((), "|b1"))
    assert read_header(path) == Header("bool", (), path.stat().st_size)
    path.write_bytes(npy((2,), ">f8", version=3))
    assert read_header(path) == Header("float64", (2,), path.stat().st_size)
    path.write_bytes(b"\x93NUMPY\x01\x00")
    with pytest.raises(NotAnArray):
        read_header(path)


@pytest.mark.parametrize(
    ("old", "new", "rule", "message"),
    [
        (
            "reference_tensor: raw",
            "reference_tensor: row",
            "shape",
            "`outputs[0].shape.reference_tensor` 'row' is the name of no tensor.",
        ),
        (
            "    offset: [0, 0, 0, 0]\n",
            "    offset: [0, 0, 0, 0]\n  halo: [0, 0, 2]\n",
            "halo",
            "`outputs[0].halo` has 3 numbers for a shape of 4.",
        ),
        (
            "    offset: [0, 0, 0, 0]\n",
            "    offset: [0, 0, 0, 0]\n  halo: [0, 0, 2, 2]\n",
            "halo",
            "The smallest shape [1, 1, 4, 4] of `outputs[0]` leaves nothing once its halo [0, 0, 2, 2] is cropped.",
        ),
        ("axes: bcyx", "axes: cyx", "shape", "`inputs[0]` has 3 axes, but a shape of 4."),
    ],
)
def test_declarations_that_contradict_each_other(old, new, rule, message):
    assert [one.message for one in text_findings(MODEL_04.replace(old, new, 1), rule)] == [message]


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
        ("- {type: space, size: {min: 1, max: 4}}", "- odd"),
        ("{min: 4, step: 2}", "{min: 8, step: 0}"),
    ],
)
def test_axes_of_0_5_that_say_little_allow_much(tmp_path, old, new):
    assert old in MODEL_05
    assert "test-shape" not in dict(arrays(tmp_path, MODEL_05.replace(old, new)))
