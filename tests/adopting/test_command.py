"""`accession init` on a disk: what it writes, leaves, replaces and refuses, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bot.adopting import find_source as module
from bot.adopting.adoption import Source
from bot.adopting.find_source import find_source
from bot.cli import main

if TYPE_CHECKING:
    from pathlib import Path

SHA = "0123456789" * 4
PIN = f"bioimage-io/accession@{SHA}"
POLICY, WORKFLOW = "collection/accession.yaml", ".github/workflows/accession.yml"
Init = Callable[..., tuple[int, str, str]]


@pytest.fixture
def init(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Init:
    def command(*words: str, before: tuple[str, ...] = ()) -> tuple[int, str, str]:
        code = main([*before, "init", "zoo/collection", "--output", str(tmp_path), *words], {})
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return command


def test_it_writes_both_files_and_says_so(init: Init, tmp_path: Path) -> None:
    code, said, _ = init("--accession", PIN)
    assert code == 0
    assert f"{POLICY}: written\n" in said
    assert f"{WORKFLOW}: written\n" in said
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()) == [WORKFLOW, POLICY]
    assert f"@{SHA}" in (tmp_path / WORKFLOW).read_text()


def test_doing_it_twice_is_doing_it_once(init: Init, tmp_path: Path) -> None:
    init("--accession", PIN)
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.rglob("*") if p.is_file()}
    code, said, _ = init("--accession", PIN)
    assert code == 0
    assert said.count(": as it should be\n") == 2
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.rglob("*") if p.is_file()} == before


def test_the_workflow_is_written_anew_as_it_is_said_and_the_policy_stays(init: Init, tmp_path: Path) -> None:
    """Once Dependabot has renewed the pin alone, and the release needs more than the file grants."""
    _, said, _ = init("--accession", PIN)
    assert f"\n`rm {WORKFLOW} && accession init zoo/collection`\n" in said
    old, newer = (tmp_path / WORKFLOW).read_text(), "f" * 40
    (tmp_path / WORKFLOW).write_text(old.replace(SHA, newer).replace("issues: write", "issues: read"))
    (tmp_path / POLICY).write_text("name: mine\n")
    (tmp_path / WORKFLOW).unlink()
    code, _, _ = init("--accession", f"bioimage-io/accession@{newer}")
    assert code == 1
    assert (tmp_path / WORKFLOW).read_text() == old.replace(SHA, newer)
    assert (tmp_path / POLICY).read_text() == "name: mine\n"


def test_what_somebody_changed_is_left_alone_and_the_code_says_so(init: Init, tmp_path: Path) -> None:
    init("--accession", PIN)
    (tmp_path / POLICY).write_text("name: mine\n")
    code, said, _ = init("--accession", PIN)
    assert code == 1
    assert f"{POLICY}: differs, left alone\n" in said
    assert "--force replaces it" in said
    assert (tmp_path / POLICY).read_text() == "name: mine\n"

    code, said, _ = init("--accession", PIN, "--force")
    assert code == 0
    assert f"{POLICY}: replaced\n" in said
    assert (tmp_path / POLICY).read_text() != "name: mine\n"


def test_a_dry_run_writes_nothing(init: Init, tmp_path: Path) -> None:
    code, said, _ = init("--accession", PIN, before=("--dry-run",))
    assert code == 0
    assert said.count(": would be written\n") == 2
    assert list(tmp_path.iterdir()) == []


def test_a_service_needs_no_pin_and_gets_its_app(init: Init, tmp_path: Path) -> None:
    code, _, _ = init("--mode", "service", "--app", "--curator", "octocat:583231", "--curator", "octocat:583231")
    assert code == 0
    assert not (tmp_path / WORKFLOW).exists()
    assert json.loads((tmp_path / ".github/accession-app.json").read_text())["public"] is False
    assert (tmp_path / POLICY).read_text().count("583231") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--accession", "a/b@main"), "40 digits of a commit"),
        (("--curator", "octocat"), "is not LOGIN:ID"),
        (("--mode", "service", "--publish-branch", "a b"), "no name of a branch"),
        (("--app",), "goes with --mode service"),
        (("--output", "nowhere/at/all", "--mode", "service"), "is no folder"),
    ],
)
def test_wrong_use_ends_with_2_and_writes_nothing(
    init: Init, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    code, _, told = init(*words)
    assert code == 2
    assert told.startswith("accession: ")
    assert said in told
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_a_folder_is_named(init: Init, tmp_path: Path) -> None:
    (tmp_path / "collection").write_text("")
    code, _, told = init("--mode", "service")
    assert code == 2
    assert "collection" in told


def test_nothing_is_written_where_one_file_cannot_be(init: Init, tmp_path: Path) -> None:
    (tmp_path / POLICY).mkdir(parents=True)
    code, _, told = init("--accession", PIN)
    assert code == 2
    assert f"{POLICY} is there and no file" in told
    assert not (tmp_path / WORKFLOW).exists()


@pytest.mark.parametrize("link", ["collection", POLICY])
def test_it_writes_through_no_symbolic_link(init: Init, tmp_path_factory, tmp_path: Path, link: str) -> None:
    """A checkout is somebody else's tree: a link in it may lead anywhere."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "file").write_text("theirs")
    place = tmp_path / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(outside if link == "collection" else outside / "file")
    code, _, told = init("--mode", "service", "--force")
    assert code == 2
    assert "symbolic link" in told
    assert [p.name for p in outside.iterdir()] == ["file"]
    assert (outside / "file").read_text() == "theirs"


def test_it_starts_without_the_bots_libraries(tmp_path: Path) -> None:
    """An adopter may have installed `accession-check` alone."""
    heavy = ("docker", "github", "requests", "structlog", "apprise", "ruamel", "jsonschema")
    words = ["init", "zoo/collection", "--mode", "service", "--output", str(tmp_path)]
    code = f"import sys; sys.modules.update(dict.fromkeys({heavy})); from bot.cli import main; sys.exit(main({words}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# where it finds the commit that it pins


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one commit and GitHub as its origin."""
    for words in (
        ("init", "-q", "-b", "trunk"),
        ("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", "one"),
        ("remote", "add", "origin", "git@github.com:bioimage-io/accession.git"),
        ("remote", "add", "other", "https://github.com/somebody/else.git"),
    ):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def found(folder: Path) -> Source | None:
    return find_source(folder, distribution="there-is-no-such-thing")


def test_a_checkout_says_it(checkout: Path) -> None:
    assert found(checkout) == Source("bioimage-io/accession", git(checkout, "rev-parse", "HEAD"))


@pytest.mark.parametrize("way", ["packed", "detached"])
def test_also_where_the_branch_is_packed_or_none(checkout: Path, way: str) -> None:
    git(checkout, *(("pack-refs", "--all") if way == "packed" else ("checkout", "-q", "--detach")))
    assert found(checkout) == Source("bioimage-io/accession", git(checkout, "rev-parse", "HEAD"))


def test_also_in_a_linked_working_tree(checkout: Path) -> None:
    git(checkout, "worktree", "add", "-q", "-b", "side", "linked")
    assert found(checkout / "linked") == Source("bioimage-io/accession", git(checkout, "rev-parse", "side"))


@pytest.mark.parametrize(
    ("url", "repository"),
    [
        ("https://github.com/a/b", "a/b"),
        ("https://github.com/a/b.git", "a/b"),
        ("https://token@github.com/a/b.git", "a/b"),
        ("ssh://git@github.com/a/b.git", "a/b"),
        ("https://github.com.evil.example/a/b", None),
        ("https://gitlab.com/a/b", None),
        ("../accession", None),
    ],
)
def test_the_origin_has_to_be_on_github(checkout: Path, url: str, repository: str | None) -> None:
    git(checkout, "remote", "set-url", "origin", url)
    assert (found(checkout) or Source("", "")).repository == (repository or "")


def test_without_git_or_commit_it_is_not_known(checkout: Path, tmp_path_factory) -> None:
    assert found(tmp_path_factory.mktemp("empty")) is None
    git(checkout, "update-ref", "-d", "HEAD")
    assert found(checkout) is None
    (checkout / ".git/config").write_bytes(b"\xff\xfe")
    assert found(checkout) is None


@pytest.mark.parametrize(
    ("noted", "expected"),
    [
        ({"url": "https://github.com/a/b.git", "vcs_info": {"vcs": "git", "commit_id": SHA}}, Source("a/b", SHA)),
        ({"url": "git+https://github.com/a/b", "vcs_info": {"vcs": "git", "commit_id": SHA}}, Source("a/b", SHA)),
        ({"url": "https://github.com/a/b", "vcs_info": {"vcs": "git", "commit_id": "main"}}, None),
        ({"url": "file:///x", "dir_info": {"editable": True}}, None),
        ([], None),
        ({"url": None, "vcs_info": None}, None),
    ],
)
def test_what_pip_noted_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noted: object, expected: Source | None
) -> None:
    folder = tmp_path / "demo-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: demo\nVersion: 1\n")
    (folder / "direct_url.json").write_text(json.dumps(noted))
    monkeypatch.setattr(module.metadata, "distribution", lambda _name: module.metadata.PathDistribution(folder))
    assert find_source(tmp_path, distribution="demo") == expected


def test_a_command_without_a_pin_takes_what_it_finds(
    init: Init, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adopting.command.find_source", lambda _checkout: None)
    assert init()[0] == 2
    monkeypatch.setattr("bot.adopting.command.find_source", lambda _checkout: Source("a/b", SHA))
    assert init()[0] == 0
    assert f"a/b/.github/workflows/accession.yml@{SHA}" in (tmp_path / WORKFLOW).read_text()
