"""What the images are made from: names by content, a torch that loads, and Node's packages pinned without a registry."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TFJS = ROOT / "workflows" / "tfjs"


def build_image(*arguments):
    return subprocess.run([ROOT / ".ci" / "build-image", *arguments], capture_output=True, text=True, check=False)


def test_four_names_of_one_content():
    names = build_image("--name").stdout.split()
    found = [re.fullmatch(r"(accession-[a-z-]*):([0-9a-f]{12})", name).groups() for name in names]
    assert [name for name, _ in found] == [
        "accession-job",
        "accession-job-tensorflow",
        "accession-job-tfjs",
        "accession-builder",
    ]
    assert len({content for _, content in found}) == 1


def test_the_names_that_are_asked_for_in_that_order():
    assert [name.split(":")[0] for name in build_image("--name", "tfjs", "onnx-torch").stdout.split()] == [
        "accession-job-tfjs",
        "accession-job",
    ]


def test_an_image_that_there_is_not_is_wrong_use():
    run = build_image("--name", "caffe")
    assert (run.returncode, run.stdout) == (1, "")
    assert (
        run.stderr
        == "image: error: there is no image caffe: onnx-torch, tensorflow, tfjs, builder, bot, work or launcher\n"
    )


def test_every_package_of_node_is_pinned_by_hash_and_none_names_a_registry():
    lock = json.loads((TFJS / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert {"node_modules/@tensorflow/tfjs", "node_modules/@tensorflow/tfjs-backend-wasm"} <= set(packages)
    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_the_lock_is_of_the_packages_that_are_asked_for():
    asked = json.loads((TFJS / "package.json").read_text())["dependencies"]
    packages = json.loads((TFJS / "package-lock.json").read_text())["packages"]
    assert packages[""]["dependencies"] == asked
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked


# --- torch -----------------------------------------------------------------------------------------------------------------

SENTENCE = (
    "torch does not load. Set PIP_EXTRA_INDEX_URL to the address that PyTorch's start page shows for its CPU builds."
)
DOCKER = """\
#!/bin/sh
case "$1 $2" in
  "image inspect") case "$*" in *accession-*) [ "$3" = --format ] && echo 1; exit ;; esac ;;
  "build "*) cat >/dev/null; cat "$0.build"; exit "$(cat "$0.code")" ;;
esac
"""
PYTHON3 = """\
#!/bin/sh
mkdir -p "$3/bin"
printf '#!/bin/sh\\necho "$PIP_EXTRA_INDEX_URL" >>%s.asked\\n' "$0" >"$3/bin/pip"
chmod +x "$3/bin/pip"
"""


def run_that_says(words):
    """A RUN of the Dockerfile as the shell gets it."""
    joined = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    (found,) = [line for line in joined.splitlines() if line.startswith("RUN ") and words in line]
    return found.removeprefix("RUN ")


@pytest.fixture
def libraries(tmp_path):
    """A function that runs the Dockerfile's look at torch over libraries of its own: `torch` is the module's text."""

    def look(torch):
        site = tmp_path / "opt/job/lib/python3.11/site-packages"
        (site / "torch" if torch is not None else site).mkdir(parents=True)
        if torch is not None:
            (site / "torch/__init__.py").write_text(torch)
        python = tmp_path / "opt/job/bin/python"
        python.parent.mkdir()
        python.write_text(f'#!/bin/sh\nPYTHONPATH={site} exec {sys.executable} "$@"\n')
        python.chmod(0o755)
        text = (
            run_that_says("import torch")
            .replace("/opt/job", f"{tmp_path}/opt/job")
            .replace("/tmp/torch", f"{tmp_path}/log")
        )
        return subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=False), site

    return look


@pytest.mark.parametrize("torch", [None, "parallel = True\n"], ids=["none", "one that loads"])
def test_libraries_without_torch_and_with_one_that_loads_are_built(libraries, torch):
    run, site = libraries(torch)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert list(site.rglob("*.pyc")) == []


def test_a_torch_that_does_not_load_ends_the_build_and_says_what_to_do(libraries):
    run, _ = libraries(
        "raise ImportError('libcudart.so.13: cannot open shared object file: No such file or directory')\n"
    )
    assert run.returncode == 1
    assert run.stdout.splitlines() == [
        "ImportError: libcudart.so.13: cannot open shared object file: No such file or directory",
        SENTENCE,
    ]


def test_torch_is_tried_where_all_of_its_files_are_as_they_ship():
    stage = (ROOT / "Dockerfile").read_text().partition(" AS job-libraries\n")[2].partition("\nFROM ")[0]
    assert stage.count("RUN ") == 3
    assert "import torch" in stage.rpartition("\nRUN ")[2]


@pytest.fixture
def checkout(tmp_path):
    """A function that builds the first image in a little checkout, where `docker` and `python3` are played; what pip was told."""
    place, programs = tmp_path / "checkout", tmp_path / "bin"
    for folder in (place / ".ci", place / "schemas", place / "workflows", programs):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / ".ci/build-image", place / ".ci")
    for name in ("Dockerfile", ".dockerignore", "workflows/requirements.txt"):
        shutil.copy(ROOT / name, place / name)
    for name, text in {"docker": DOCKER, "python3": PYTHON3}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)

    def build(said="", *, code=0, index=None):
        (programs / "docker.build").write_text(said)
        (programs / "docker.code").write_text(str(code))
        environ = {"PATH": f"{programs}:{os.environ['PATH']}", "PIP_EXTRA_INDEX_URL": index or ""}
        run = subprocess.run(
            [place / ".ci/build-image", "onnx-torch"], capture_output=True, text=True, check=False, env=environ
        )
        asked = programs / "python3.asked"
        return run, asked.read_text().splitlines() if asked.exists() else []

    return build


def test_a_build_that_fails_shows_its_last_lines(checkout):
    run, _ = checkout("".join(f"step {n}\n" for n in range(40)) + f"{SENTENCE}\nreturned a non-zero code: 1\n", code=1)
    assert run.returncode == 1
    assert SENTENCE in run.stderr.splitlines()
    assert "step 1\n" not in run.stderr
    assert re.search(r"^image: error: the build of accession-job:[0-9a-f]{12} failed$", run.stderr, re.MULTILINE)


def test_wheels_are_fetched_once_and_again_where_pip_is_told_another_index(checkout):
    """Else the build for CUDA that was fetched first would be all that the build is ever given."""
    index = "https://wheels.example/cpu"
    asked = [checkout(index=one)[1] for one in (None, None, index, index, None)]
    assert asked == [[""], [""], ["", index], ["", index], ["", index]]
