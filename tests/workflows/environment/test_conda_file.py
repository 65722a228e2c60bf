"""conda environments, as contributors write them."""

import json
from importlib.resources import files

import pytest
from packaging.requirements import Requirement

from workflows.environment import conda_file
from workflows.environment.conda_file import read_bytes
from workflows.environment.declaration import RefusedError

STARDIST = b"""\
name: stardist
channels:
  - defaults
dependencies:
  - python>=3.7,<3.8
  - pip
  - pip:
    - stardist>=0.8.3
    - tensorflow>=2.0.0,<2.6  # [not osx]
"""
TORCH = b"""\
name: unet
channels:
    - pytorch
    - conda-forge
    - nodefaults
dependencies:
    - python=3.9
    - pytorch::pytorch=1.9.*
    - pytorch-cuda=11.7
    - cudatoolkit=11.3
    - cpuonly
    - torchvision==0.10.0
    - numpy=1.19.2=py39h54aff64_0
    - opencv
    - pip:
        - segmentation-models-pytorch==0.2.1
prefix: /home/somebody/miniconda3/envs/unet
"""


def requirements(declared):
    return [str(one) for one in declared.requirements]


def test_a_stardist_environment():
    declared = read_bytes(STARDIST)
    assert declared.python == "<3.8,>=3.7"
    assert requirements(declared) == ["stardist>=0.8.3", "tensorflow<2.6,>=2.0.0"]
    assert (declared.channels, declared.untranslated) == (["defaults"], [])


def test_a_torch_environment_with_builds_channels_and_graphics_cards():
    declared = read_bytes(TORCH)
    assert declared.python == "==3.9.*"
    assert requirements(declared) == [
        "torch==1.9.*",
        "torchvision==0.10.0",
        "numpy==1.19.2",
        "opencv-python-headless",
        "segmentation-models-pytorch==0.2.1",
    ]
    assert declared.untranslated == []


@pytest.mark.realdata
def test_the_real_models_environment(unet2d):
    declared = read_bytes((unet2d / "environment.yaml").read_bytes())
    assert requirements(declared) == ["torch", "numpy"]
    assert (declared.python, declared.untranslated) == (None, [])


def test_equal_names_are_not_enough():
    """`vigra` and `elf` are other things on PyPI, or nothing."""
    declared = read_bytes(b"dependencies: [vigra, 'elf>=0.4', 'numpy=1.19|1.20', numpy]")
    assert requirements(declared) == ["numpy"]
    assert declared.untranslated == ["vigra", "elf>=0.4", "numpy=1.19|1.20"]


def test_several_words_on_python_are_taken_together():
    assert read_bytes(b"dependencies: ['python>=3.7', 'python<3.12', python]").python == ">=3.7,<3.12"


def test_one_pip_line_needs_no_list():
    assert requirements(read_bytes(b"dependencies: [{pip: cowsay}]")) == ["cowsay"]


def test_variables_are_told_to_be_left_out():
    assert read_bytes(b"dependencies: [numpy]\nvariables: {SECRET: x}").notes == [
        "`variables` are not set in the boxes"
    ]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "no list `dependencies`"),
        (b"numpy\n", "no list `dependencies`"),
        (b"- numpy\n", "no list `dependencies`"),
        (b"dependencies: numpy\n", "no list `dependencies`"),
        (b"dependencies: [3]\n", "dependencies/0 '3' is no name with a version"),
        (b"dependencies: [numpy, [six]]\n", "dependencies/1"),
        (b"dependencies: [{npm: [left-pad]}]\n", "dependencies/0"),
        (b"dependencies: [{pip: [six], conda: [six]}]\n", "dependencies/0"),
        (b"dependencies: [{pip: [3]}]\n", "dependencies/0/pip/0 '3' is no requirement"),
        (b"dependencies: [{pip: ['-r requirements.txt']}]\n", "dependencies/0/pip/0 '-r requirements.txt' has an option"),
        (b"dependencies: [{pip: ['six==${SECRET}']}]\n", "environment variable"),
        (b"dependencies: [{pip: ['git+https://git.example/x']}]\n", "names an address"),
        (b"dependencies: ['tensorflow = ']\n", "is no name with a version"),
        (b"dependencies: ['--channel x']\n", "is no name with a version"),
        (b"dependencies: ['numpy" + b"0" * 200 + b"']\n", "has over 200 characters"),
        (b"dependencies: [numpy\n", "line "),
        (b"dependencies: [a]\ndependencies: [b]\n", "dependencies"),
        (b"\xff\xfe", "UTF-8"),
        (b"a: &a [x,x]\nb: &b [*a,*a]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (c, c, c - 1, c - 1) for c in b"cdefghijklmnopq"), ""),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_a_sentence(raw, says):
    with pytest.raises(RefusedError) as refused:
        read_bytes(raw)
    assert says in str(refused.value)
    assert str(refused.value).endswith(".")


def test_every_name_of_the_table_is_a_requirement_and_stands_in_one_list():
    table = json.loads(files("workflows.environment").joinpath("conda_names.json").read_text())
    lists = [set(table["same"]), set(table["names"]), set(table["dropped"])]
    assert sum(map(len, lists)) == len(set().union(*lists))
    assert all(str(Requirement(name)) == name for name in conda_file.names().values())
    assert all(name == name.lower() for one in lists for name in one)
    assert {"numpy", "scipy", "pytorch"} <= conda_file.names().keys()
    assert {"pip", "cpuonly", "cudatoolkit", "pytorch-cuda"} <= conda_file.dropped()
