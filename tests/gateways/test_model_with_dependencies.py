"""A model with dependencies of its own through everything: real boxes, the real builder, the registry that pip is shown."""

import hashlib
import os
from dataclasses import replace

import pytest

from bot import plain_json
from bot.checking.bench import Bench
from bot.checking.blob_cache import BlobCache
from bot.checking.check import check
from bot.checking.evidence import Evidence
from bot.checking.json_shelf import JsonShelf
from bot.checking.prepare import prepare_facts
from bot.gateways.built_images import LABEL as IMAGE_LABEL
from bot.gateways.docker_engine import DockerBoxes
from bot.gateways.image_builder import DockerImageBuilder, pip_settings
from bot.records.box import FIRST
from bot.records.job import Job
from tests.fakes.clock import FakeClock
from tests.fakes.web import FakeWeb
from tests.samples.make import make_good

pytestmark = pytest.mark.docker

IMAGE = os.environ.get("ACCESSION_JOB_IMAGE", "accession-job:latest")
BASE = "https://archive.example/"
CONDA = """\
name: spots
channels: [conda-forge, nodefaults]
dependencies:
  - python>=3.8
  - numpy
  - pip
  - pip:
      - six==1.16.0
"""


@pytest.fixture
def bench(engine, builder_image, tmp_path):
    """The work side's own parts, and a web in memory."""
    builder = DockerImageBuilder(engine, builder_image, tmp_path / "environments", pip_settings(os.environ))
    cache = BlobCache(tmp_path / "cache", quota_bytes=10**9)
    evidence = Evidence(tmp_path / "cache" / "evidence", quota_bytes=10**9)
    with DockerBoxes(engine, {FIRST: IMAGE}, tmp_path / "boxes") as boxes:
        shelf = JsonShelf(tmp_path / "facts")
        yield Bench(cache, shelf, FakeWeb(), boxes, FakeClock(), evidence, b"secret", builder=builder)
    for image in engine.images(filters={"label": f"{IMAGE_LABEL}={builder._owner}"}):
        engine.remove_image(image["Id"], force=True)


@pytest.fixture
def upload(tmp_path):
    """A small ONNX model, whose weights declare what a file of that name and text says."""

    def make(manager, name, text):
        folder = make_good(tmp_path / "model")
        (folder / name).write_text(text)
        rdf = (folder / "rdf.yaml").read_text()
        (folder / "rdf.yaml").write_text(f"{rdf}    dependencies: {manager}:{name}\n")
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    return make


def run_through(bench, files, *, allowed=False):
    bench.web.pages |= {BASE + name: content for name, content in files.items()}
    listed = [
        {"name": name, "url": BASE + name, "size": len(content), "md5": hashlib.md5(content).hexdigest()}
        for name, content in files.items()
    ]
    tolerance = {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 1000}
    policy = {"limits": {}, "types": ["model"], "minimum_format_version": {}, "tolerance": tolerance}
    source = {"archive": "zenodo", "concept": "1", "record": "2", "files": listed}
    job = {"schema": "accession/job/1", "verb": "check", "source": source, "rdf_override": None, "policy": policy}
    made = Job.from_json(plain_json.validate(job, "job"))
    if allowed:
        made = replace(made, build=prepare_facts(bench, made).submission["content_hash"])
    report = plain_json.validate(check(bench, made), "report")
    if "the package registry did not answer" in report["message"]:
        pytest.skip("no package registry answers here")
    return report, report["weights"][0]


def answers(weights):
    return [weights[part]["outcome"] for part in ("loads", "runs", "reproduces")]


def test_the_stock_image_serves_where_it_has_what_is_declared(bench, upload):
    report, weights = run_through(bench, upload("pip", "requirements.txt", "numpy>=1.24\nonnxruntime # any\n"))
    assert report["outcome"] == "passed", report["message"]
    assert answers(weights) == ["passed"] * 3


def test_what_it_does_not_have_is_built_once_a_maintainer_says_so(bench, upload, engine):
    files = upload("conda", "environment.yaml", CONDA)
    report, weights = run_through(bench, files)
    assert answers(weights) == ["skipped"] * 3
    assert "`six==1.16.0`" in weights["loads"]["message"]
    assert weights["awaits"] == "ok-to-build"
    assert report["outcome"] == "failed"

    report, weights = run_through(bench, files, allowed=True)
    assert report["outcome"] == "passed", report["message"]
    assert answers(weights) == ["passed"] * 3
    assert weights["image"] not in {"", bench.image()}
    assert engine.inspect_image(weights["image"])["RepoTags"][0].startswith("accession-env:")
    assert weights["versions"]["bioimageio.core"] == "0.11.0"


def test_what_nobody_can_solve_fails_with_pips_words(bench, upload):
    report, weights = run_through(bench, upload("pip", "requirements.txt", "numpy==1.19\n"), allowed=True)
    assert answers(weights) == ["failed", "skipped", "skipped"]
    assert "numpy==1.19 (there are wheels for this Python of " in weights["loads"]["message"]
    assert "ERROR: No matching distribution found for numpy==1.19" in weights["loads"]["detail"]
    assert report["outcome"] == "failed"


@pytest.mark.parametrize(
    ("manager", "text", "kind", "says"),
    [
        (
            "pip",
            "numpy\n--extra-index-url ${HOME}\n",
            "failed",
            "line 2 '--extra-index-url ${HOME}' has an option of pip",
        ),
        ("conda", "dependencies: [vigra, numpy]\n", "errored", "no known name on PyPI: `vigra`"),
        ("conda", "dependencies: [python=3.7, numpy]\n", "skipped", "Declares Python ==3.7.*; the boxes have 3."),
        ("conda", "a: &a [x]\nb: [*a" + ",*a" * 2000 + "]\n", "failed", "The declared dependencies cannot be taken"),
    ],
)
def test_what_is_not_built_is_said(bench, upload, manager, text, kind, says):
    _, weights = run_through(bench, upload(manager, "environment.yaml", text), allowed=True)
    assert weights["loads"]["outcome"] == kind
    assert says in weights["loads"]["message"]
