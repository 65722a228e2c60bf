"""One rule at a time: what it says, at what level, and the line that would be right."""

import pytest

from tests.workflows.rdf_sample import MODEL_04
from tests.workflows.static.helpers import text_findings

GENERIC = "format_version: 0.2.4\ntype: dataset\nname: Cells\ndescription: d\nlicense: MIT\ntags: [a]\ncovers: [c.png]\nmaintainers: [{github_user: a}]\n"


def said(text, rule=None, policy=None):
    return [(one.level, one.pointer, one.message) for one in text_findings(text, rule, policy)]


@pytest.mark.parametrize(
    ("old", "new", "rule", "message", "fix"),
    [
        (
            "description: Blurs an image of cells.\n",
            "",
            "missing-field",
            "The field `description` is missing.",
            "Add `description: …` (what it is, briefly).",
        ),
        (
            "    opset_version: 15",
            "    opset_version: 3",
            "wrong-value",
            "`weights.onnx.opset_version` is 3, but has to be at least 7.",
            "Change it: the ONNX opset, at least 7.",
        ),
        (
            "opset_version: 15",
            "opset_version: [15]",
            "wrong-value",
            "`weights.onnx.opset_version` is a list of 1, but has to be a whole number or text.",
            "Write 15.",
        ),
        (
            "axes: bcyx",
            "axes: bcyq",
            "wrong-value",
            "`inputs[0].axes` is 'bcyq', but has to be one letter for each axis, in order, each once: b batch, i instance, t time, c channel, z y x space; such as bcyx.",
            None,
        ),
        (
            "[1, 1, 8, 8]",
            "big",
            "wrong-value",
            "`inputs[0].shape` is 'big', but has to be the exact shape, one number for each axis; or min and step, where each axis may be min + k * step.",
            None,
        ),
        (
            "inputs:\n- name: raw\n  axes: bcyx\n  data_type: float32\n  data_range: [-.inf, .inf]\n  shape: [1, 1, 8, 8]\n",
            "inputs: []\n",
            "wrong-value",
            "`inputs` is an empty list, but has to have at least 1 entry.",
            "Change it: the tensors that the model takes.",
        ),
        ("type: model", "type: model\nzzz: 1", "unknown-field", "'zzz' is no field that is known.", None),
        (
            "    opset_version: 15",
            "    zzz: 15",
            "unknown-field",
            "'zzz' is no field that is known in `weights.onnx`.",
            None,
        ),
        (
            "type: model",
            "type: model\ndependencies: conda:e.yaml",
            "wrong-value",
            "`dependencies` does not belong here in format version '0.4.10'.",
            "Remove the field.",
        ),
        (
            "documentation: README.md",
            "documentation: ''",
            "wrong-value",
            "`documentation` is '', but has to be a relative file name or an http(s) url.",
            None,
        ),
        (
            "    opset_version: 15",
            "    opset_version: 15\n    parent: {}",
            "wrong-value",
            "`weights.onnx.parent` is an empty mapping, but has to be one of keras_hdf5, pytorch_state_dict, tensorflow_js, tensorflow_saved_model_bundle, torchscript.",
            None,
        ),
    ],
)
def test_schema_faults_are_told_in_the_contributor_s_words(old, new, rule, message, fix):
    assert old in MODEL_04
    found = [one for one in text_findings(MODEL_04.replace(old, new, 1)) if one.message == message]
    assert [one.rule for one in found] == [rule]
    assert fix in {None, found[0].fix}
    assert found[0].level == "error"


def test_the_branch_that_was_meant_is_told():
    found = text_findings(GENERIC + "cite: [{text: t}]\nauthors: [{name: 1}]\n", "wrong-value")
    assert [one.message for one in found] == [
        "`cite[0]` is a mapping, but has to be a citation: text, with doi or url.",
        "`authors[0].name` is 1, but has to be text.",
    ]


def test_near_misses_come_with_the_right_line():
    (field,) = text_findings(MODEL_04.replace("timestamp:", "timestmap:"), "unknown-field")
    assert (field.fix, field.suggestion.text) == (
        "Did you mean `timestamp`?",
        "timestmap: 2024-01-02T03:04:05Z".replace("timestmap", "timestamp"),
    )
    (value,) = text_findings(MODEL_04.replace("data_type: float32", "data_type: Float32", 1), "wrong-value")
    assert (value.fix, value.suggestion.text) == ("Did you mean 'float32'?", "  data_type: float32")
    flow = MODEL_04.replace("timestamp: 2024-01-02T03:04:05Z\n", "").replace(
        "tags: [blur, cells, 2d]", "'timestmap': 2024-01-02"
    )
    assert text_findings(flow, "unknown-field")[0].suggestion is None


@pytest.mark.parametrize(("wrong", "guess"), [("versoin", "version"), ("version_id", None), ("source_url", None)])
def test_a_name_that_only_begins_alike_is_not_taken_for_a_slip(wrong, guess):
    text = GENERIC.replace("license: MIT", f"license: MIT\n{wrong}: 1.0.0")
    (found,) = text_findings(text, "unknown-field")
    assert (found.suggestion and found.suggestion.text) == (f"{guess}: 1.0.0" if guess else None)


def test_of_thousands_of_unknown_fields_only_the_first_are_guessed_at():
    found = text_findings(GENERIC + "".join(f"taggs{n}: 1\n" for n in range(3000)), "unknown-field")
    assert len(found) == 3000
    assert sum(one.suggestion is not None for one in found) <= 20


def test_tensor_names_are_unique():
    assert said(MODEL_04.replace("name: blurred", "name: raw"), "tensor-name") == [
        ("error", "/outputs/0/name", "`outputs[0].name` 'raw' is the name of `inputs[0]` already.")
    ]


def test_a_misspelt_field_is_told_once():
    found = [one for one in text_findings(MODEL_04.replace("license: MIT", "licence: MIT")) if one.level == "error"]
    assert [(one.rule, one.pointer, one.fix) for one in found] == [
        ("unknown-field", "/licence", "Did you mean `license`?")
    ]
