"""Every field of the model specifications 0.4.5 and 0.4.9: whether it has to be there, a value that is taken, and one that is not.

`place` is where the field stands in `tests.agreement.samples.model_04.FULL`. What is refused comes with the level: `error` is the
verdict of bioimageio.spec, `policy` and `warning` are what the specification asks for in words and no program has ever held anybody to.
"""

from typing import Any, NamedTuple

REQUIRED, OPTIONAL, REFUSED = "required", "optional", "refused"
"""Refused: the documents name it, bioimageio.spec takes it from other resources only."""


class Field(NamedTuple):
    """One anchor of the documents, such as `inputs:shape:min`."""

    anchor: str
    need: str
    place: str
    accepted: Any
    refused: Any
    level: str = "error"
    rule: str = "wrong-value"


_PERSON = (
    ("affiliation", OPTIONAL, "Harvard", ["Harvard"], "error", "wrong-value"),
    ("email", OPTIONAL, "grace.hopper+zoo@navy.example.org", "grace at navy", "error", "wrong-value"),
    ("orcid", OPTIONAL, "0000-0002-1694-233X", "0000-0002-1694-2330", "error", "orcid"),
)
PEOPLE = tuple(
    Field(f"{group}:{name}", need, f"{group}.0.{name}", *rest)
    for group in ("authors", "maintainers", "packaged_by")
    for name, need, *rest in (
        *_PERSON,
        ("name", OPTIONAL if group == "maintainers" else REQUIRED, "Ada", 7, "error", "wrong-value"),
        ("github_user", REQUIRED, "ada-l", 7, "error", "wrong-value")
        if group == "maintainers"
        else ("github_user", OPTIONAL, "ada-l", "Ada Lovelace", "warning", "github-user"),
    )
)
ABOUT = (
    Field("format_version", REQUIRED, "format_version", "0.4.9", "0.4", "error", "format-version"),
    Field("name", REQUIRED, "name", "Membranes - 2D_EM", "n" * 65, "policy", "name"),
    Field("description", REQUIRED, "description", "It finds the membranes of cells in 2D.", ["x"]),
    Field("documentation", REQUIRED, "documentation", "docs/README.md", "README.pdf", "policy", "documentation"),
    Field("license", REQUIRED, "license", "CC-BY-4.0", "CC-BY", "policy", "license"),
    Field("timestamp", REQUIRED, "timestamp", "2024-02-29T10:20:30+01:00", "2023-02-29T10:20:30", "error", "timestamp"),
    Field("version", OPTIONAL, "version", "1.2.3", "1.2", "warning", "version"),
    Field("authors", REQUIRED, "authors", [{"name": "Ada"}], []),
    Field("maintainers", OPTIONAL, "maintainers", [{"github_user": "ada"}], [], "policy", "maintainers"),
    Field("packaged_by", OPTIONAL, "packaged_by", [{"name": "Ada"}], ["Ada"]),
    Field("cite", OPTIONAL, "cite", [{"text": "A paper", "doi": "10.1234/x"}], [], "warning", "cite"),
    Field("cite:text", REQUIRED, "cite.0.text", "A paper", 1),
    Field("cite:doi", OPTIONAL, "cite.1.doi", "10.5281/zenodo.1", "doi.org/x", "error", "doi"),
    Field("cite:url", REQUIRED, "cite.1.url", "https://example.com/x", ""),
    Field("attachments", OPTIONAL, "attachments", {"files": [], "more": 1}, ["a.txt"]),
    Field("attachments:files", OPTIONAL, "attachments.files", ["a.txt"], "a.txt"),
    Field("badges", REFUSED, "badges", None, [{"label": "x", "url": "https://example.com"}]),
    Field("badges:label", REFUSED, "badges", None, [{"label": 1, "url": "https://example.com"}]),
    Field("badges:icon", REFUSED, "badges", None, [{"icon": "a.svg", "label": "x", "url": "https://example.com"}]),
    Field("badges:url", REFUSED, "badges", None, [{"label": "x", "url": "x"}]),
    Field("config", OPTIONAL, "config", {"imagej": {"macro": "a"}}, "imagej"),
    Field("covers", OPTIONAL, "covers", ["a/cover.JPG"], ["cover.pdf"]),
    Field("download_url", OPTIONAL, "download_url", "https://example.com/a", "example.com/a"),
    Field("git_repo", OPTIONAL, "git_repo", "https://example.com/repo", ["https://example.com/repo"]),
    Field("icon", OPTIONAL, "icon", "https://example.com/icon.png", ["x"]),
    Field("id", OPTIONAL, "id", "10.5281/zenodo.1", "affable shark"),
    Field("links", OPTIONAL, "links", ["ilastik/ilastik", "deepimagej/deepimagej"], "ilastik/ilastik"),
    Field("parent", OPTIONAL, "parent", {"id": "affable-shark"}, "affable-shark"),
    Field("parent:id", OPTIONAL, "parent.id", "affable-shark", None, "warning", "parent-model"),
    Field("parent:sha256", OPTIONAL, "parent.sha256", "a" * 64, "a" * 63, "warning", "parent-model"),
    Field("parent:uri", OPTIONAL, "parent.uri", "https://example.com/rdf.yaml", 7, "warning", "parent-model"),
    Field("rdf_source", OPTIONAL, "rdf_source", "https://example.com/rdf.yaml", ["x"]),
    Field("run_mode", OPTIONAL, "run_mode", {"name": "deepimagej"}, "deepimagej"),
    Field("run_mode:name", REQUIRED, "run_mode.name", "deepimagej", "fast", "warning", "run-mode"),
    Field("run_mode:kwargs", OPTIONAL, "run_mode.kwargs", {"a": 1}, [1]),
    Field("tags", OPTIONAL, "tags", ["nucleus", "2D", "EM"], "nucleus"),
    Field("training_data", OPTIONAL, "training_data", {"name": "Cells", "description": "Many."}, "cells"),
    Field("training_data:id", REQUIRED, "training_data.id", "zero/cells", "zero cells"),
)
_AXES = ("bczyx", "byxc", "bcyx")
INPUTS = (
    Field("inputs", REQUIRED, "inputs", None, []),
    Field("inputs:axes", REQUIRED, "inputs.1.axes", "bcyx", "bcyy"),
    Field("inputs:data_type", REQUIRED, "inputs.0.data_type", "float32", "uint8", "warning", "data-type"),
    Field("inputs:name", REQUIRED, "inputs.1.name", "mask", "1st mask"),
    Field("inputs:shape", REQUIRED, "inputs.1.shape", [1, 3, 64, 64], [2, 1, 64, 64], "error", "batch"),
    Field("inputs:shape:min", REQUIRED, "inputs.0.shape.min", [1, 1, 80, 80], [2, 1, 64, 64], "error", "batch"),
    Field("inputs:shape:step", REQUIRED, "inputs.0.shape.step", [0, 0, 8, 8], [0, 8, 8], "error", "shape"),
    Field("inputs:data_range", OPTIONAL, "inputs.1.data_range", [0, 1], [-1, 255], "warning", "data-range"),
    Field("inputs:preprocessing", OPTIONAL, "inputs.1.preprocessing", [{"name": "sigmoid"}], [{"name": "softmax"}]),
    Field("inputs:preprocessing:name", REQUIRED, "inputs.0.preprocessing.1.name", "clip", "clamp"),
    Field(
        "inputs:preprocessing:kwargs",
        REQUIRED,
        "inputs.0.preprocessing.1.kwargs",
        {"min": 0, "max": 2},
        {"min": "low", "max": 2},
    ),
)
OUTPUTS = (
    Field("outputs", REQUIRED, "outputs", None, []),
    Field("outputs:axes", REQUIRED, "outputs.0.axes", "bcyx", "bcyxq"),
    Field("outputs:data_type", REQUIRED, "outputs.0.data_type", "uint64", "float16"),
    Field("outputs:name", REQUIRED, "outputs.1.name", "pile", "raw", "error", "tensor-name"),
    Field("outputs:shape", REQUIRED, "outputs.2.shape", [1, 7], [1, 0], "error", "halo"),
    Field("outputs:shape:offset", REQUIRED, "outputs.0.shape.offset", [0, 0, -4, -4.5], [0, 0, 0.25, 0]),
    Field(
        "outputs:shape:reference_tensor", REQUIRED, "outputs.0.shape.reference_tensor", "mask", "row", "error", "shape"
    ),
    Field("outputs:shape:scale", REQUIRED, "outputs.0.shape.scale", [1, 1, 2, 2], [1, 2, 2, None], "error", "shape"),
    Field("outputs:data_range", OPTIONAL, "outputs.0.data_range", [0.5, 1], [0, 1, 2]),
    Field("outputs:halo", OPTIONAL, "outputs.0.halo", [0, 0, 4, 4], [0, 0, 24, 24], "error", "halo"),
    Field("outputs:postprocessing", OPTIONAL, "outputs.0.postprocessing", [{"name": "sigmoid"}], {"name": "sigmoid"}),
    Field("outputs:postprocessing:name", REQUIRED, "outputs.0.postprocessing.0.name", "scale_mean_variance", "scale"),
    Field(
        "outputs:postprocessing:kwargs",
        REQUIRED,
        "outputs.0.postprocessing.0.kwargs",
        {"mode": "per_dataset", "reference_tensor": "mask", "axes": "cyx"},
        {"mode": "per_sample", "reference_tensor": "probability", "axes": "yx"},
        "error",
        "processing",
    ),
)
FILES = (
    Field("test_inputs", REQUIRED, "test_inputs", ["a/raw.npy", "mask.npy"], ["raw.npy"], "policy", "test-files"),
    Field("test_outputs", REQUIRED, "test_outputs", ["a.npy", "b.npy", "c.npy"], ["a.npz", "b.npy", "c.npy"]),
    Field("sample_inputs", OPTIONAL, "sample_inputs", ["a.png", "b.tif"], "a.png"),
    Field("sample_outputs", OPTIONAL, "sample_outputs", ["a.png"], ["/a.png"]),
    Field(
        "weights",
        REQUIRED,
        "weights",
        {"onnx": {"source": "a.onnx"}},
        {"onnxx": {"source": "a.onnx"}},
        "error",
        "unknown-field",
    ),
)
FIELDS = (*ABOUT, *PEOPLE, *INPUTS, *OUTPUTS, *FILES)
