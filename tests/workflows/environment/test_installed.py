"""Whether an image has what is declared."""

import platform

import pytest
from packaging.requirements import Requirement

from workflows.environment.installed import fits_python, installed_versions, unsatisfied

LOCK = {
    "numpy": "2.4.1",
    "torch": "2.13.0+cpu",
    "onnxruntime": "1.31.1",
    "tensorflow-cpu": "2.21.0",
    "scikit-image": "0.26",
}


@pytest.mark.parametrize(
    "line", ["numpy", "numpy>=1.24", "NumPy>=2,<3", "torch>=2", "torch==2.13.0", "torch[opt]", "scikit_image", "tensorflow>=2.0",
             "tensorflow-gpu", "onnxruntime-gpu>=1.20"],
)  # fmt: skip
def test_satisfied(line):
    assert unsatisfied([Requirement(line)], LOCK) == []


@pytest.mark.parametrize(
    "line", ["torch==1.9", "numpy==1.19.*", "numpy<2", "tensorflow==1.15", "stardist", "opencv-python", "numpy!=2.4.1"]
)
def test_not_satisfied(line):
    assert unsatisfied([Requirement("numpy"), Requirement(line)], LOCK) == [line]


def test_a_pre_release_that_is_installed_counts():
    assert unsatisfied([Requirement("numpy>=2")], {"numpy": "2.5.0rc1"}) == []


@pytest.mark.parametrize(
    ("specifier", "fits"),
    [
        (None, True),
        ("", True),
        (">=3.8", True),
        ("==3.11.*", True),
        ("==3.*", True),
        ("==3.7.*", False),
        ("<3.9,>=3.7", False),
    ],
)
def test_python(specifier, fits):
    assert fits_python(specifier, "3.11.2") is fits


def test_a_specifier_that_is_none_fits_nothing():
    assert not fits_python("three", "3.11.2")


def test_what_is_installed_here():
    found = installed_versions()
    assert found["packaging"][0].isdigit()
    assert all(name == name.lower() for name in found)
    assert fits_python(f"=={platform.python_version()}", platform.python_version())
