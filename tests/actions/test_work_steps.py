"""The steps without a token: they refuse to begin beside a key, and read nothing that is no question."""

from __future__ import annotations

import pytest

from bot import cli
from bot.work_actions import KEYS

SEED = "0123456789abcdef"
PRODUCE = ["actions", "produce", "--questions", "q", "--out", "o", "--seed", SEED, "--format", "onnx"]


@pytest.mark.parametrize("key", KEYS)
def test_a_step_that_touches_contributed_content_does_not_begin_beside_a_key(key, capsys, tmp_path):
    assert cli.main(PRODUCE, {"ACCESSION_CACHE": str(tmp_path), key: "something-secret"}) == 2
    said = capsys.readouterr().err
    assert key in said
    assert "something-secret" not in said
    assert list(tmp_path.iterdir()) == []


def test_what_checks_run_on_is_named_before_any_image_is_there(capsys):
    names = []
    for image in ("accession-job:1", "accession-job:1", "accession-job:2"):
        assert cli.main(["actions", "environment"], {"ACCESSION_JOB_IMAGE": image}) == 0
        names.append(capsys.readouterr().out)
    assert names[0] == names[1] != names[2]
    name, _, value = names[0].strip().partition("=")
    assert (name, len(value)) == ("environment", 64)


@pytest.mark.parametrize("text", ["not json", "{}", '{"schema": "accession/job/1", "verb": "blob"}'])
def test_a_question_that_is_none_ends_the_step(text, capsys, tmp_path):
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions/prepare-1.json").write_text(text)
    arguments = ["actions", "prepare", "--questions", str(tmp_path / "questions"), "--out", str(tmp_path / "out")]
    settings = {"ACCESSION_CACHE": str(tmp_path / "cache"), "ACCESSION_BOX": "process"}
    assert cli.main(arguments, settings) == 2
    assert "The question prepare-1.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["produce", "--questions", "q", "--out", "o", "--seed", "short", "--format", "onnx"],
        ["produce", "--questions", "q", "--out", "o", "--seed", SEED, "--format", "../onnx"],
        ["prepare", "--questions", "q", "--out", "o", "--only", '["../x"]'],
        ["prepare", "--questions", "q", "--out", "o", "--only", "prepare-1"],
        ["propose", "--environment", "e" * 64, "--records", '["1; ls"]'],
        ["propose", "--environment", "e", "--records", "[]"],
        ["find", "--environment", "e" * 64, "--record", "1/2"],
        ["plan", "--environment", "e" * 64, "--pull", "12; ls"],
        ["plan", "--environment", "e" * 64, "--pull", "12", "--head", "main"],
        ["feedback", "--environment", "e" * 64, "--pull", "1", "--expected", "[1]"],
        ["sweep", "--environment", "e" * 64, "--only", "../../check"],
    ],
    ids=lambda arguments: f"{arguments[0]} {arguments[-1]}",
)
def test_what_is_no_value_of_ours_is_refused_at_the_door(arguments, capsys):
    with pytest.raises(SystemExit) as refused:
        cli.main(["actions", *arguments], {})
    assert refused.value.code == 2


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("", ""),
        ("check.yml", "check.yml"),
        ("zoo/collection/.github/workflows/accession.yml@refs/heads/main", "accession.yml"),
    ],
)
def test_a_workflow_is_named_by_its_file(given, found):
    arguments = cli.parser().parse_args(["actions", "name", "--pull", "1", "--only", given])
    assert arguments.only == found
