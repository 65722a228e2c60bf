"""What other repositories install with pre-commit."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.workflows.lint.helpers import BAD, write_good
from workflows.describe.choose import is_rdf_name

ROOT = Path(__file__).parents[3]
(HOOK,) = YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml")
KEYS = {
    *("id", "name", "entry", "language", "alias", "files", "exclude", "types", "types_or", "exclude_types"),
    *(
        "additional_dependencies",
        "args",
        "always_run",
        "fail_fast",
        "pass_filenames",
        "description",
        "language_version",
    ),
    *("log_file", "minimum_pre_commit_version", "require_serial", "stages", "verbose"),
}
"""Of pre-commit's manifest (https://pre-commit.com/#creating-new-hooks)."""


def test_the_manifest_has_pre_commit_s_keys():
    assert HOOK.keys() <= KEYS
    assert {"id", "name", "entry", "language"} <= HOOK.keys()
    assert (HOOK["id"], HOOK["language"]) == ("accession-check", "python")


@pytest.mark.parametrize(
    "name",
    [
        "rdf.yaml",
        "my.rdf.yaml",
        "bioimageio.yaml",
        "a.bioimageio.yaml",
        "model.yaml",
        "x.model.yaml",
        "rdf.yml",
        "ardf.yaml",
    ],
)
def test_the_hook_runs_on_the_names_of_rdfs(name):
    assert bool(re.search(HOOK["files"], name)) == is_rdf_name(name)
    assert bool(re.search(HOOK["files"], f"a/b/{name}")) == is_rdf_name(name)


def test_the_entry_judges_the_files_that_are_handed_over(tmp_path):
    write_good(tmp_path / "good")
    (tmp_path / "bad.rdf.yaml").write_text(BAD)
    command = [str(Path(sys.executable).with_name(shlex.split(HOOK["entry"])[0])), *shlex.split(HOOK["entry"])[1:]]
    one = subprocess.run([*command, "good/rdf.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (one.returncode, one.stderr) == (0, "")
    two = subprocess.run(
        [*command, "good/rdf.yaml", "bad.rdf.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (two.returncode, two.stderr) == (1, "")
    assert "bad.rdf.yaml:13:1: error: " in two.stdout


def test_the_check_itself_installs_little():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {name.split(">")[0] for name in project["dependencies"]} == {"ruamel.yaml", "ruamel.yaml.clib"}
