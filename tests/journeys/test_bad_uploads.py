"""Everything bad that people upload, at once, through the real work side: each ends in a clear sentence, none stops the others."""

from __future__ import annotations

import io
import os
import re
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from bot import pipeline
from bot.corridor.standings import standings
from bot.gateways.work_process import WorkProcess
from bot.records.event import RecordSubject
from tests.journeys.conftest import REPOSITORY, Little, little_world
from tests.samples.make import make_good

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.docker

HOSTILE = "@everyone Closes 1 [skip ci] `x` <img src=x>"


@dataclass(frozen=True)
class Outcome:
    """Where an upload ended: the stage or status, and everything said about it."""

    stage: str
    said: str


def package(folder: Path, seed: int) -> dict[str, bytes]:
    make_good(folder, seed)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def edited(files: dict[str, bytes], old: str, new: str) -> dict[str, bytes]:
    text = files["rdf.yaml"].decode()
    assert old in text, text
    return {**files, "rdf.yaml": text.replace(old, new).encode()}


def renamed(files: dict[str, bytes], name: str) -> dict[str, bytes]:
    text = re.sub(r"(?m)^name: .*$", lambda _: f"name: '{name}'", files["rdf.yaml"].decode(), count=1)
    return {**files, "rdf.yaml": text.encode()}


def zipped(files: dict[str, bytes], names: dict[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr((names or {}).get(name, name), content)
    return out.getvalue()


def uploads(make) -> dict[str, dict[str, bytes]]:
    """Name to files; `make()` gives a fresh good package each time."""
    source = "source: weights.onnx"
    return {
        "no rdf": {name: content for name, content in make().items() if name != "rdf.yaml"},
        "tie": {**make(), "other.rdf.yaml": b"type: model\n"},
        "not yaml": {**make(), "rdf.yaml": b"name: [unclosed\n"},
        "huge rdf": {**make(), "rdf.yaml": b"# " + b"x" * 50_000_000},
        "missing file": {name: content for name, content in make().items() if name != "weights.onnx"},
        "wrong hash": {**make(), "weights.onnx": b"other bytes"},
        "404": edited(make(), source, "source: ZENODO/api/records/1/files/none.onnx/content"),
        "private": edited(make(), source, "source: http://169.254.169.254/latest/meta-data/weights.onnx"),
        "loopback": edited(make(), source, "source: http://127.0.0.1:9/weights.onnx"),
        "climbing zip": {"model.zip": zipped(make(), {"weights.onnx": "../../weights.onnx"})},
        "exploding zip": {"model.zip": zipped({**make(), "zeros.bin": b"\0" * 300_000_000})},
        "good zip": {"model.zip": zipped(make())},
        "unknown maintainer": edited(make(), "github_user: ada-sample", "github_user: nobody-of-that-name"),
        "maintainer is no name": edited(make(), "github_user: ada-sample", "github_user: Constantin Pape"),
        "hostile name": renamed(make(), HOSTILE),
        "good": make(),
    }


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    folder = tmp_path_factory.mktemp("bad")
    seeds = iter(range(1, 100))
    with little_world(folder / "world") as little:
        little.github.add_user("ada-sample")
        made = uploads(lambda: package(folder / f"upload-{(seed := next(seeds))}", seed))
        records = {name: publish(little, files) for name, files in made.items()}
        records["restricted"] = publish(little, made["good"] | {"more.txt": b"1"})
        little.zenodo.restrict(records["restricted"])
        records["duplicate"] = publish(little, made["good"])
        environ = {
            **os.environ,
            "ACCESSION_BOX": "docker",
            "ACCESSION_CACHE": str(folder / "cache"),
            "ACCESSION_ZENODO_URL": little.zenodo.url,
        }
        with WorkProcess(environ) as work:
            desk = replace(little.start(), workshop=work)
            widen_quotas(little)
            for _ in range(2):
                little.go(desk)
            records["withdrawn"] = publish(little, made["good"] | {"more.txt": b"2"})
            little.zenodo.withdraw(records["withdrawn"])
            pipeline.reconcile_all(desk, [RecordSubject(records["withdrawn"])])
            yield {name: outcome(little, desk, record) for name, record in records.items()}


def publish(little: Little, files: dict[str, bytes]) -> str:
    made = {
        name: content.replace(b"ZENODO", little.zenodo.url.encode()) if name == "rdf.yaml" else content
        for name, content in files.items()
    }
    return little.publish(made)


def widen_quotas(little: Little) -> None:
    path = "collection/accession.yaml"
    policy = (little.github.file(REPOSITORY, path) or b"").replace(b"per_owner: 5", b"per_owner: 50")
    little.github.commit_files(REPOSITORY, "main", {path: policy}, author="curator")


def outcome(little: Little, desk, record: str) -> Outcome:
    pull = next((p for p in little.github.pulls(REPOSITORY) if p.title.endswith(f" {record}")), None)
    if pull:
        said = "\n".join([pull.body, *(c.body for c in little.github.comments(REPOSITORY, pull.number))])
        return Outcome(pull.labels[0] if pull.labels else "", said)
    line = next(line for line in standings(desk)["submissions"] if line["version"] == record)
    return Outcome(line["stage"], line["waits_for"])


EXPECTED = {
    "no rdf": ("refused", "rdf.yaml"),
    "tie": ("refused", "other.rdf.yaml"),
    "not yaml": ("refused", "YAML"),
    "huge rdf": ("refused", "1,000,000 bytes|1.0 MB|too large|larger"),
    "missing file": ("needs changes", "weights.onnx"),
    "wrong hash": ("needs changes", "sha256"),
    "404": ("needs changes", "404"),
    "private": ("needs changes", "private|public|address"),
    "loopback": ("needs changes", "private|public|address"),
    "climbing zip": ("refused", r"\.\./"),
    "exploding zip": ("refused", "zeros.bin|unpack|larger|ratio|times"),
    "good zip": ("awaiting review", "reproduced"),
    "unknown maintainer": ("awaiting review", "No GitHub account is called `nobody-of-that-name`"),
    "maintainer is no name": ("needs changes", "Constantin Pape"),
    "hostile name": ("awaiting review", "reproduced"),
    "good": ("awaiting review", "reproduced"),
    "restricted": ("refused", "restricted"),
    "duplicate": ("awaiting review", "same content"),
    "withdrawn": ("refused", "withdrawn"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_ends_in_a_clear_sentence(ended: dict[str, Outcome], name: str) -> None:
    stage, words = EXPECTED[name]
    found = ended[name]
    assert found.stage == stage, found
    assert re.search(words, found.said), found.said


def test_no_stranger_is_mentioned_and_no_word_acts(ended: dict[str, Outcome]) -> None:
    for found in ended.values():
        for word in ("@everyone", "@Constantin", "@nobody-of-that-name"):
            assert word not in found.said
        assert "<img" not in MarkdownIt("gfm-like", {"linkify": False}).render(found.said)
