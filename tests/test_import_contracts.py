"""The import contracts of pyproject.toml are kept, and each of them breaks when somebody violates it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONFIGURED = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in CONFIGURED["contracts"]}
LINTER = Path(sys.executable).with_name("lint-imports")
VERDICT = re.compile(r"^(.+?) (KEPT|BROKEN)(?: \(.*\))?$", re.MULTILINE)

VIOLATIONS = {
    "two-programs": ("bot/status_table.py", "import workflows.frames"),
    "road": ("bot/corridor/desk.py", "from bot import pipeline"),
    "rooms": ("bot/feedback/labels.py", "from bot.proposal import naming"),
    "doors-know-no-room": ("bot/gateways/clock.py", "from bot.words import text"),
    "doors-are-built-in-few-places": ("bot/pipeline.py", "from bot.gateways import clock"),
    "foreign-libraries-stop-at-the-doors": ("bot/pipeline.py", "import requests"),
    "one-web-framework": ("bot/pipeline.py", "import starlette"),
    "records": ("bot/records/stage.py", "import rich"),
    "nouns-are-pure": ("bot/review/decision.py", "import time"),
    "no-parser-beside-the-keys": ("bot/corridor/carry.py", "import zipfile"),
    "one-yaml-file": ("bot/corridor/carry.py", "from ruamel.yaml import YAML"),
    "work-is-behind-its-door": ("bot/corridor/desk.py", "from bot.checking import candidates"),
    "work-has-no-keys": ("bot/work_bench.py", "from bot.gateways import github_json, mail"),
    "judge-never-meets-the-model": ("workflows/dynamic/judge.py", "from workflows.dynamic import produce"),
    "only-produce-runs-models": ("workflows/static/finding.py", "import torch"),
    "judge-reads-numbers": ("workflows/dynamic/checks.py", "import xarray"),
    "one-pen": ("workflows/dynamic/views.py", "import PIL"),
    "rules-open-nothing": ("workflows/static/words.py", "import zipfile"),
    "boxes-have-no-network": ("workflows/frames.py", "import http.client"),
    "tests-stay-outside": ("bot/status_table.py", "import tests.world"),
}
"""One violation for each contract: the file that gets it, and the line. It breaks that contract and no other."""

ALSO = {"judge-never-meets-the-model": {"only-produce-runs-models"}}
"""Contracts that the same violation cannot but break too: a judge that imports produce imports what runs models."""


def lint(folder: Path) -> dict[str, str]:
    """KEPT or BROKEN for the name of each contract."""
    run = subprocess.run(
        [LINTER, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, env={"COLUMNS": "200"}
    )
    found = dict(VERDICT.findall(run.stdout))
    assert set(found) == {contract["name"] for contract in CONTRACTS.values()}, run.stdout + run.stderr
    return found


def broken(folder: Path) -> set[str]:
    verdicts = lint(folder)
    return {name for name, contract in CONTRACTS.items() if verdicts[contract["name"]] == "BROKEN"}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two programs without anything else, to be spoiled one file at a time."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in CONFIGURED["root_packages"]:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_all_contracts_are_kept(copy: Path) -> None:
    assert broken(copy) == set()


@pytest.mark.parametrize("contract", sorted(CONTRACTS))
def test_a_violated_contract_breaks(copy: Path, contract: str) -> None:
    assert contract in VIOLATIONS, f"write a violation for the new contract {contract!r}"
    name, statement = VIOLATIONS[contract]
    file = copy / name
    sound = file.read_text()
    file.write_text(sound + f"\n{statement}\n")
    try:
        assert broken(copy) == {contract} | ALSO.get(contract, set())
    finally:
        file.write_text(sound)


def test_every_violation_has_its_contract() -> None:
    assert set(VIOLATIONS) == set(CONTRACTS)


def test_records_are_kept_from_every_dependency() -> None:
    """The list of libraries in the contract follows the project's own dependencies."""
    named = {"PyGithub": "github", "ruamel.yaml": "ruamel", "ruamel.yaml.clib": "_ruamel_yaml"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    direct = {re.split(r"[<>=]", requirement)[0] for requirement in project["dependencies"]}
    assert {named.get(name, name) for name in direct} <= set(CONTRACTS["records"]["forbidden_modules"])
