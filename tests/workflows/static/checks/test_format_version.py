"""Format versions: known, newer, older, below the floor, and what is none."""

import pytest

from tests.workflows.rdf_sample import MODEL_04, MODEL_05
from tests.workflows.static.helpers import text_findings

FLOOR = {"minimum_format_version": {"model": "0.4.5"}}


def rdf(kind, version):
    return f"type: {kind}\nformat_version: {version}\nname: Cells\ndescription: d\n"


def said(text, policy=None):
    return [(one.level, one.message, one.fix) for one in text_findings(text, "format-version", policy)]


@pytest.mark.parametrize(
    ("kind", "version"),
    [
        *(("model", version) for version in ("0.4.0", "0.4.10", "0.5.0", "0.5.12")),
        *((kind, version) for kind in ("dataset", "workflow") for version in ("0.2.0", "0.2.4", "0.3.4", "'0.3'")),
        ("collection", "0.2.2"),
    ],
)
def test_known_versions(kind, version):
    assert said(rdf(kind, version)) == []


@pytest.mark.parametrize(
    ("kind", "version", "newest"),
    [
        ("model", "0.4.11", "0.4.10"),
        ("model", "0.5.13", "0.5.12"),
        ("model", "0.6.0", "0.5.12"),
        ("dataset", "0.2.9", "0.2.4"),
        ("dataset", "0.3.5", "0.3.4"),
        ("workflow", "1.0.0", "0.3.4"),
    ],
)
def test_a_newer_version_is_judged_as_the_newest_known(kind, version, newest):
    message = f"`format_version` {version} is newer than what is known here; the file is judged as {newest}."
    assert said(rdf(kind, version)) == [("warning", message, f"If it follows {newest}, write that.")]


@pytest.mark.parametrize(
    ("kind", "version", "fix"),
    [
        ("model", "1.0.0", "Write one of 0.4.10, 0.5.12."),
        ("model", "new", "Write one of 0.4.10, 0.5.12."),
        ("model", "[1]", "Write one of 0.4.10, 0.5.12."),
        ("dataset", "0.2.x", "Write one of 0.2.4, 0.3.4."),
        ("dataset", "0.2.04", "Write one of 0.2.4, 0.3.4."),
        ("dataset", "0.1.0", "Update the file to 0.3.4; bioimageio.spec's `bioimageio update-format` does most of it."),
        ("collection", "0.3.0", "Write one of 0.2.4."),
    ],
)
def test_what_is_no_version(kind, version, fix):
    ((level, message, told),) = said(rdf(kind, version))
    assert (level, told) == ("error", fix)
    assert message.endswith(f" is not known for a {kind}.")


def test_a_missing_version():
    text = rdf("dataset", "0.2.4").replace("format_version: 0.2.4\n", "")
    assert said(text) == [("error", "The field `format_version` is missing.", "Add it, such as 0.3.4.")]


@pytest.mark.parametrize(
    ("kind", "version", "whole"),
    [
        ("model", "0.4", "0.4.10"),
        ("model", "'0.5'", "'0.5.12'"),
        ("dataset", "0.2", "0.2.4"),
        ("dataset", "0.3", "0.3.4"),
    ],
)
def test_a_number_lacks_its_patch(kind, version, whole):
    (found,) = text_findings(rdf(kind, version), "format-version")
    assert found.message == f"`format_version` {version.strip(chr(39))} lacks the patch number."
    assert (found.level, found.fix) == ("error", f"Write {whole.strip(chr(39))}.")
    assert found.suggestion.text == f"format_version: {whole}"


def test_the_collection_s_floor_is_its_policy():
    ((level, message, fix),) = said(MODEL_04.replace("0.4.10", "0.4.0"), FLOOR)
    assert (level, message) == ("policy", "`format_version` 0.4.0 is older than this collection takes (0.4.5).")
    assert fix == "Update the file to 0.4.5 or later; bioimageio.spec's `bioimageio update-format` does most of it."
    assert said(MODEL_04.replace("0.4.10", "0.4.0"), {"minimum_format_version": {"model": "0.4"}}) == []
    assert said(MODEL_05, FLOOR) == []
    assert said(rdf("model", "0.3.6"), FLOOR)[0][0] == "error"


def test_models_from_before_0_4_have_to_be_updated():
    assert said(rdf("model", "0.3.6")) == [
        (
            "error",
            "`format_version` 0.3.6 is from before 0.4, and can no longer be judged as it is.",
            "Update the file; bioimageio.spec's `bioimageio update-format` does most of it.",
        )
    ]


def test_the_version_is_told_once():
    for version in ("0.2", "'0.2'", "3", "0.2.04", "[]"):
        found = text_findings(rdf("dataset", version))
        assert [one.rule for one in found if one.pointer == "/format_version"] == ["format-version"]
