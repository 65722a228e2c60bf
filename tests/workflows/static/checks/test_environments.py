"""Files of dependencies, as conda and pip take them."""

import pytest

from tests.workflows.rdf_sample import MODEL_04, write_model
from tests.workflows.static.helpers import folder_findings
from workflows.static.checks.environments import CHECK

RULES = {rule.name for rule in CHECK.rules}


def told(folder, manager, content):
    write_model(folder, MODEL_04 + f"    dependencies: {manager}:deps.txt\n")
    (folder / "deps.txt").write_bytes(content)
    found = [one for one in folder_findings(folder) if one["rule"] in RULES]
    assert {one["level"] for one in found} <= {"warning"}
    return [one["message"].removeprefix("`weights.onnx.dependencies` 'deps.txt' ") for one in found]


@pytest.mark.parametrize(
    ("manager", "content"),
    [
        ("conda", b"name: x\nchannels: [conda-forge]\ndependencies: [python>=3.8, numpy, {pip: [torch]}]\n"),
        (
            "pip",
            b"# comment\nnumpy\ntorch>=1.4 # why\nscipy==1.0 ; python_version > '3'\na-b[c,d] ~= 2\n--extra\nx @ https://e.org/x.whl\n\n",
        ),
        ("maven", b"<project/>\n"),
    ],
)
def test_what_reads_as_such_is_silent(tmp_path, manager, content):
    assert told(tmp_path, manager, content) == []


@pytest.mark.parametrize(
    ("manager", "content", "says"),
    [
        ("conda", b"- numpy\n", "is no conda environment: it is not a mapping."),
        ("conda", b"a: [\n", "is no conda environment: it is not a mapping."),
        ("conda", b"name: x\n", "is no conda environment: it has no list `dependencies`."),
        ("conda", b"dependencies: []\n", "is no conda environment: it has no list `dependencies`."),
        ("conda", b"dependencies: [numpy, 3]\n", "lists the dependency 3, which is no name."),
        ("conda", b"a: &a [x, x]\ndependencies: [" + b"*a, " * 100_000 + b"]\n", "has over 262,144 bytes."),
        ("conda", b"PK\x03\x04", "is a zip archive, not a list of dependencies."),
        ("pip", b"numpy\nname: x\n", "has the line 2 'name: x', which is no requirement."),
        ("pip", b"numpy scipy\n", "has the line 1 'numpy scipy', which is no requirement."),
        ("pip", b"\x89PNG\r\n\x1a\n", "is a PNG picture, not a list of dependencies."),
    ],
)
def test_what_does_not_is_told(tmp_path, manager, content, says):
    assert told(tmp_path, manager, content) == [says]
