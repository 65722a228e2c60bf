"""Advice on names and descriptions."""

import pytest

from tests.workflows.rdf_sample import MODEL_04
from tests.workflows.static.helpers import text_findings


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("unet.onnx", "is the name of a file"),
        ("weights_v2.PT", "is the name of a file"),
        ("model", "does not say what the model is for"),
        ("Model1", "does not say what the model is for"),
        ("my model", "does not say what the model is for"),
        ("test 2", "does not say what the model is for"),
        ("unet-2d-nuclei", "is written for programs, not for people"),
        ("UNet_nuclei", "is written for programs, not for people"),
    ],
)
def test_names_that_say_little(name, says):
    (found,) = text_findings(MODEL_04.replace("Tiny blur", name), "informative-name")
    assert (found.level, found.message) == ("warning", f"`name` {name!r} {says}.")
    assert found.fix.startswith("Name the task, the tissue or structure and the modality, such as ")


@pytest.mark.parametrize(
    "name",
    [
        "Neuron Segmentation in EM (Membrane Prediction)",
        "StarDist",
        "LiveCellSegmentationBoundaryModel",
        "3D U-Net",
        "''",
        "3",
    ],
)
def test_names_that_people_read(name):
    assert text_findings(MODEL_04.replace("Tiny blur", name), "informative-name") == []


@pytest.mark.parametrize("kind", ["dataset", "application"])
def test_other_resources_have_proper_names(kind):
    text = f"type: {kind}\nformat_version: 0.2.4\nname: my-tool\ndescription: Shows images of cells here.\n"
    assert text_findings(text, "informative-name") == []


@pytest.mark.parametrize(
    ("description", "says"),
    [
        ("''", "is empty"),
        ("' '", "is empty"),
        ("tiny-blur.", "only repeats the name"),
        ("Blurs images.", "'Blurs images.' is very short"),
    ],
)
def test_descriptions_that_say_little(description, says):
    (found,) = text_findings(MODEL_04.replace("Blurs an image of cells.", description), "description")
    assert (found.level, found.message) == ("warning", f"`description` {says}.")


def test_a_description_that_says_something():
    assert text_findings(MODEL_04, "description") == []
    assert text_findings(MODEL_04.replace("Blurs an image of cells.", "[]"), "description") == []
