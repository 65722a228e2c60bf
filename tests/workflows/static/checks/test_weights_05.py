"""Where 0.5 weights come from, and the files that they are."""

import pytest

from tests.workflows.static.full_05 import FULL, said


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            [("parent: pytorch_state_dict", "parent: torchscript")],
            [
                (
                    "error",
                    "/weights/onnx/parent",
                    "`weights.onnx.parent` is 'torchscript', but there are no such weights here.",
                    "Write one of pytorch_state_dict.",
                )
            ],
        ),
        (
            [("    parent: pytorch_state_dict\n", "")],
            [
                (
                    "warning",
                    "/weights/onnx",
                    "pytorch_state_dict, onnx have no `parent`: which of them was trained, and which converted?",
                    "Add `parent` to all but the weights that were trained.",
                )
            ],
        ),
        (
            [("    pytorch_version: 2.5.1\n", "    pytorch_version: 2.5.1\n    parent: onnx\n")],
            [
                (
                    "policy",
                    "/weights/pytorch_state_dict/parent",
                    "`weights.pytorch_state_dict` comes from 'onnx', and so in the end from itself.",
                    "Leave `parent` out of the weights that were trained.",
                ),
                (
                    "policy",
                    "/weights/onnx/parent",
                    "`weights.onnx` comes from 'pytorch_state_dict', and so in the end from itself.",
                    "Leave `parent` out of the weights that were trained.",
                ),
            ],
        ),
        (
            [
                (
                    "    sha256: 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef\n    opset",
                    "    sha256: gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg\n    opset",
                )
            ],
            [
                (
                    "policy",
                    "/weights/onnx/sha256",
                    "`weights.onnx.sha256` 'gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg…' has characters other than 0-9 and a-f.",
                    "Copy the SHA-256 of the file again.",
                )
            ],
        ),
        (
            [("    opset_version: 15\n", "    opset_version: 15\n    external_data: {source: x/weights.onnx}\n")],
            [
                (
                    "error",
                    "/weights/onnx/external_data/source",
                    "`weights.onnx.external_data.source` is 'x/weights.onnx', but has to be a file that ends in .data.",
                    "Write a file that ends in .data.",
                ),
                (
                    "error",
                    "/weights/onnx/external_data/source",
                    "`weights.onnx.external_data.source` has the file name of `weights.onnx.source`, 'weights.onnx'.",
                    "Give the files different names.",
                ),
            ],
        ),
        (
            [
                ("source: weights.onnx", "source: a/weights.data"),
                ("    opset_version: 15\n", "    opset_version: 15\n    external_data: {source: weights.data}\n"),
            ],
            [
                (
                    "error",
                    "/weights/onnx/external_data/source",
                    "`weights.onnx.external_data.source` has the file name of `weights.onnx.source`, 'weights.data'.",
                    "Give the files different names.",
                )
            ],
        ),
        (
            [
                (
                    "  onnx:",
                    "  keras_v3: {source: w.keras, keras_version: 2.15.0, backend: [torch, 2], parent: onnx}\n  onnx:",
                )
            ],
            [
                (
                    "error",
                    "/weights/keras_v3/keras_version",
                    "`weights.keras_v3.keras_version` '2.15.0' is before 3.",
                    "Write the version of Keras that saved the file; older files are keras_hdf5.",
                )
            ],
        ),
    ],
)
def test_what_is_said_of_weights(changes, told):
    assert said(*changes) == told


def test_formats_without_anything_below_are_no_weights():
    start = FULL.index("  pytorch_state_dict:\n")
    assert said((FULL[start:], "  onnx: null\n  torchscript: null\n")) == [
        (
            "error",
            "/weights",
            "`weights` names onnx, torchscript, but nothing stands below.",
            "Give at least one format with its `source`.",
        )
    ]


@pytest.mark.parametrize("version", ["2.15", "'3rc1'", "3.0.dev1", "3.0.0a2", "true", "1.0+cu1", "2"])
def test_versions_before_keras_3(version):
    weights = f"  keras_v3: {{source: w.keras, keras_version: {version}, backend: [torch, 2], parent: onnx}}\n  onnx:"
    ((level, pointer, message, _),) = said(("  onnx:", weights))
    assert (level, pointer) == ("error", "/weights/keras_v3/keras_version")
    assert message.endswith("is before 3.")


@pytest.mark.parametrize("version", ["3", "'3.0'", "3.0.post1", "3.1rc1", "v4", "1!0", "10"])
def test_versions_since_keras_3(version):
    weights = f"  keras_v3: {{source: w.keras, keras_version: {version}, backend: [torch, 2], parent: onnx}}\n  onnx:"
    assert said(("  onnx:", weights)) == []


def test_weights_that_are_none():
    start = FULL.index("weights:\n")
    assert [told[1] for told in said((FULL[start:], "weights: none\n"))] == ["/weights"]
