"""Files, and what was found of them, made by hand."""

from pathlib import Path

from workflows.document import load
from workflows.lint.judged import Judged
from workflows.static.finding import Finding, Suggestion

GOOD = """\
type: dataset
format_version: 0.2.4
name: Nuclei of human cells
description: Fluorescence images of nuclei of human cells, with a mask for each nucleus drawn by two experts.
authors:
- name: Ada Lovelace
maintainers:
- name: Ada Lovelace
  github_user: ada
cite:
- text: A paper
  doi: 10.1234/abc
license: MIT
documentation: README.md
tags: [nuclei, fluorescence, 2D, segmentation]
covers: [https://example.org/cover.png]
"""
BAD = GOOD.replace("license: MIT", "licence: MIT")
TEXT = "type: dataset\nlicence: MIT\nname: \u202ex yz\n\nweights:\n  onnx:\n    source: " + "a" * 300 + "\n"
UNKNOWN = Finding(
    "error", "unknown-field", "/licence", "'licence' is no field that is known.", "Did you mean `license`?",
    Suggestion(2, 2, "license: MIT"), 2, 1,
)  # fmt: skip
ADVICE = Finding("warning", "covers", "/covers", "There is no cover picture.", "Add one.", None, 1, 1)
FLOOR = Finding("policy", "format-version", "/name", "It is older, 100%: 0.4.0,\nthan \u202etaken.", "", None, 3, 8)
WHOLE = Finding("error", "not-a-mapping", "", "The file is not a mapping.", "Begin it with 'type: model'.")


def write_good(folder):
    """A package with nothing but what its RDF names."""
    folder.mkdir()
    (folder / "rdf.yaml").write_text(GOOD)
    (folder / "README.md").write_text("# Nuclei\n\n## Validation\n\nCompare with a second expert's masks.\n")


def judged(*findings, file="folder/rdf.yaml", text=TEXT, lone=False):
    return Judged(Path(file), load(text.encode()), findings, lone)
