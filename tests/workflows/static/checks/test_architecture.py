"""The source of an architecture: Python text that defines what is named."""

import pytest

from tests.workflows.rdf_sample import LOCAL_05, MODEL_04, write_model
from tests.workflows.static.helpers import folder_findings
from workflows.static.checks.architecture import CHECK

RULES = {rule.name for rule in CHECK.rules}
STATE = "  pytorch_state_dict:\n    source: weights.pt\n    architecture: {}:Net\n"


def told(folder, content, name="net.py", rdf=None):
    write_model(folder, MODEL_04 + STATE.format(name) if rdf is None else rdf)
    (folder / name).write_bytes(content)
    found = [one for one in folder_findings(folder) if one["rule"] in RULES]
    return [(one["level"], one["message"].partition(f"'{name}' ")[2]) for one in found]


def test_0_4_and_0_5_name_it_differently(tmp_path):
    assert told(tmp_path, b"class Net: pass\n") == []
    rdf = LOCAL_05.replace("torchscript:\n", "pytorch_state_dict:\n", 1).replace(
        "parent: torchscript", "parent: pytorch_state_dict"
    )
    rdf = rdf.replace(
        "    pytorch_version: 2.5.1\n",
        "    pytorch_version: 2.5.1\n    architecture: {source: net.py, callable: Net}\n",
    )
    assert told(tmp_path, b"class Net: pass\n", rdf=rdf) == []
    assert told(tmp_path, b"class Other: pass\n", rdf=rdf) == [("error", "does not define 'Net'.")]
    assert told(tmp_path, b"x = 1\n", rdf=rdf.replace("callable: Net", "callable: 3")) == []


@pytest.mark.parametrize(
    ("content", "level", "says"),
    [
        (b"class UNet: pass\n", "error", "does not define 'Net'."),
        (b"class net: pass\n", "error", "does not define 'Net'."),
        (b"'''\nclass Net: pass\n'''\n", "error", "does not define 'Net'."),
        (b"PK\x03\x04" + bytes(40), "error", "is a zip archive, not Python source."),
        (b"\0\0\0", "error", "is of a kind that is not known here, not Python source."),
        (b"<html>", "error", "is a web page, not Python source."),
        (b"#" * (1024**2 + 1), "warning", "has over 1,048,576 bytes and is not read."),
    ],
)
def test_what_does_not_define_it_is_told(tmp_path, content, level, says):
    assert told(tmp_path, content) == [(level, says)]


def test_another_ending_is_a_warning(tmp_path):
    assert told(tmp_path, b"class Net: pass\n", "net.txt") == [
        ("warning", "does not end in .py, so Python cannot import it.")
    ]
