"""Models of 0.4 with every field that there is, in two forms where there are two, and of the older patches that are read otherwise."""

SHA256 = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
DATASET = """\
training_data:
  type: dataset
  format_version: 0.2.4
  name: Cells in a dish
  description: Many cells.
  id: cells
  source: https://example.com/cells
  documentation: README.md
  license: CC0-1.0
  authors:
  - name: Ada Lovelace
  - Charles B.
  badges:
  - label: Open in Colab
    icon: https://example.com/badge.svg
    url: https://example.com
  cite:
  - text: A paper
    doi: 10.5281/zenodo.5764892
  covers: [cells.png]
  tags: [cells]
"""
FULL = f"""\
format_version: 0.4.10
type: model
name: Membranes of cells in 2D
description: Finds the membranes of cells in light microscopy.
authors:
- name: Ada Lovelace
  affiliation: Analytical Society
  email: ada@example.org
  github_user: ada
  orcid: 0000-0002-1825-0097
- name: Charles B.
maintainers:
- name: Ada Lovelace
  github_user: ada
  affiliation: Analytical Society
  email: ada@example.org
  orcid: 0000-0002-1825-0097
packaged_by:
- name: Grace Hopper
  affiliation: Harvard
  email: grace@example.org
  github_user: ghopper
  orcid: 0000-0002-1694-233X
cite:
- text: A paper
  doi: 10.5281/zenodo.5764892
- text: A page
  url: https://example.com/page
license: MIT
documentation: README.md
attachments:
  files:
  - notes.txt
  - https://example.com/more.txt
  other: [1, x]
covers:
- cover.png
- https://example.com/cover.gif
config:
  bioimageio:
    nickname: affable-shark
    nickname_icon: 🦈
  deepimagej:
    settings: [1, 2.5, null, true, x]
download_url: https://example.com/model.zip
git_repo: https://example.com/repo
icon: 🦈
id: affable-shark
id_emoji: 🦈
links: [ilastik/ilastik]
tags: [membrane, cells, 2D]
rdf_source: https://example.com/rdf.yaml
uploader:
  email: ada@example.org
  name: Ada
version: 0.1.0
version_number: 1
timestamp: '2024-01-02T03:04:05Z'
parent:
  id: ambitious-sloth
  version_number: 1
run_mode:
  name: deepimagej
  kwargs:
    a: 1
training_data:
  id: zero/cells
  version_number: 2
sample_inputs: [sample.tif]
sample_outputs: [result.tif]
inputs:
- name: raw
  description: An image
  axes: bcyx
  data_type: float32
  data_range: [-.inf, .inf]
  shape:
    min: [1, 1, 64, 64]
    step: [0, 0, 16, 16]
  preprocessing:
  - name: binarize
    kwargs:
      threshold: 0.5
  - name: clip
    kwargs:
      min: 0
      max: 1
  - name: scale_linear
    kwargs:
      axes: xy
      gain: 2.0
      offset: [1.0]
  - name: sigmoid
  - name: zero_mean_unit_variance
    kwargs:
      mode: fixed
      axes: xy
      mean: [1.0]
      std: 2.0
      eps: 0.001
  - name: zero_mean_unit_variance
    kwargs:
      mode: per_sample
      axes: xy
  - name: scale_range
    kwargs:
      mode: per_sample
      axes: xy
      min_percentile: 1
      max_percentile: 99.8
      eps: 0.001
      reference_tensor: mask
- name: mask
  axes: bcyx
  data_type: uint8
  data_range: [0, 255]
  shape: [1, 1, 64, 64]
outputs:
- name: probability
  description: A map
  axes: bcyx
  data_type: float32
  data_range: [0, 1]
  shape:
    reference_tensor: raw
    scale: [1, 1, 1.0, 1.0]
    offset: [0, 0.5, -8.0, -8]
  halo: [0, 0, 8, 8]
  postprocessing:
  - name: scale_mean_variance
    kwargs:
      mode: per_sample
      reference_tensor: raw
      axes: xy
      eps: 0.001
  - name: scale_range
    kwargs:
      mode: per_sample
      axes: xy
      reference_tensor: raw
  - name: binarize
    kwargs:
      threshold: 0.5
- name: stack
  axes: bzcyx
  data_type: int64
  shape:
    reference_tensor: probability
    scale: [1, null, 1, 1, 1]
    offset: [0, 4, 0, 0, 0]
- name: classes
  axes: bc
  data_type: bool
  shape: [1, 5]
test_inputs:
- raw.npy
- https://example.com/mask.npy
test_outputs: [probability.npy, stack.npy, classes.npy]
weights:
  keras_hdf5:
    source: weights.h5
    sha256: {SHA256}
    tensorflow_version: 1.15
    parent: onnx
  onnx:
    source: https://example.com/weights.onnx
    sha256: {SHA256}
    opset_version: 15
    authors:
    - name: Grace Hopper
    attachments:
      files: [extra.bin]
    parent: pytorch_state_dict
  pytorch_state_dict:
    source: weights.pt
    sha256: {SHA256}
    architecture: unet.py:UNet
    architecture_sha256: {SHA256}
    kwargs:
      depth: 4
    pytorch_version: '1.10'
    dependencies: conda:environment.yaml
  tensorflow_js:
    source: weights_js.zip
    tensorflow_version: 2.1.0
    parent: keras_hdf5
  tensorflow_saved_model_bundle:
    source: bundle.zip
    tensorflow_version: 2.1.0
    parent: keras_hdf5
  torchscript:
    source: weights_ts.pt
    pytorch_version: 2.0.1
    parent: pytorch_state_dict
"""
LINKED = "training_data:\n  id: zero/cells\n  version_number: 2\n"
FROM_FILE = f"architecture: unet.py:UNet\n    architecture_sha256: {SHA256}\n"


def of_version(version: str, text: str = FULL) -> str:
    """The same in an older version."""
    return text.replace("format_version: 0.4.10", f"format_version: {version}")


SAMPLES = (
    FULL,
    FULL.replace(LINKED, DATASET).replace(FROM_FILE, "architecture: package.module.UNet\n"),
    of_version("0.4.9"),
    of_version("0.4.5").replace("  id: ambitious-sloth\n  version_number: 1\n", f"  sha256: {SHA256}\n"),
    of_version("0.4.3").replace("parent:\n  id: ambitious-sloth\n  version_number: 1\n", ""),
    of_version("0.4.0") + "dependencies: conda:environment.yaml\n",
)
