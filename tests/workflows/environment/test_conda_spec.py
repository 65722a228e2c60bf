"""What a line of a conda environment says, in the words of PEP 440."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from workflows.environment.conda_spec import CondaSpec, UntranslatableError, parse


@pytest.mark.parametrize(
    ("line", "name", "versions"),
    [
        ("numpy", "numpy", ""),
        ("  numpy  ", "numpy", ""),
        ("NumPy", "numpy", ""),
        ("numpy=1.19", "numpy", "==1.19.*"),
        ("numpy =1.19", "numpy", "==1.19.*"),
        ("numpy=1.19.*", "numpy", "==1.19.*"),
        ("numpy==1.19.2", "numpy", "==1.19.2"),
        ("numpy==1.19.*", "numpy", "==1.19.*"),
        ("numpy 1.19.2", "numpy", "==1.19.2"),
        ("numpy 1.19.*", "numpy", "==1.19.*"),
        ("numpy=1.19.2=py37h54aff64_0", "numpy", "==1.19.2"),
        ("numpy 1.19.2 py37h54aff64_0", "numpy", "==1.19.2"),
        ("numpy=1.19.*=py37*", "numpy", "==1.19.*"),
        ("numpy>=1.19", "numpy", ">=1.19"),
        ("numpy >=1.19,<2", "numpy", "<2,>=1.19"),
        ("numpy>=1.19, <2", "numpy", "<2,>=1.19"),
        ("numpy>=1.19.*", "numpy", ">=1.19"),
        ("numpy!=1.20.*", "numpy", "!=1.20.*"),
        ("numpy~=1.19.0", "numpy", "~=1.19.0"),
        ("numpy=*", "numpy", ""),
        ("numpy *", "numpy", ""),
        ("conda-forge::numpy=1.19", "numpy", "==1.19.*"),
        ("https://conda.example/channel::numpy", "numpy", ""),
        ("conda-forge/linux-64::numpy", "numpy", ""),
        ("numpy[version='>=1.19,<2',build=py37]", "numpy", "<2,>=1.19"),
        ('pytorch[version=">=1.8"]', "pytorch", ">=1.8"),
        ("pytorch[build=*cpu*]", "pytorch", ""),
        ("ruamel.yaml>=0.17", "ruamel.yaml", ">=0.17"),
        ("typing_extensions", "typing_extensions", ""),
        ("_libgcc_mutex=0.1=main", "_libgcc_mutex", "==0.1"),
        ("python=3", "python", "==3.*"),
        ("python>=3.7,<3.9", "python", "<3.9,>=3.7"),
    ],
)
def test_a_line_is_a_name_and_versions(line, name, versions):
    assert parse(line) == CondaSpec(name, str(SpecifierSet(versions)))


@pytest.mark.parametrize(
    "line",
    [
        "numpy=1.19|1.20",
        "python 3.7.*|3.8.*",
        "jpeg=9e",
        "tzdata=2021a",
        "numpy=1.*.2",
        "numpy>=x",
    ],
)
def test_what_pep_440_cannot_say_is_left_alone(line):
    with pytest.raises(UntranslatableError):
        parse(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "=1.2",
        "-e .",
        "--help",
        "./local",
        "git+https://x",
        "numpy @ file:///x",
        "a b::",
        "${X}",
        "numpy=^1.2",
        "numpy>=1,",
        "numpy = ",
    ],
)
def test_what_is_no_specification_is_none(line):
    assert parse(line) is None


@given(st.text(alphabet="numpy1.2*=<>!~|,[] '\"_:-/${}\n", max_size=30))
def test_whatever_is_written_it_is_a_specifier_or_an_answer(line):
    try:
        found = parse(line)
    except UntranslatableError:
        return
    if found is not None:
        SpecifierSet(found.versions)
