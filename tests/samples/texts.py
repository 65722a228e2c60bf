"""The texts of a sample: its RDF (0.4.9) and its README."""

from __future__ import annotations

from dataclasses import dataclass, field

README = """\
# {name}

A blur, a sharpening and a sigmoid over images of 64 x 64 pixels. Made by this project as a sample for its own tests.

## Validation

Its output was compared with a computation in plain numpy; the largest difference is below 1e-5.
"""

OUTPUT = """\
  - name: {name}
    description: {description}
    axes: bcyx
    data_type: {data_type}
    data_range: [0, 1]
    shape: [1, 1, 64, 64]
"""
PROBABILITY = OUTPUT.format(name="probability", description="probability of a bright spot", data_type="float32")
MASK = OUTPUT.format(name="mask", description="where the probability is above one half", data_type="bool")

RDF = """\
format_version: 0.4.9
type: model
name: {name}
description: Blurs, sharpens and weighs small images; a sample made by the Accession project for its own tests.
authors:
  - name: Ada Sample
    affiliation: Accession project
maintainers:
  - name: Ada Sample
    github_user: {github_user}
license: {license}
version: 0.1.0
timestamp: '2025-01-02T03:04:05Z'
documentation: README.md
covers: [cover.png]
tags: [sample, segmentation, fluorescence-light-microscopy, 2d]
cite:
  - text: The Accession project, samples
    url: https://example.com/accession/samples
inputs:
  - name: raw
    description: one grey channel
    axes: bcyx
    data_type: float32
    data_range: [0, 1]
    shape: [1, 1, 64, 64]
outputs:
{outputs}test_inputs: [test_input.npy]
test_outputs: [{test_outputs}]
weights:
{weights}"""


@dataclass(frozen=True)
class Words:
    """What can differ between two samples' RDFs."""

    name: str
    github_user: str = "ada-sample"
    license: str = "MIT"
    outputs: tuple[str, ...] = (PROBABILITY,)
    weights: tuple[str, ...] = field(default=())

    def rdf(self) -> str:
        files = ["test_output.npy", "test_output_1.npy"][: len(self.outputs)]
        return RDF.format(
            name=self.name,
            github_user=self.github_user,
            license=self.license,
            outputs="".join(self.outputs),
            test_outputs=", ".join(files),
            weights="".join(self.weights),
        )


def weights_text(weight_format: str, source: str, sha256: str, *more: str) -> str:
    """One entry of `weights`; `more` are further lines of it."""
    lines = (f"source: {source}", f"sha256: {sha256}", *more)
    return f"  {weight_format}:\n" + "".join(f"    {line}\n" for line in lines)
