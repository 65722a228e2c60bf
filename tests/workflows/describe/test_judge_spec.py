import pytest

from tests.workflows.rdf_sample import MODEL_04, MODEL_05
from workflows.describe.judge_spec import axes, dtype, judge_spec, kind, output_name
from workflows.describe.references import references
from workflows.describe.tolerance import tolerances
from workflows.document import load

DEFAULT = {"output": "*", "atol": 1e-3, "rtol": 1e-3, "ppm": 0.0, "source": "bioimageio.core's default"}


def spec(text):
    data = load(text.encode()).data
    return judge_spec(data, references(data))


def test_spec_of_0_4_and_0_5():
    assert spec(MODEL_04) == {
        "outputs": [
            {
                "name": "blurred",
                "kind": "float",
                "dtype": "float32",
                "axes": ["b", "c", "y", "x"],
                "expected": "out.npy",
            }
        ],
        "tolerance": {"onnx": [DEFAULT]},
    }
    found = spec(MODEL_05)
    assert found["outputs"] == [
        {
            "name": "blurred",
            "kind": "float",
            "dtype": "float32",
            "axes": ["batch", "channel", "y", "index"],
            "expected": "out.npy",
        }
    ]
    assert found["tolerance"]["torchscript"] == [DEFAULT | {"ppm": 100.0}]


def test_a_missing_expectation_is_null_and_odd_outputs_are_kept_in_place():
    found = judge_spec({"outputs": ["odd", {"name": "a"}]}, [])
    assert [(output["name"], output["expected"]) for output in found["outputs"]] == [("output", None), ("a", None)]
    assert output_name({}, 1) == "output1"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ({"data_type": "float32"}, "float"),
        ({"data_type": "bool"}, "binary"),
        ({"data_type": "float32", "postprocessing": [{"name": "binarize"}]}, "binary"),
        ({"data": {"values": [0, 1], "type": "uint8"}}, "binary"),
        ({"data": [{"values": [0, 1]}, {"values": ["no", "yes"]}]}, "binary"),
        ({"data": {"values": [0, 1, 2]}}, "label"),
        ({"data": {"values": [1.5, 2.5, 3.5], "type": "float32"}}, "float"),
        ({"data_type": "uint16", "name": "labels"}, "label"),
        ({"data_type": "int32", "description": "Instance ids"}, "label"),
        ({"data_type": "uint8", "name": "image"}, "float"),
        ({"id": "x", "postprocessing": [{"id": "stardist_postprocessing"}]}, "label"),
        ({"data_type": 7}, "float"),
    ],
)
def test_kinds(output, expected):
    assert kind(output) == expected


def test_types_come_from_the_last_step_the_field_or_the_data():
    assert (
        dtype({"data": {"type": "int8"}, "postprocessing": [{"id": "ensure_dtype", "kwargs": {"dtype": "uint8"}}]})
        == "uint8"
    )
    assert dtype({"postprocessing": [{"id": "ensure_dtype"}], "data": {"type": "int8"}}) == "int8"
    assert dtype({"data": {"values": [True, False]}}) == "bool"
    assert axes({"axes": ["odd", {"type": "time"}, {"id": "z"}]}) == ["None", "time", "z"]
    assert axes({"axes": 3}) == []


def test_decimal_of_0_4_is_one_and_a_half_units_of_that_digit():
    zoo = {"test_kwargs": {"onnx": {"decimal": 2}, "torchscript": {"relative_tolerance": 0.1}}}
    data = {"format_version": "0.4.9", "config": {"bioimageio": zoo}}
    assert tolerances(data, "onnx") == [
        {
            "output": "*",
            "atol": 0.015,
            "rtol": 0.0,
            "ppm": 0.0,
            "source": "config.bioimageio.test_kwargs.onnx: decimal 2",
        }
    ]
    assert tolerances(data, "torchscript") == [
        {"output": "*", "atol": 1e-3, "rtol": 0.1, "ppm": 0.0, "source": "config.bioimageio.test_kwargs.torchscript"}
    ]
    assert tolerances(data, "keras_hdf5") == [DEFAULT]


def test_0_5_lists_its_tolerances_before_the_default():
    listed = [
        "odd",
        {"weights_formats": ["onnx"], "absolute_tolerance": 0.5},
        {"output_ids": ["a", "b"], "relative_tolerance": float("inf"), "mismatched_elements_per_million": 7},
    ]
    data = {"format_version": "0.5.4", "config": {"bioimageio": {"reproducibility_tolerance": listed}}}
    found = tolerances(data, "torchscript")
    assert [(entry["output"], entry["atol"], entry["rtol"], entry["ppm"]) for entry in found] == [
        ("a", 1e-3, 1e-3, 7.0),
        ("b", 1e-3, 1e-3, 7.0),
        ("*", 1e-3, 1e-3, 100.0),
    ]
    assert found[0]["source"] == "config.bioimageio.reproducibility_tolerance[2]"
    assert tolerances(data, "onnx")[0] == {
        "output": "*", "atol": 0.5, "rtol": 1e-3, "ppm": 100.0, "source": "config.bioimageio.reproducibility_tolerance[1]"
    }  # fmt: skip


def test_nonsense_counts_as_not_given():
    for decimal in ("2", 99, -50):
        data = {"format_version": "0.4.9", "config": {"bioimageio": {"test_kwargs": {"onnx": {"decimal": decimal}}}}}
        entry = tolerances(data, "onnx")[0]
        assert entry["atol"] == 1e-3
