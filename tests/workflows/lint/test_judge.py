"""One file with and without the files that it names."""

from pathlib import Path

import pytest

from tests.workflows.rdf_sample import MODEL_04, write_model
from workflows.lint import judge as module
from workflows.lint.judge import judge
from workflows.lint.judged import Judged
from workflows.lint.target import Target, Unusable


def rules(judged):
    return {one.rule for one in judged.findings if one.level != "warning"}


@pytest.fixture
def model(tmp_path):
    """A model whose weights are not there."""
    write_model(tmp_path)
    (tmp_path / "weights.onnx").unlink()
    return tmp_path / "rdf.yaml"


def test_files_are_looked_at_where_one_lies_beside(model):
    judged = judge(Target(model), {})
    assert (rules(judged), judged.lone, judged.valid) == ({"file-missing"}, False, False)


def test_a_lone_document_is_judged_without_them(model, tmp_path):
    alone = tmp_path / "alone" / "my.rdf.yaml"
    alone.parent.mkdir()
    alone.write_bytes(model.read_bytes())
    judged = judge(Target(alone), {})
    assert (rules(judged), judged.lone, judged.valid) == (set(), True, True)
    judged = judge(Target(alone, "always"), {})
    assert ("file-missing" in rules(judged), judged.lone) == (True, False)


def test_nobody_looks_where_nobody_is_to_look(model):
    judged = judge(Target(model, "never"), {})
    assert (rules(judged), judged.lone) == (set(), False)


def test_a_file_that_names_only_itself_or_nothing_is_no_package(tmp_path):
    path = tmp_path / "rdf.yaml"
    path.write_text(MODEL_04.replace("[cover.png]", "[rdf.yaml, '/etc/passwd', \"a\\0b\", ../*]"))
    assert judge(Target(path), {}).lone
    path.write_text("type: dataset\n")
    assert not judge(Target(path), {}).lone


def test_the_collection_s_policy_is_asked_too(model):
    floor = {"minimum_format_version": {"model": "0.5"}}
    judged = judge(Target(model, "never"), floor)
    assert (rules(judged), judged.valid, judged.acceptable) == ({"format-version"}, True, False)


@pytest.mark.parametrize("raw", [b"- a\n", b"\0", b"\xff", b""])
def test_what_holds_no_mapping_is_a_finding(tmp_path, raw):
    (tmp_path / "x.yaml").write_bytes(raw)
    for files in ("auto", "always", "never"):
        judged = judge(Target(tmp_path / "x.yaml", files), {})
        assert isinstance(judged, Judged)
        assert not judged.valid


def test_what_is_no_file_is_unusable(tmp_path):
    assert judge(Target(tmp_path), {}) == Unusable(tmp_path, "This is a folder, not a file. Name the RDF file itself.")
    assert isinstance(judge(Target(Path("/dev/zero")), {}), Unusable)


def test_a_fault_of_our_own_is_told_as_such(model, monkeypatch):
    def fail(_context):
        raise KeyError("x")

    monkeypatch.setattr(module, "look", fail)
    said = "The check itself failed (KeyError: 'x'). Please report it, with this file."
    assert judge(Target(model), {}) == Unusable(model, said)
