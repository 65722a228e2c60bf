"""A model of 0.5 that is right, with something changed in its text, and what is said of it then."""

from workflows.document import load
from workflows.static.static import context_of, look

SHA256 = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
FULL = f"""\
format_version: 0.5.4
type: model
name: Nuclei finder
description: Finds nuclei in fluorescence images of cells.
authors: [{{name: Ada Lovelace}}]
maintainers: [{{github_user: ada}}]
cite: [{{text: A paper, doi: 10.1234/abc}}]
license: MIT
id: nuclei-finder
documentation: README.md
covers: [cover.png]
tags: [nuclei, fluorescence, segmentation]
links: [ilastik/ilastik]
timestamp: 2024-01-02T03:04:05Z
inputs:
- id: raw
  axes:
  - type: batch
  - type: channel
    channel_names: [red, green]
  - type: space
    id: y
    size: {{min: 64, step: 16}}
    unit: micrometer
  - type: space
    id: x
    size: 128
    unit: micrometer
  data:
    type: uint8
    range: [0, 255]
  preprocessing:
  - id: zero_mean_unit_variance
    kwargs:
      axes: [y, x]
  - id: scale_linear
    kwargs:
      axis: channel
      gain: [2, 3]
      offset: 1
  - id: clip
    kwargs:
      min: 0
      max: 1
  test_tensor: {{source: in.npy, sha256: {SHA256}}}
- id: prompt
  axes:
  - type: index
    size: 3
  test_tensor: {{source: prompt.npy, sha256: {SHA256}}}
outputs:
- id: mask
  axes:
  - type: batch
  - type: channel
    channel_names: [mask]
  - type: space
    id: y
    size: {{tensor_id: raw, axis_id: y, offset: 0}}
    halo: 16
    scale: 0.5
    unit: micrometer
  - type: space
    id: x
    size: {{tensor_id: raw, axis_id: x}}
    unit: micrometer
  data:
    values: [0, 1]
    type: uint8
  postprocessing:
  - id: scale_mean_variance
    kwargs:
      reference_tensor: raw
  - id: scale_range
    kwargs:
      min_percentile: 1
      max_percentile: 99
  test_tensor: {{source: mask.npy, sha256: {SHA256}}}
- id: count
  axes:
  - type: index
    size: {{min: 1, max: 8}}
  test_tensor: {{source: count.npy, sha256: {SHA256}}}
weights:
  pytorch_state_dict:
    source: weights.pt
    sha256: {SHA256}
    architecture:
      callable: UNet
      source: unet.py
      sha256: {SHA256}
    pytorch_version: 2.5.1
  onnx:
    source: weights.onnx
    sha256: {SHA256}
    opset_version: 15
    parent: pytorch_state_dict
"""


def found(*changes, rule=None):
    """The findings after each (old, new) was replaced once; the model as it is has none."""
    text = FULL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    told = look(context_of(load(text.encode()), {}, (), {}, package=False))
    return [one for one in told if rule in {None, one.rule}]


def said(*changes, rule=None):
    """The same as level, pointer, message and fix."""
    return [(one.level, one.pointer, one.message, one.fix) for one in found(*changes, rule=rule)]


def lines(*changes, rule=None):
    """The lines that are suggested."""
    return [one.suggestion and one.suggestion.text for one in found(*changes, rule=rule)]


def corrected(*changes):
    """What is still said once every suggestion was taken."""
    text = FULL
    for old, new in changes:
        text = text.replace(old, new, 1)
    rows = text.split("\n")
    for one in reversed(found(*changes)):
        if one.suggestion:
            rows[one.suggestion.start_line - 1 : one.suggestion.end_line] = (
                one.suggestion.text.split("\n") if one.suggestion.text else []
            )
    told = look(context_of(load("\n".join(rows).encode()), {}, (), {}, package=False))
    return [(one.level, one.pointer, one.message) for one in told]
