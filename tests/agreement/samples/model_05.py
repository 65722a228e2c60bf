"""Models of 0.5 with what hardly any real file has: all kinds of axes and sizes, all steps, all weight formats, the model card."""

SHA256 = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"

_HEAD = """\
type: model
name: Small model (of cells) + more_1-2
description: Finds cells.
"""
_PLAIN_AXES = """\
  - type: batch
  - {type: channel, channel_names: [grey]}
  - {type: space, id: y, size: 64}
  - {type: space, id: x, size: 64}
"""
_ONNX = f"""\
weights:
  onnx: {{source: weights.onnx, sha256: {SHA256}, opset_version: 15}}
"""
_PLAIN = f"""\
{_HEAD}inputs:
- id: raw
  test_tensor: {{source: in.npy, sha256: {SHA256}}}
  axes:
{_PLAIN_AXES}outputs:
- id: mask
  test_tensor: {{source: out.npy, sha256: {SHA256}}}
  axes:
{_PLAIN_AXES}{_ONNX}"""


def _least() -> str:
    """No more than is required; ids by default."""
    return f"""\
format_version: 0.5.12
{_HEAD}inputs:
- axes: [{{type: batch}}, {{type: space, size: 3}}]
outputs:
- axes: [{{type: batch, size: 1, id: batch}}, {{type: space, size: 3}}]
{_ONNX}"""


def _axes() -> str:
    """Every kind of axis with every kind of size, halos, units and scales, over three tensors."""
    return f"""\
format_version: 0.5.8
{_HEAD}inputs:
- id: movie
  description: A movie.
  optional: false
  pad: {{mode: constant, value: 1.5}}
  axes:
  - {{type: batch, description: many}}
  - {{type: time, size: {{min: 4, step: 2}}, unit: second, scale: 0.5, concatenable: true}}
  - {{type: index, id: slide, size: 5, concatenable: false}}
  - {{type: channel, id: stain, channel_names: [red, green], description: two}}
  - {{type: space, id: z, size: {{tensor_id: movie, axis_id: y, offset: -32}}, unit: micrometer, scale: 2.0}}
  - {{type: space, id: y, size: {{min: 64, step: 16}}, unit: micrometer, scale: 1}}
  - {{type: space, id: x, size: {{tensor_id: movie, axis_id: y}}, unit: micrometer}}
  test_tensor: {{source: movie.npy, sha256: {SHA256}}}
  sample_tensor: {{source: movie.tif}}
- id: prompt
  optional: true
  pad: {{mode: reflect}}
  axes:
  - {{type: index, size: {{min: 1, step: 1}}}}
  - {{type: channel, channel_names: [y, x]}}
  data: {{values: [0, 1], type: uint8}}
outputs:
- id: labels
  axes:
  - type: batch
  - {{type: time, size: {{tensor_id: movie, axis_id: time, offset: 2}}, unit: second, scale: 0.25}}
  - {{type: channel, channel_names: [label]}}
  - {{type: space, id: y, size: {{tensor_id: movie, axis_id: y}}, halo: 8, scale: 2, unit: micrometer}}
  - {{type: space, id: x, size: {{tensor_id: labels, axis_id: channel, offset: 40}}, halo: 2, unit: null}}
  data:
    values: [background, cell]
    type: uint16
  test_tensor: {{source: labels.npy}}
- id: boxes
  axes:
  - {{type: index, size: {{min: 1, max: 100}}}}
  - {{type: index, id: corner, size: 4}}
  - {{type: time, size: {{tensor_id: boxes, axis_id: corner}}, halo: 1}}
- id: points
  axes:
  - {{type: index, size: {{}}}}
  - {{type: space, size: {{tensor_id: prompt, axis_id: index}}}}
  - {{type: index, id: other, size: {{tensor_id: prompt, axis_id: channel, offset: 3}}}}
{_ONNX}"""


def _data() -> str:
    """What values mean: classes, ranges, units, channel by channel."""
    return f"""\
format_version: 0.5.4
{_HEAD}inputs:
- id: two
  axes: [{{type: channel, channel_names: [a, b]}}, {{type: space, size: 8}}]
  data:
  - {{type: float32, range: [0.0, 1.0], unit: µm, scale: 0.1, offset: 3}}
  - {{values: [0.5, 1, 2.5], type: float32, unit: m/s^2}}
- id: flags
  axes: [{{type: space, size: 8}}]
  data: {{values: [true, false], type: bool, unit: null}}
- id: counts
  axes: [{{type: space, size: 8}}]
  data: {{type: uint16, range: [0, null], unit: arbitrary unit, offset: null}}
- id: open
  axes: [{{type: space, size: 8}}]
  data: {{type: int32, range: [-.inf, .inf]}}
outputs:
- id: words
  axes: [{{type: space, size: 8}}]
  data: {{values: [none, some, all]}}
- id: floats
  axes: [{{type: space, size: 8}}]
  data: {{values: [-1.5, 2.0], type: float64, unit: kg·m}}
{_ONNX}"""


_EITHER = """\
  - {id: binarize, kwargs: {threshold: 0.5}}
  - {id: binarize, kwargs: {threshold: [0.5, 0.25], axis: channel}}
  - {id: clip, kwargs: {min: 0, max: 255.0}}
  - {id: clip, kwargs: {min_percentile: 1, max_percentile: 99.8, axes: [y, x]}}
  - {id: clip, kwargs: {max: 3, min_percentile: 0.5}}
  - {id: ensure_dtype, kwargs: {dtype: float32}}
  - {id: fixed_zero_mean_unit_variance, kwargs: {mean: 3, std: 1.5}}
  - {id: fixed_zero_mean_unit_variance, kwargs: {mean: [3, 4], std: [1.5, 2], axis: channel}}
  - {id: scale_linear, kwargs: {gain: 2.0, offset: 3}}
  - {id: scale_linear, kwargs: {gain: [2.0, 1], offset: 3, axis: channel}}
  - {id: scale_linear, kwargs: {gain: [2.0, 1], offset: [0, 1], axis: c}}
  - {id: scale_range}
  - {id: scale_range, kwargs: {axes: [batch, y, x], min_percentile: 2, max_percentile: 98, eps: 0.001, reference_tensor: raw}}
  - {id: sigmoid}
  - {id: softmax}
  - {id: softmax, kwargs: {axis: channel}}
  - {id: zero_mean_unit_variance}
  - {id: zero_mean_unit_variance, kwargs: {axes: [b, channel, y, x], eps: 1.0e-06}}
"""


def _steps() -> str:
    """Every processing step in every form."""
    axes = _PLAIN_AXES.replace("[grey]", "[red, green]")
    return f"""\
format_version: 0.5.12
{_HEAD}inputs:
- id: raw
  axes:
{axes}  preprocessing:
{_EITHER}- id: reference
  axes:
{axes}outputs:
- id: mask
  axes:
{axes}  postprocessing:
{_EITHER}  - {{id: scale_mean_variance, kwargs: {{reference_tensor: reference}}}}
  - {{id: scale_mean_variance, kwargs: {{reference_tensor: raw, axes: [y, x], eps: 0.01}}}}
- id: objects
  axes:
{axes}  postprocessing:
  - id: stardist_postprocessing
    kwargs: {{prob_threshold: 0.5, nms_threshold: 0.4, n_rays: 32, grid: [2, 2], b: 2}}
  - id: stardist_postprocessing
    kwargs:
      prob_threshold: 0.5
      nms_threshold: 0.4
      n_rays: 96
      grid: [1, 2, 2]
      b: [[1, 1], [2, 2], [2, 2]]
      anisotropy: [2.0, 1, 1]
      overlap_label: -1
  - id: cellpose_flow_dynamics
    kwargs: {{cellprob_threshold: 0, flow_threshold: 0.4, do_3D: false, min_size: 10, output_dtype: uint32}}
  - id: custom
    callable: Watershed
    source: steps/watershed.py
    sha256: {SHA256}
    kwargs: {{levels: 3, names: [a, b], more: {{deep: null}}}}
  - {{id: custom, callable: plain, source: plain.py}}
{_ONNX}"""


def _weights() -> str:
    """Every weight format, one made from the other."""
    return f"""\
format_version: 0.5.9
{_PLAIN.removesuffix(_ONNX)}weights:
  pytorch_state_dict:
    source: weights.pt
    sha256: {SHA256}
    authors: [{{name: Ada Lovelace, orcid: 0000-0002-1825-0097}}]
    architecture:
      callable: UNet
      source: unet.py
      sha256: {SHA256}
      kwargs: {{depth: 3, names: [a, b], nested: {{x: null, y: 0.5}}}}
    pytorch_version: 2.1
    dependencies: {{source: environment.yaml, sha256: {SHA256}}}
    strict: false
    comment: The trained ones.
  torchscript: {{source: 'https://example.com/weights.pt', pytorch_version: 1.13.1+cu117, parent: pytorch_state_dict}}
  onnx:
    source: model/weights.onnx
    opset_version: 17
    parent: torchscript
    external_data: {{source: model/weights.onnx.data, sha256: {SHA256}}}
  keras_hdf5: {{source: weights.h5, tensorflow_version: 2.11.0, parent: onnx, authors: null}}
  keras_v3: {{source: weights.keras, keras_version: '3.1', backend: [torch, '2.5'], parent: keras_hdf5, sha256: null}}
  tensorflow_js: {{source: model.json, tensorflow_version: '1.15', parent: keras_hdf5}}
  tensorflow_saved_model_bundle:
    source: bundle.zip
    tensorflow_version: 2
    parent: keras_hdf5
    dependencies: {{source: env.yml}}
"""


def _library() -> str:
    """An architecture from a library, other formats named but empty."""
    return f"""\
format_version: 0.5.0
{_PLAIN.removesuffix(_ONNX)}weights:
  onnx: null
  pytorch_state_dict:
    source: weights.pt
    architecture: {{callable: get_model, import_from: monai.networks.nets, kwargs: {{}}}}
    pytorch_version: v2.0rc1
    strict: true
    parent: null
"""


def _people() -> str:
    """Every field about the resource itself, in the forms before 0.5.11."""
    return f"""\
format_version: 0.5.7
{_PLAIN}authors:
- {{name: Ada Lovelace, affiliation: Analytical Society, email: ada@example.org, orcid: 0000-0002-1825-0097, github_user: ada}}
- name: Charles B.
maintainers:
- github_user: ada
- {{name: Grace Hopper, github_user: ghopper, email: null}}
packaged_by: [{{name: Grace Hopper}}]
uploader: {{email: ada@example.org, name: Ada}}
attachments: [{{source: data/table.csv, sha256: {SHA256}}}, {{source: 'https://example.com/a.txt'}}]
cite: [{{text: A paper, doi: 10.5281/zenodo.5764892}}, {{text: A page, url: 'https://example.com/page'}}]
covers: [cover.png, {{source: 'https://example.com/b.JPG'}}]
documentation: docs/README.md
git_repo: https://github.com/a/b
icon: icon.png
id: small-model/1
id_emoji: \U0001f988
license: CC-BY-4.0
links: [ilastik/ilastik, deepimagej/deepimagej]
parent: {{id: other-model, version: 1.2.0}}
run_mode: {{name: deepimagej, kwargs: {{a: [1, .inf]}}}}
tags: [nuclei, fluorescence, 2d, unet]
timestamp: 2024-01-02T03:04:05Z
training_data: {{id: cells, version: 2}}
version: 1.2.0
version_comment: Now with more cells.
"""


def _forms_since_11() -> str:
    """Documentation, covers and icon under source; a licence file; a dataset described in place."""
    return f"""\
format_version: 0.5.11
{_PLAIN}authors: []
covers: [{{source: cover.svg, sha256: null}}]
documentation: {{source: README.md, sha256: {SHA256}}}
icon: {{source: icon.svg}}
id: null
license: {{source: LICENSE.txt}}
parent: {{id: other-model, version_number: 3}}
timestamp: '2024-01-02'
training_data:
  type: dataset
  format_version: 0.3.4
  name: Cells
  description: Many cells.
  authors: [{{name: Ada Lovelace}}]
  cite: [{{text: A paper, doi: 10.5281/zenodo.5764892}}]
  license: CC0-1.0
  source: https://example.com/cells.zip
  tags: [nuclei]
version_number: 7
"""


def _older_dataset() -> str:
    return f"""\
format_version: 0.5.3
{_PLAIN}documentation: {{source: README.md}}
icon: \U0001f988
training_data:
  type: dataset
  format_version: 0.2.4
  name: Cells
  description: Many cells.
  source: https://example.com/cells.zip
"""


def _card() -> str:
    """What the model card is made of."""
    return f"""\
format_version: 0.5.12
{_PLAIN}config:
  bioimageio:
    reproducibility_tolerance:
    - {{relative_tolerance: 0.005, absolute_tolerance: 1.0e-4, mismatched_elements_per_million: 10, output_ids: [mask]}}
    - {{weights_formats: [onnx], note: any}}
    funded_by: A fund
    architecture_type: U-Net
    architecture_description: Four levels.
    modality: fluorescence
    target_structure: [nuclei]
    task: segmentation
    new_version: better-model
    out_of_scope_use: Anything else.
    bias_risks_limitations: {{known_biases: Few cells., risks: Some., limitations: null, recommendations: Look., more: 1}}
    model_parameter_count: 1000000
    training:
      training_preprocessing: none
      training_epochs: 100
      training_batch_size: 4
      initial_learning_rate: 0.001
      learning_rate_schedule: constant
      loss_function: BCE
      loss_function_kwargs: {{weight: [1, 2.5]}}
      optimizer: Adam
      optimizer_kwargs: {{betas: [0.9, 0.999]}}
      regularization: null
      training_duration: 1.5
      own: true
    inference_time: 1 s
    memory_requirements_inference: 1 GB
    memory_requirements_training: null
    evaluations:
    - model_id: small-model
      dataset_id: cells
      dataset_source: https://example.com/cells.zip
      dataset_role: test
      sample_count: 12
      evaluation_factors: [all, dense]
      evaluation_factors_long: [all images, dense images]
      metrics: [IoU, F1, note]
      metrics_long: [intersection over union, harmonic mean, remark]
      results: [[0.5, 1], [0.25, 0.75], [good, bad]]
      results_summary: Good.
    environmental_impact: {{hardware_type: GPU, hours_used: 3, cloud_provider: null, compute_region: EU, co2_emitted: 0.5}}
    anything: [1, .inf]
  stardist: {{python_version: 0.8, thresholds: {{prob: 0.5, nms: 0.3}}}}
  deepimagej: {{a: [1, .nan]}}
"""


def _loose() -> str:
    """Numbers and flags in the forms that are read too."""
    return f"""\
format_version: 0.6.0
{_HEAD}inputs:
- axes:
  - {{type: batch, id: b}}
  - {{type: channel, id: c, channel_names: [a]}}
  - {{type: space, id: y, size: '64', scale: '1.5', concatenable: 'yes'}}
  - {{type: space, id: X, size: 64.0, concatenable: 0}}
  preprocessing:
  - {{id: zero_mean_unit_variance, kwargs: {{axes: [c, y], eps: '1e-6'}}}}
  - {{id: clip, kwargs: {{min: true}}}}
outputs:
- axes: [{{type: space, size: {{min: '4', max: 8}}}}]
  data: {{values: [1, '0']}}
weights:
  onnx: {{source: a.onnx, opset_version: '15', sha256: ' {SHA256.upper()} '}}
""".replace("{type: space, size: {min: '4', max: 8}}", "{type: index, size: {min: '4', max: 8}}")


SAMPLES = (
    _least(),
    _axes(),
    _data(),
    _steps(),
    _weights(),
    _library(),
    _people(),
    _forms_since_11(),
    _older_dataset(),
    _card(),
    _loose(),
)
"""All are valid by bioimageio.spec."""
