"""The builder's verbs against real pip, offline: an empty index folder, and a wheel made here."""

import base64
import hashlib
import json
import subprocess
import sys
import zipfile

import pytest

from workflows.environment import install, resolve


@pytest.fixture
def wheel(tmp_path):
    """A pure wheel `tiny` 1.0 on a local index; pip takes the folder for one."""
    folder = tmp_path / "simple" / "tiny"
    folder.mkdir(parents=True)
    path = folder / "tiny-1.0-py3-none-any.whl"
    files = {
        "tiny.py": "ANSWER = 42\n",
        "evil.pth": "import pathlib; pathlib.Path('evil-was-here').touch()\n",
        "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        rows = []
        for name, text in files.items():
            archive.writestr(name, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            rows.append(f"{name},sha256={digest},{len(text)}\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "".join(rows) + "tiny-1.0.dist-info/RECORD,,\n")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "index.html").write_text(f'<a href="{path.name}#sha256={sha256}">{path.name}</a>')
    return (tmp_path / "simple").as_uri(), sha256


def said(verb, job, tmp_path):
    frames = {}
    verb.run(job, tmp_path, frames.__setitem__)
    ((name, payload),) = frames.items()
    assert name == {resolve: "lock", install: "installed"}[verb]
    return json.loads(payload)


def test_requirements_become_a_lock_and_the_lock_an_environment(wheel, tmp_path, monkeypatch):
    index, sha256 = wheel
    monkeypatch.chdir(tmp_path)
    pip = {"index-url": index}
    locked = said(resolve, {"requirements": ["tiny>=0.5"], "seconds": 60, "pip": pip}, tmp_path)
    assert locked["outcome"] == "done", locked
    assert locked["lock"] == [{"name": "tiny", "version": "1.0", "sha256": sha256}]
    target = tmp_path / "made"
    done = said(install, {"lock": locked["lock"], "seconds": 60, "pip": pip, "target": str(target)}, tmp_path)
    assert done["outcome"] == "done", done
    assert not list(tmp_path.rglob("evil-was-here"))
    found = subprocess.run(
        [target / "bin/python", "-I", "-S", "-c", "import sys; sys.path.append(sys.argv[1]); import tiny; print(tiny.ANSWER)",
         str(next(target.rglob("tiny.py")).parent)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout == "42\n"
    assert list(target.rglob("tiny.*.pyc"))
    assert not list(target.rglob("pip.conf"))


def test_another_file_than_the_locks_is_not_installed(wheel, tmp_path):
    lock = [{"name": "tiny", "version": "1.0", "sha256": "0" * 64}]
    job = {"lock": lock, "seconds": 60, "pip": {"index-url": wheel[0]}, "target": str(tmp_path / "made")}
    done = said(install, job, tmp_path)
    assert done["outcome"] == "unsolved"
    assert "DO NOT MATCH THE HASHES" in done["words"]
    assert not list((tmp_path / "made").rglob("tiny.py"))


def test_what_cannot_be_met_is_told_in_pips_words(wheel, tmp_path):
    job = {"requirements": ["tiny==2.0"], "seconds": 60, "pip": {"index-url": wheel[0]}}
    answer = said(resolve, job, tmp_path)
    assert (answer["outcome"], answer["lock"]) == ("unsolved", [])
    assert "tiny==2.0 (there are wheels for this Python of 1.0)" in answer["message"]


def test_a_requirement_is_never_an_option_of_pip(wheel, tmp_path):
    job = {"requirements": ["--version"], "seconds": 60, "pip": {"index-url": wheel[0]}}
    answer = said(resolve, job, tmp_path)
    assert answer["outcome"] == "unsolved"
    assert "--version" in answer["words"]


def test_a_variable_is_not_expanded(wheel, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET", "s3cret")
    job = {"requirements": ["tiny==${SECRET}"], "seconds": 60, "pip": {"index-url": wheel[0]}}
    assert "s3cret" not in json.dumps(said(resolve, job, tmp_path))


def test_a_source_distribution_is_no_wheel(tmp_path):
    folder = tmp_path / "simple" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny-1.0.tar.gz").write_bytes(b"code that would run while it is built")
    (folder / "index.html").write_text('<a href="tiny-1.0.tar.gz">tiny-1.0.tar.gz</a>')
    job = {"requirements": ["tiny"], "seconds": 60, "pip": {"index-url": (tmp_path / "simple").as_uri()}}
    answer = said(resolve, job, tmp_path)
    assert answer["outcome"] == "unsolved"
    assert "no such package, or no wheel of it" in answer["message"]


@pytest.fixture(autouse=True)
def _pip_is_here():
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("this interpreter has no pip")
