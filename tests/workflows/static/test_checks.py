"""One rule at a time: what it says, at what level, and the line that would be right."""

import pytest

from tests.workflows.rdf_sample import MODEL_04, MODEL_05, SHA256, WEIGHTS, write_model
from tests.workflows.static.helpers import folder_findings, text_findings
from workflows.static.checks.persons import orcid_is_valid

GENERIC = "format_version: 0.2.4\ntype: dataset\nname: Cells\ndescription: d\nlicense: MIT\ntags: [a]\ncovers: [c.png]\nmaintainers: [{github_user: a}]\n"


def said(text, rule=None, policy=None):
    return [(one.level, one.pointer, one.message) for one in text_findings(text, rule, policy)]


@pytest.mark.parametrize(
    ("old", "new", "rule", "message", "fix"),
    [
        (
            "description: Blurs an image.\n",
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
            "Write at least 7.",
        ),
        (
            "opset_version: 15",
            "opset_version: '15'",
            "wrong-value",
            "`weights.onnx.opset_version` is '15', but has to be a whole number (the ONNX opset, at least 7).",
            "Write a whole number (the ONNX opset, at least 7).",
        ),
        (
            "axes: bcyx",
            "axes: bcyq",
            "wrong-value",
            "`inputs[0].axes` is 'bcyq', but has to be axes from the letters b i t c z y x, each once.",
            "Write axes from the letters b i t c z y x, each once.",
        ),
        (
            "[1, 1, 8, 8]",
            "big",
            "wrong-value",
            "`inputs[0].shape` is 'big', but has to be a list of sizes, or min and step.",
            "Write a list of sizes, or min and step.",
        ),
        (
            "inputs:\n- name: raw\n  axes: bcyx\n  data_type: float32\n  data_range: [-.inf, .inf]\n  shape: [1, 1, 8, 8]\n",
            "inputs: []\n",
            "wrong-value",
            "`inputs` is an empty list, but has to be at least 1 in the list.",
            "Write at least 1 in the list.",
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
            "`documentation` is '', but has to be at least 1 characters.",
            "Write at least 1 characters.",
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
    flow = MODEL_04.replace("timestamp: 2024-01-02T03:04:05Z\n", "").replace("tags: [blur]", "'timestmap': 2024-01-02")
    assert text_findings(flow, "unknown-field")[0].suggestion is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (MODEL_04.replace("0.4.10", "0.9.1"), "error"),
        (MODEL_04.replace("0.4.10", "new"), "error"),
        (MODEL_04.replace("format_version: 0.4.10", "format_version: [1]"), "error"),
        (MODEL_04.replace("format_version: 0.4.10\n", ""), "error"),
        (MODEL_04.replace("0.4.10", "0.4.0"), "policy"),
    ],
)
def test_format_versions(text, level):
    found = said(text, "format-version", {"minimum_format_version": {"model": "0.4.5"}})
    assert [one[0] for one in found] == [level]


def test_a_floor_without_patch_takes_every_patch():
    assert said(MODEL_04, "format-version", {"minimum_format_version": {"model": "0.4"}}) == []


def test_names():
    assert said(MODEL_04.replace("Tiny blur", "x" * 65), "name") == [
        ("policy", "/name", "`name` has 65 characters; at most 64 are shown.")
    ]
    assert said(MODEL_04.replace("Tiny blur", "a/b"), "name")[0][0] == "warning"
    assert said(MODEL_05.replace("Tiny blur", "a (b) + c."), "name") == []
    assert said(MODEL_05.replace("Tiny blur", "a/b"), "name")[0][0] == "error"
    assert said(MODEL_05.replace("Tiny blur", "x" * 65), "name")[0][0] == "warning"


def test_orcid_check_digits():
    assert orcid_is_valid("0000-0002-1825-0097")
    assert orcid_is_valid("0000-0002-1694-233X")
    assert not orcid_is_valid("0000-0002-1825-0098")
    assert not orcid_is_valid("0000000218250097")
    (finding,) = text_findings(
        MODEL_04.replace("0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"), "orcid"
    )
    assert finding.suggestion.text == "  orcid: 0000-0002-1825-0097"
    (finding,) = text_findings(MODEL_04.replace("0000-0002-1825-0097", "0000-0002-1825-0098"), "orcid")
    assert (finding.level, finding.line, finding.suggestion) == ("error", 7, None)


@pytest.mark.parametrize(
    ("doi", "level", "text"),
    [
        ("https://doi.org/10.1234/abc", "warning", "  doi: 10.1234/abc"),
        ("doi:10.1234/abc", "error", "  doi: 10.1234/abc"),
        ("unpublished", "error", None),
        ("'10.1234'", "error", None),
        ("10.1234 abc", "warning", None),
    ],
)
def test_dois(doi, level, text):
    (finding,) = text_findings(MODEL_04.replace("doi: 10.1234/abc", f"doi: {doi}"), "doi")
    assert finding.level == level
    assert (finding.suggestion and finding.suggestion.text) == text


def test_logins_and_reachable_maintainers():
    text = MODEL_04.replace("github_user: ada", "github_user: Ada Lovelace")
    assert [(one.rule, one.level, one.line) for one in text_findings(text)] == [
        ("maintainers", "policy", 8),
        ("github-user", "warning", 10),
    ]
    assert text_findings(MODEL_04.replace("github_user: ada", "github_user: https://github.com/ada")) == []


def test_tensor_names_are_unique_in_both_formats():
    assert said(MODEL_04.replace("name: blurred", "name: raw"), "tensor-name") == [
        ("error", "/outputs/0/name", "`outputs[0].name` 'raw' is the name of `inputs[0]` already.")
    ]
    assert said(MODEL_05.replace("id: blurred", "id: raw"), "tensor-name")[0][1] == "/outputs/0/id"


@pytest.mark.parametrize(
    ("licence", "level", "guess"),
    [
        ("mit", "error", "MIT"),
        ("CC BY 4.0", "error", "CC-BY-4.0"),
        ("GPL-3.0", "warning", "GPL-3.0-only"),
        ("GPL-3.0+", "warning", "GPL-3.0-or-later"),
        ("Nunit", "warning", None),
        ("all rights reserved by us", "error", None),
    ],
)
def test_licences(licence, level, guess):
    (finding,) = text_findings(MODEL_04.replace("license: MIT", f"license: {licence}"), "license")
    assert finding.level == level
    assert (finding.suggestion and finding.suggestion.text) == (guess and f"license: {guess}")


def test_other_resources_may_leave_the_licence_out():
    assert said(GENERIC) == []
    assert said(GENERIC.replace("license: MIT\n", "")) == [
        ("warning", "/license", "The field `license` is missing: nobody may reuse the work.")
    ]
    assert said(MODEL_04.replace("license: MIT", "license: 3"), "license") == []


def test_tags_citations_and_covers_are_only_warnings():
    text = (
        MODEL_04.replace("tags: [blur]\n", "")
        .replace("covers: [cover.png]\n", "")
        .replace("cite:\n- text: A paper\n  doi: 10.1234/abc\n", "")
    )
    assert [(one.level, one.rule) for one in text_findings(text)] == [
        ("warning", "tags"),
        ("warning", "cite"),
        ("warning", "covers"),
    ]
    assert ("warning", "/covers/0") in [one[:2] for one in said(MODEL_04.replace("cover.png", "cover.bmp"), "covers")]


def test_a_large_cover_is_told(tmp_path):
    write_model(tmp_path)
    (tmp_path / "cover.png").write_bytes(bytes(500_001))
    assert [one["message"] for one in folder_findings(tmp_path)] == [
        "`covers[0]` has 500,001 bytes; at most 500,000 are shown."
    ]


def test_files_that_are_missing_misspelt_or_outside(tmp_path):
    write_model(
        tmp_path,
        MODEL_04.replace("README.md", "readme.md")
        .replace("in.npy", "other.npy")
        .replace("out.npy", "/home/me/out.npy"),
    )
    found = {one["pointer"]: one for one in folder_findings(tmp_path)}
    assert found["/documentation"]["suggestion"]["text"] == "documentation: README.md"
    assert found["/test_inputs/0"]["message"] == "`test_inputs[0]` names 'other.npy', which is not in the upload."
    assert found["/test_outputs/0"]["rule"] == "file-path"


def test_a_wrong_hash_comes_with_both_values_and_the_right_line(tmp_path):
    (finding,) = folder_findings(write_model(tmp_path, MODEL_04.replace(SHA256, "a" * 64)))
    assert (finding["rule"], finding["pointer"]) == ("sha256", "/weights/onnx/sha256")
    assert SHA256 in finding["message"]
    assert "a" * 64 in finding["message"]
    assert finding["suggestion"]["text"] == f"    sha256: {SHA256}"


def test_weights_without_a_hash_get_the_line(tmp_path):
    (finding,) = folder_findings(write_model(tmp_path, MODEL_04.replace(f"    sha256: {SHA256}\n", "")))
    assert (finding["level"], finding["rule"]) == ("warning", "sha256-missing")
    assert finding["suggestion"]["text"] == f"    source: weights.onnx\n    sha256: {SHA256}"
    flow = MODEL_04[: MODEL_04.index("  onnx:")] + "  onnx: {source: weights.onnx, opset_version: 15}\n"
    (finding,) = folder_findings(write_model(tmp_path, flow))
    assert finding["suggestion"] is None


def test_the_architecture_s_hash_is_a_field_of_its_own(tmp_path):
    write_model(
        tmp_path,
        MODEL_04
        + f"  pytorch_state_dict:\n    source: weights.onnx\n    sha256: {SHA256}\n    architecture: net.py:Net\n    architecture_sha256: {'a' * 64}\n",
    )
    (tmp_path / "net.py").write_bytes(WEIGHTS)
    (finding,) = folder_findings(tmp_path)
    assert finding["pointer"] == "/weights/pytorch_state_dict/architecture_sha256"
