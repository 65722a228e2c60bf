"""Rebuilding collection.json: requests and seconds with an empty store, as each run of Actions has it, and after a change.

Each file of an entry is another blob. The requests hold the ones for policy, branches and folders, and the commit.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from bot import looks
from bot.corridor.reconcile_collection import reconcile_collection
from tests.journeys.conftest import REPOSITORY, little_world, rdf

SIZES = (10, 40, 400, 1000)


def rows() -> list[dict[str, object]]:
    """The first build, one after a change, and one after none."""
    return [row for size in SIZES for row in measure(size)]


def measure(size: int) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder, little_world(Path(folder)) as little:
        files = {path: content for number in range(size) for path, content in entry(number).items()}
        little.github.commit_files(REPOSITORY, "main", files, author="curator")
        desk = little.start()
        found = []
        for what in ("empty store", "one changed", "none changed"):
            if what == "one changed":
                little.github.commit_files(REPOSITORY, "main", entry(0, "Renamed"), author="curator")
            before, started = len(little.github.requests), time.perf_counter()
            with looks.look("collection"):
                reconcile_collection(desk)
            asked = [r.path for r in little.github.requests[before:]]
            seconds = time.perf_counter() - started
            many, single = asked.count("/graphql"), sum("/git/blobs/" in path for path in asked)
            row = {"entries": size, "build": what, "requests": len(asked), "of them for files": many + single}
            found.append({**row, "seconds": seconds})
        return found


def entry(number: int, name: str = "A model") -> dict[str, bytes]:
    """The two files of one entry."""
    folder = f"collection/entries/model-{number:05}/1"
    resource = {
        "type": "model",
        "format_version": "0.4.9",
        "name": name,
        "description": "",
        "version": None,
        "license": "MIT",
        "tags": [],
    }
    people: dict[str, object] = {"authors": [], "maintainers": [], "packagers": []}
    more = {"claimed_id": None, "weights": ["onnx"], "covers": [], "documentation": None}
    nothing = dict.fromkeys(("url", "doi", "concept_doi", "created"))
    data = {
        "schema": "accession/entry/1",
        "id": f"model-{number:05}",
        "version": "1",
        "source": {"archive": "none", "concept": f"c{number}", "record": "", "owners": [], **nothing},
        "source_hash": "0" * 64,
        "upload_hash": "0" * 64,
        "rdf": {"name": "rdf.yaml", "sha256": "0" * 64, "size": 1},
        "resource": {**resource, **people, **more},
        "files": [],
    }
    return {f"{folder}/entry.yaml": json.dumps(data).encode(), f"{folder}/rdf.yaml": rdf(name=f"{name} {number}")}
