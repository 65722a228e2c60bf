"""Accepted entries for a little world: their two files, as the bot and a contributor left them."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def entry(entry_id: str = "calm-seal", version: str = "7", **given: Any) -> dict[str, Any]:
    """entry.yaml data; `given` replaces parts of it or of its resource. Nothing of it comes from an archive by default."""
    resource = {
        "type": "model",
        "format_version": "0.4.9",
        "name": f"Model {entry_id}",
        "description": "",
        "version": None,
        "license": "MIT",
        "tags": [],
        "authors": [],
        "maintainers": [],
        "packagers": [],
        "claimed_id": None,
        "weights": ["onnx"],
        "covers": [],
        "documentation": None,
    }
    nothing: dict[str, Any] = dict.fromkeys(("url", "doi", "concept_doi", "created"))
    data: dict[str, Any] = {
        "schema": "accession/entry/1",
        "id": entry_id,
        "version": version,
        "source": {"archive": "none", "concept": entry_id, "record": "", "owners": [], **nothing},
        "source_hash": "0" * 64,
        "upload_hash": hashlib.sha256(f"{entry_id} {version}".encode()).hexdigest(),
        "rdf": {"name": "rdf.yaml", "sha256": hashlib.sha256(rdf(entry_id)).hexdigest(), "size": 1},
        "resource": resource | {key: value for key, value in given.items() if key in resource},
        "files": [],
    }
    return data | {key: value for key, value in given.items() if key in data}


def rdf(entry_id: str) -> bytes:
    return f"type: model\nformat_version: 0.4.9\nname: Model {entry_id}\n".encode()


def files(
    entry_id: str = "calm-seal", version: str = "7", *, text: bytes | None = None, **given: Any
) -> dict[str, bytes]:
    """The two files in their folder."""
    folder = f"collection/entries/{entry_id}/{version}"
    data = json.dumps(entry(entry_id, version, **given)).encode()
    return {f"{folder}/entry.yaml": data, f"{folder}/rdf.yaml": text or rdf(entry_id)}
