"""The house is as its pages say: sizes, pins, tables of the README, the sample policy, schemas, workflows, the guard."""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import socket
import statistics
import subprocess
import tomllib
from pathlib import Path

import pytest
from jsonschema.validators import validator_for

import workflows.cli
from bot import cli
from bot.records.policy import DEFAULT_LIMITS, Policy
from bot.records.stage import Stage
from bot.review.policy import PATH, read_policy
from tests.conftest import OutsideError

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
SOURCES = sorted(path for folder in ("bot", "workflows") for path in (ROOT / folder).rglob("*.py"))
LINES = {path: len(path.read_text().splitlines()) for path in SOURCES}
HARD_FILE, MEDIAN_FILE = 300, 80
HARD_FUNCTION, MEDIAN_FUNCTION = 60, 10
PINNED = re.compile(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*")
VARIABLE = re.compile(r"ACCESSION_[A-Z_]+")

# written apart, so that this file does not hold what it looks for
REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "npmjs" + ".", "deb." + "debian.org", "download." + "pytorch")
MACHINES = re.compile("/" + r"(?:work|root|farm|tmp/[a-z]+)/")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions() -> dict[str, int]:
    """Lines of every function, by file and name."""
    found = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                found[f"{named(path)}:{node.lineno} {node.name}"] = node.end_lineno - node.lineno + 1
    return found


def repository_files() -> list[Path]:
    """Everything that is, or would be, in the repository."""
    run = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode:
        pytest.skip("not a git checkout")
    return [path for name in set(run.stdout.split("\0")) if name and (path := ROOT / name).is_file()]


def table(heading: str) -> list[str]:
    """The first column of the table below a heading of the README, without back-ticks."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert section, f"README.md has no section {heading}"
    return re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)


def choices(parser: argparse.ArgumentParser) -> set[str]:
    actions = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return {name for action in actions for name in action.choices}


# --- sizes -----------------------------------------------------------------------------------------------------------


def test_no_file_is_too_long() -> None:
    assert {named(path): lines for path, lines in LINES.items() if lines > HARD_FILE} == {}


def test_no_function_is_too_long() -> None:
    assert {where: lines for where, lines in functions().items() if lines > HARD_FUNCTION} == {}


def test_the_usual_file_and_function_are_short() -> None:
    assert statistics.median(LINES.values()) <= MEDIAN_FILE
    assert statistics.median(functions().values()) <= MEDIAN_FUNCTION


# --- what may not be in the repository ---------------------------------------------------------------------------------


def test_no_registry_and_no_machine_is_named() -> None:
    found = []
    for path in repository_files():
        text = path.read_bytes().decode(errors="replace")
        found += [f"{named(path)}: {host}" for host in REGISTRIES if host in text]
        found += [f"{named(path)}: {place}" for place in MACHINES.findall(text)]
    assert found == []


# --- pins --------------------------------------------------------------------------------------------------------------


def pins(name: str) -> set[str]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return {line for line in lines if line and not line.startswith("-r ")}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=]", name)[0]).lower()


@pytest.mark.parametrize(
    "name",
    [
        "bot/requirements.txt",
        "workflows/requirements.txt",
        "workflows/environment/requirements.txt",
        "workflows/requirements-tensorflow.txt",
        "workflows/requirements-tfjs.txt",
        "tests/requirements.txt",
        "tests/scivision-requirements.txt",
    ],
)
def test_every_requirement_is_pinned(name: str) -> None:
    assert {line for line in pins(name) if not PINNED.fullmatch(line)} == set()


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    direct = project["dependencies"] + project["optional-dependencies"]["bot"]
    assert {normal(name) for name in direct} <= {normal(pin) for pin in pins("bot/requirements.txt")}


# --- the README --------------------------------------------------------------------------------------------------------


def test_the_commands_of_the_readme_exist() -> None:
    assert {name.split()[1] for name in table("Commands") if name.startswith("accession ")} == choices(cli.parser())
    checks = {name.split()[1] for name in table("Commands") if name.startswith("accession-check ")}
    assert checks == choices(workflows.cli.parser())


def test_the_settings_of_the_readme_are_those_that_are_read() -> None:
    read = set()
    for name in ("settings.py", "work_settings.py"):
        for node in ast.walk(ast.parse((ROOT / "bot" / name).read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and VARIABLE.fullmatch(node.value):
                read.add(node.value)
    listed = table("Settings")
    assert sorted(listed) == sorted(read)


def test_the_policy_of_the_readme_is_the_schema() -> None:
    schema = json.loads((ROOT / "schemas/config.schema.json").read_text())
    assert sorted(table("Policy")) == sorted(schema["properties"])


def test_every_stage_is_in_the_readme() -> None:
    diagram = README.partition("```mermaid")[2].partition("```")[0]
    assert {stage.value for stage in Stage if stage.value not in diagram} == set()


def test_the_pages_link_to_what_is_there() -> None:
    broken = []
    for page in (ROOT / "README.md", *sorted((ROOT / ".github").glob("*.md"))):
        links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text())
        broken += [f"{named(page)}: {link}" for link in links if not (page.parent / link).exists()]
    assert broken == []


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text()


# --- policy and schemas --------------------------------------------------------------------------------------------------


def test_the_sample_policy_is_valid_and_says_the_defaults() -> None:
    sample = read_policy((ROOT / PATH).read_bytes())
    default = Policy(sample.name, sample.keywords, sample.people, digest=sample.digest, limits=DEFAULT_LIMITS)
    assert sample == default


@pytest.mark.parametrize("path", sorted((ROOT / "schemas").rglob("*.json")), ids=lambda path: path.stem)
def test_every_schema_is_a_schema(path: Path) -> None:
    schema = json.loads(path.read_text())
    validator = validator_for(schema, default=None)
    assert validator is not None, "it does not say which draft it is of"
    validator.check_schema(schema)


# --- GitHub's workflows --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda path: path.stem)
def test_a_workflow_has_pinned_actions_least_permissions_and_an_end(path: Path) -> None:
    text = path.read_text()
    used = re.findall(r"^ *(?:- )?uses: *(\S+)", text, re.MULTILINE)
    assert [use for use in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}|\./\S+", use)] == []
    assert re.search(r"^permissions:", text, re.MULTILINE)
    called = "workflow_call:" in text  # who calls it keeps the group
    assert called or re.search(r"^ *concurrency:", text, re.MULTILINE)
    assert text.count("timeout-minutes:") >= text.count("runs-on:")


# --- what the contracts cannot say ---------------------------------------------------------------------------------------


def test_the_boxes_use_urllib_to_take_addresses_apart_only() -> None:
    lines = [line for path in SOURCES for line in path.read_text().splitlines() if "workflows" in path.parts]
    assert {line.split(" import")[0].strip() for line in lines if re.search(r"^\s*(from|import) urllib", line)} <= {
        "from urllib.parse"
    }


def test_no_test_leaves_the_machine() -> None:
    with socket.socket() as sock, pytest.raises(OutsideError, match="loopback"):
        sock.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideError, match="localhost"):
        socket.getaddrinfo("example.org", 443)


def test_no_setting_comes_from_outside() -> None:
    assert "ACCESSION_STATE_KEY" not in os.environ
    assert "ACCESSION_GITHUB_TOKEN" not in os.environ
