"""What the images are made from: names by content, and Node's packages pinned without a registry."""

import json
import re
import subprocess
from pathlib import Path

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
