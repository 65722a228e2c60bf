"""Forms of 0.4 and of the drafts in a 0.5 model: what is said, the lines that are right, and what is left once they are taken."""

from tests.fakes.golden import golden
from tests.workflows.static.full_05 import SHA256, corrected, found

INDEX = "  axes:\n  - type: index\n    size: 3\n"
Y = "- type: space\n    id: y\n    size: {min"
ARCHITECTURE = "    architecture:\n      callable: UNet\n      source: unet.py\n"
HASH = f"      sha256: {SHA256}\n"
STEP = "      axes: [y, x]"
FORMS = (
    (("- id: raw", "- name: raw"),),
    (("    id: y\n    size: {min", "    name: y\n    size: {min"),),
    (
        (
            "  - type: batch\n  - type: channel\n    channel_names: [red, green]\n",
            "  - type: batch\n  - type: channel\n    channel_names: [red, green]\n    size: 2\n",
        ),
    ),
    (
        ("    channel_names: [red, green]\n", "    size: 2\n"),
        ("  - id: scale_linear\n    kwargs:\n      axis: channel\n      gain: [2, 3]\n      offset: 1\n", ""),
    ),
    (("    channel_names: [red, green]\n", "    size: 200\n"),),
    (("    size: {min: 64, step: 16}", "    min: 64\n    step: 16"),),
    ((Y, "- type: y\n    size: {min"),),
    ((Y, "- type: y\n    id: y\n    size: {min"),),
    (("- type: index\n    size: 3", "- type: i\n    size: 3"),),
    (("- type: index\n    size: 3", "- {type: y, size: 3}"),),
    (("size: {tensor_id: raw, axis_id: x}", "size: raw.x"),),
    ((INDEX, "  axes: bcyx\n  shape: [1, 2, 64, 32]\n"),),
    ((INDEX, "  axes: tzyx\n  shape: {min: [1, 1, 64, 32], step: [1, 0, 8, 8]}\n"),),
    ((INDEX, "  axes: qx\n  shape: [1, 2]\n"),),
    ((INDEX, "  axes: bcyx\n"),),
    ((INDEX + "  test", INDEX + "  data_type: uint8\n  test"),),
    ((INDEX + "  test", INDEX + "  data_type: uint8\n  data_range: [0, 3]\n  test"),),
    (("  data:\n    values: [0, 1]\n    type: uint8\n", "  halo: [0, 0, 16, 16]\n"),),
    ((f"test_tensor: {{source: in.npy, sha256: {SHA256}}}", "test_tensor: in.npy"),),
    (("- id: zero_mean_unit_variance", "- name: zero_mean_unit_variance"),),
    ((STEP, "      axes: yx"),),
    ((STEP, STEP + "\n      mode: per_sample"),),
    ((STEP, STEP + "\n      mode: per_dataset"),),
    ((STEP, STEP + "\n      mode: fixed"),),
    (
        (
            ARCHITECTURE + HASH,
            f"    architecture: unet.py:UNet\n    architecture_sha256: {SHA256}\n    kwargs: {{depth: 3}}\n",
        ),
    ),
    ((ARCHITECTURE + HASH, "    architecture: monai.nets.UNet\n"),),
    ((f"      callable: UNet\n      source: unet.py\n      sha256: {SHA256}\n", "      callable: unet.py:UNet\n"),),
    (("    pytorch_version: 2.5.1\n", "    pytorch_version: 2.5.1\n    dependencies: conda:environment.yaml\n"),),
    (("format_version: 0.5.4", "format_version: 0.5.12"),),
    (("tags:", "attachments: {files: [a.txt]}\ntags:"),),
    (("tags:", "attachments: {}\ntags:"),),
    (("tags:", "attachments: [my table.csv]\ntags:"),),
    (("tags:", "test_inputs: [in.npy]\nsample_outputs: [a.tif]\ntags:"),),
    (("tags:", "badges: []\nrun_mode: deepimagej\nparent: {uri: a, id: b}\ndependencies: a\ntags:"),),
    (("  postprocessing:", "  preprocessing: []\n  postprocessing:"),),
    (("- id: count\n", "- id: count\n  reproducibility: 1\n"),),
    (("- id: count\n", "- id: count\n  values: [1]\n"),),
    (("    opset_version: 15\n", "    opset_version: 15\n    attachments: {files: [a]}\n"),),
    ((INDEX + "  test", INDEX + "  data_type: float32\n  data_range: [-.inf, 4294967295]\n  test"),),
    ((INDEX + "  test", INDEX + "  data_type: float32\n  data_range: [0, true]\n  test"),),
    ((ARCHITECTURE, "    architecture:\n      callable: UNet\n      source: unet.py\n      import_from: a.b\n"),),
    ((ARCHITECTURE + HASH, "    architecture:\n      callable: UNet\n"),),
    (("    architecture:\n      callable: UNet\n", "    architecture:\n"),),
    (("- id: zero_mean_unit_variance", "- type: zero_mean_unit_variance"),),
    ((STEP, "      axes: all"),),
    ((ARCHITECTURE + HASH, "    architecture: {}\n"),),
    ((ARCHITECTURE + HASH, "    architecture: somewhere\n"),),
    ((ARCHITECTURE + HASH, "    architecture: {callable: a.py:B, source: a.py, import_from: b}\n"),),
    ((ARCHITECTURE + HASH, "    architecture: {source: a.py, import_from: b}\n"),),
    ((f"test_tensor: {{source: in.npy, sha256: {SHA256}}}", "test_tensor: ' '"),),
    (("size: {tensor_id: raw, axis_id: x}", "size: large"),),
    (
        (
            "- id: count\n  axes:\n  - type: index\n    size: {min: 1, max: 8}\n  test",
            "- {id: count, axes: x, shape: [1]}\n#",
        ),
    ),
    ((INDEX + "  test", INDEX + "  data_type: weird\n  test"),),
    (("tags:", "run_mode: 'a b'\ntags:"),),
)
"""Pairs of what stands in the model that is right, and what is written instead."""


def told(changes):
    lines = [f"## {changes[0][1].strip()}", ""]
    for one in found(*changes):
        lines += [f"* {one.pointer}: {one.message} {one.fix}"]
        if one.suggestion:
            lines += ["```yaml", *(one.suggestion.text or "(the line is taken away)").split("\n"), "```"]
    left = [pointer for _, pointer, _ in corrected(*changes)]
    return [*lines, "", f"Left: {', '.join(left) or 'nothing'}.", ""]


def test_older_forms():
    golden("older_forms_05", "\n".join(line for changes in FORMS for line in told(changes)))


def test_each_is_told_as_an_error():
    assert all(any(one.level == "error" for one in found(*changes)) for changes in FORMS)
