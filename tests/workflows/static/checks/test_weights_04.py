"""What 0.4 weights say of themselves, and where they come from."""

import pytest

from tests.agreement.samples.model_04 import FULL, SHA256
from tests.workflows.static.full_04 import found, said


@pytest.mark.parametrize(
    ("name", "line", "version"),
    [
        ("keras_hdf5", "    tensorflow_version: 1.15\n", "tensorflow_version: 2.11.0"),
        ("onnx", "    opset_version: 15\n", "opset_version: 15"),
        ("pytorch_state_dict", "    pytorch_version: '1.10'\n", "pytorch_version: 2.1.0"),
        ("torchscript", "    pytorch_version: 2.0.1\n", "pytorch_version: 2.1.0"),
    ],
)
def test_weights_say_what_they_were_made_with(name, line, version):
    key = version.partition(":")[0]
    message = f"`weights.{name}` does not say its `{key}`: nobody can tell which programs read it."
    assert said((line, ""), rule="weights-version") == [
        ("warning", f"/weights/{name}/{key}", message, f"Add it, such as `{version}`.")
    ]


def test_a_hash_of_other_characters_keeps_it_out():
    ((level, pointer, message, _),) = said((SHA256, "g" * 64), rule="hash")
    assert (level, pointer) == ("policy", "/weights/keras_hdf5/sha256")
    assert message.endswith("has characters other than 0-9 and a-f.")


@pytest.mark.parametrize(
    ("old", "new", "level", "pointer", "message"),
    [
        ("    parent: keras_hdf5\n  tensorflow_saved", "    parent: torchscript\n  tensorflow_saved", None, "", ""),
        (
            "    parent: keras_hdf5\n  tensorflow_saved",
            "  tensorflow_saved",
            "warning",
            "/weights/tensorflow_js",
            "pytorch_state_dict, tensorflow_js have no `parent`: which of them was trained, and which converted?",
        ),
        (
            "    dependencies: conda:environment.yaml\n",
            "    dependencies: conda:environment.yaml\n    parent: torchscript\n",
            "policy",
            "/weights/pytorch_state_dict/parent",
            "`weights.pytorch_state_dict` comes from 'torchscript', and so in the end from itself.",
        ),
    ],
)
def test_where_weights_come_from(old, new, level, pointer, message):
    told = [one[:3] for one in said((old, new), rule="parent")]
    assert told == [] if level is None else (level, pointer, message) in told


def test_a_parent_that_is_not_there():
    changes = [
        ("  keras_hdf5:\n", "  torchscript:\n"),
        ("  torchscript:\n    source: weights_ts", "  keras_hdf5x:\n    source: weights_ts"),
    ]
    messages = [one.message for one in found(*changes, rule="parent")]
    assert "`weights.tensorflow_js.parent` is 'keras_hdf5', but there are no such weights here." in messages


def test_weights_that_are_all_empty():
    old = FULL.partition("weights:\n")[2]
    ((level, pointer, message, _),) = said((old, "  onnx: null\n"), rule="weights")
    assert (level, pointer, message) == ("error", "/weights", "`weights` names onnx, but nothing stands below.")


def test_dependencies_of_a_manager_that_nobody_knows():
    ((level, _, message, fix),) = said(("conda:environment.yaml", "poetry:environment.yaml"), rule="dependencies")
    assert level == "warning"
    assert (
        message == "`weights.pytorch_state_dict.dependencies` begins with 'poetry', which is no manager that is known."
    )
    assert fix == "Begin it with one of conda, maven, pip, as in conda:environment.yaml."


@pytest.mark.parametrize(
    ("architecture", "right"),
    [
        ("unet.py:UNet", True),
        ("src/unet.py:UNet", True),
        ("https://example.com/unet.py:UNet", True),
        ("package.module.UNet", False),
        ("/unet.py:UNet", False),
        ("unet.py:class", False),
        ("unet.py:U-Net", False),
        ("UNet", False),
    ],
)
def test_the_architecture_is_in_a_file_with_its_hash(architecture, right):
    """A package has no hash; the rest is no architecture."""
    errors = [
        one.pointer
        for one in found(("architecture: unet.py:UNet", f"architecture: {architecture}"))
        if one.level == "error"
    ]
    assert (errors == []) is right
    assert all(pointer.startswith("/weights/pytorch_state_dict/architecture") for pointer in errors)


def test_an_architecture_in_a_file_needs_its_hash():
    told = [(one.rule, one.pointer) for one in found((f"    architecture_sha256: {SHA256}\n", ""))]
    assert told == [("missing-field", "/weights/pytorch_state_dict/architecture_sha256")]


def test_authors_of_weights_are_people_too():
    told = found(
        (
            "    authors:\n    - name: Grace Hopper\n",
            "    authors:\n    - name: Grace\n      orcid: 0000-0002-1694-2330\n",
        )
    )
    assert [(one.level, one.rule, one.pointer) for one in told] == [("error", "orcid", "/weights/onnx/authors/0/orcid")]
