"""entry.yaml: what the bot knows of one version, derived from the archive and the work side's answer.

It is written as JSON, which every YAML 1.2 reader takes, so that the key-holding side reads its own file back without a
YAML parser. Anything a contributor put there is compared byte for byte, never read.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.records.facts import Place
    from bot.records.submission import Upload

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""What YAML 1.2 does not take as it is, or folds (section 5.1); JSON leaves it unescaped."""


def entry(place: Place, upload: Upload | None, submission: Mapping[str, Any], *, concept: str, source: str) -> bytes:
    """The file's bytes; deterministic for the same upload and answer. `submission` is schema-checked and described."""
    data = {
        "schema": "accession/entry/1",
        "id": place.id,
        "version": place.version,
        "source": _source(upload, concept),
        "source_hash": source,
        "upload_hash": submission["content_hash"],
        "rdf": submission["rdf"],
        "resource": submission["resource"],
        "files": [
            {key: file[key] for key in ("name", "url", "size", "sha256", "roles")} for file in submission["files"]
        ],
    }
    text = json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return (_UNPRINTABLE.sub(_escaped, text) + "\n").encode()


def _escaped(found: re.Match[str]) -> str:
    """As JSON and YAML both read it; a lone surrogate, which no UTF-8 can hold, becomes the replacement character."""
    return "\ufffd" if "\ud800" <= found[0] <= "\udfff" else f"\\u{ord(found[0]):04x}"


def _source(upload: Upload | None, concept: str) -> dict[str, Any]:
    if upload is None:
        nothing = dict.fromkeys(("url", "doi", "concept_doi", "created"))
        return {"archive": "none", "concept": concept, "record": "", "owners": [], **nothing}
    return {
        "archive": upload.archive,
        "concept": upload.concept,
        "record": upload.record,
        "url": upload.url,
        "doi": upload.doi,
        "concept_doi": upload.concept_doi,
        "created": upload.created or None,
        "owners": list(upload.owners),
    }
