"""The verb: where the manager stands, what the box answers of itself, and what it refuses."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from tests.workflows.conftest import ROOT
from workflows.environment import environment

SCHEMA = json.loads((ROOT / "schemas/environment.schema.json").read_text())
RDF = b"weights:\n  pytorch_state_dict:\n    dependencies: %b\n  onnx:\n    dependencies: {source: e.yaml}\ndependencies: mamba:e.yaml\n"
STATE_DICT = "/weights/pytorch_state_dict/dependencies"


@pytest.fixture
def asked(tmp_path):
    def ask(content, declared="pip:r.txt", pointer=STATE_DICT):
        (tmp_path / "rdf.yaml").write_bytes(RDF % declared.encode())
        (tmp_path / "dependencies").write_bytes(content)
        frames = {}
        job = {"rdf": "rdf.yaml", "file": "dependencies", "pointer": pointer, "rdf_bytes": 1000}
        environment.run(job, tmp_path, frames.__setitem__)
        (name,) = frames
        assert name == "environment"
        answer = json.loads(frames[name])
        Draft202012Validator(SCHEMA).validate(answer)
        return answer

    return ask


def test_what_is_read_is_held_against_this_very_image(asked):
    answer = asked(b"packaging>=20\nPackaging[extra]\nno-such_package==1.0\n")
    assert answer["outcome"] == "read"
    assert answer["requirements"] == ["packaging>=20", "packaging[extra]", "no-such-package==1.0"]
    assert answer["unsatisfied"] == ["no-such-package==1.0"]
    assert answer["notes"] == ["the extras of `Packaging` were not looked for"]
    assert answer["python_fits"] is True
    assert re.fullmatch(r"3\.\d+\.\d+\S*", answer["box_python"])


@pytest.mark.parametrize(
    ("declared", "pointer"),
    [("conda:e.yaml", STATE_DICT), ("mamba:./e.yaml", STATE_DICT), ("{source: e.yaml}", STATE_DICT),
     ("x", "/weights/onnx/dependencies"), ("x", "/dependencies")],
)  # fmt: skip
def test_conda_by_the_words_of_04_and_05(asked, declared, pointer):
    answer = asked(b"dependencies: [python=2.7, packaging, vigra=1]\nchannels: [a]", declared, pointer)
    assert (answer["requirements"], answer["untranslated"], answer["channels"]) == (["packaging"], ["vigra=1"], ["a"])
    assert (answer["python"], answer["python_fits"]) == ("==2.7.*", False)


@pytest.mark.parametrize("manager", ["maven", "pipenv"])
def test_other_managers_are_refused_by_name(asked, manager):
    answer = asked(b"", f"{manager}:pom.xml")
    assert answer["outcome"] == "refused"
    assert f"`{manager}` is not read" in answer["message"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"-e .\n", "line 1 '-e .' has an option of pip"),
        (b"\xff\xff", "not UTF-8"),
        (b"six\n" * 300_000, "over 1,000,000 bytes"),
        (b"".join(b"p%d\n" % n for n in range(201)), "over 200 packages"),
    ],
)
def test_a_file_that_cannot_be_taken_is_an_answer(asked, content, says):
    answer = asked(content)
    assert answer["outcome"] == "refused"
    assert says in answer["message"]
    assert answer["requirements"] == []


def test_everything_that_is_read_fits_the_pattern_that_the_builder_takes(asked):
    pattern = SCHEMA["$defs"]["requirement"]["pattern"]
    lines = b"Foo_Bar.baz[A_b,c] >=1!2.0rc1, <3, !=2.*\nsix~=1.16\nx==1.0+cpu\n"
    answer = asked(lines)
    assert answer["requirements"] == ["foo-bar-baz[a-b,c]!=2.*,<3,>=1!2.0rc1", "six~=1.16", "x==1.0+cpu"]
    assert all(re.fullmatch(pattern.strip("^$"), one) for one in answer["requirements"])
