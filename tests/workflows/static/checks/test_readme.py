"""The documentation: markdown, and a section Validation."""

import pytest

from tests.workflows.rdf_sample import MODEL_04, write_model
from tests.workflows.static.helpers import folder_findings
from workflows.static.checks.readme import CHECK

RULES = {rule.name for rule in CHECK.rules}


def told(folder, content, rdf=MODEL_04):
    write_model(folder, rdf)
    (folder / "README.md").write_bytes(content)
    found = [one for one in folder_findings(folder) if one["rule"] in RULES]
    return [(one["level"], one["rule"], one["message"].removeprefix("`documentation` 'README.md' ")) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n\n## Validation\n",
        "#### How to do the validation\n",
        "Validation\n===\n",
        "Quantitative Validation\n---\n",
        "\ufeff# VALIDATION #\r\n",
        "```\ncode\n```\n# Validation",
    ],
)
def test_a_section_of_any_level_and_either_form(tmp_path, text):
    assert told(tmp_path, text.encode()) == []


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n\nValidation was done.\n",
        "```\n# Validation\n```\n",
        "~~~~\n# Validation\n~~~\n# Validation\n",
        "    # Validation\n",
        "#Validation\n",
        "####### Validation\n",
        "> Validation\n\n---\n",
        "[![a](b)](c)\n",
        "{json: 1}",
    ],
)
def test_without_one_the_way_to_add_it_is_told(tmp_path, text):
    assert told(tmp_path, text.encode()) == [("warning", "validation-section", "has no section Validation.")]


def test_other_resources_need_none(tmp_path):
    rdf = "format_version: 0.2.4\ntype: dataset\nname: Cells\ndescription: d\ndocumentation: README.md\n"
    assert told(tmp_path, b"# Cells\n", rdf) == []


@pytest.mark.parametrize(
    ("content", "level", "says"),
    [
        (b"%PDF-1.7\n", "error", "is a PDF, not markdown."),
        (b"PK\x03\x04" + bytes(40), "error", "is a zip archive, not markdown."),
        (b"\0\1\2\3" * 20, "error", "is of a kind that is not known here, not markdown."),
        ("# Prüfung\n".encode("latin-1"), "error", "is of a kind that is not known here, not markdown."),
        (b"# a\n" * 2000 + b"\xff\n", "error", "is not UTF-8 text (line 2001)."),
        (b"<!DOCTYPE html>\n<html></html>", "warning", "is a web page, not markdown."),
        (b"  \n\n", "warning", "holds nothing but blanks."),
        (b"x" * (4 * 1024**2 + 1), "warning", "has over 4,194,304 bytes."),
    ],
)
def test_what_is_no_markdown(tmp_path, content, level, says):
    assert told(tmp_path, content) == [(level, "documentation-file", says)]


def test_hostile_markdown_ends(tmp_path):
    for text in (
        "#" * 3_000_000,
        "# " + "# " * 1_000_000,
        "`" * 3_000_000,
        "=\n" * 1_000_000,
        "# a" + " #" * 400,
        "\n" * 3_000_000 + "x",
        ("# a" + " " * 990 + "b\n") * 4000,
    ):
        assert told(tmp_path, text.encode())[0][1] == "validation-section"
