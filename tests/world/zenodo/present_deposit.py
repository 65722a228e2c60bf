"""Depositions and their files in JSON (Zenodo's developers page, "Depositions" and "Deposition files")."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .records import DOI_PREFIX, moment

if TYPE_CHECKING:
    from .records import Draft, Record, StoredFile

Json = dict[str, Any]


def deposit_json(draft: Draft | None, record: Record | None, base: str, latest_draft: Draft | None) -> Json:
    """A deposition: its draft where one is open, else the published record (developers page, "Depositions")."""
    shown = draft or record
    if shown is None:
        raise ValueError("a deposition is a draft, a record or both")
    doi = f"{DOI_PREFIX}{shown.id}"
    body: Json = {
        "created": moment(shown.created),
        "modified": moment(draft.modified if draft else record.updated if record else shown.created),
        "id": shown.id,
        "conceptrecid": str(shown.concept),
        "metadata": {**shown.metadata, "prereserve_doi": {"doi": doi, "recid": shown.id}},
        "title": str(shown.metadata.get("title", "")),
        "links": deposit_links(shown, base, latest_draft or draft, published=record is not None),
        "record_id": shown.id,
        "owner": shown.owner,
        "files": [deposit_file(f, shown, base) for f in shown.files],
        "state": "unsubmitted" if record is None else "inprogress" if draft else "done",
        "submitted": record is not None,
    }
    if record:
        body |= {"doi": doi, "doi_url": f"https://doi.org/{doi}", "conceptdoi": record.conceptdoi}
        body["metadata"]["doi"] = doi
    return body


def deposit_links(shown: Draft | Record, base: str, latest_draft: Draft | None, *, published: bool) -> Json:
    api = f"{base}/api/deposit/depositions/{shown.id}"
    links = {
        "self": api,
        "html": f"{base}/deposit/{shown.id}",
        "bucket": f"{base}/api/files/{shown.bucket}",
        "files": f"{api}/files",
        **{action: f"{api}/actions/{action}" for action in ("publish", "edit", "discard", "newversion")},
    }
    if published:
        links["record"] = f"{base}/api/records/{shown.id}"
        links["record_html"] = f"{base}/records/{shown.id}"
        links["latest"] = f"{base}/api/records/{shown.id}/versions/latest"
    if latest_draft:
        links["latest_draft"] = f"{base}/api/deposit/depositions/{latest_draft.id}"
        links["latest_draft_html"] = f"{base}/deposit/{latest_draft.id}"
    return links


def deposit_file(file: StoredFile, shown: Draft | Record, base: str) -> Json:
    """A deposition's file; here the checksum has no `md5:` in front."""
    own = f"{base}/api/deposit/depositions/{shown.id}/files/{file.id}"
    links = {"self": own, "download": f"{base}/api/files/{shown.bucket}/{quote(file.key)}"}
    return {"id": file.id, "filename": file.key, "filesize": file.size, "checksum": file.md5, "links": links}


def bucket_file(file: StoredFile, draft: Draft, base: str) -> Json:
    """The answer to an upload (developers page, "Deposition files": the new files API)."""
    link = f"{base}/api/files/{draft.bucket}/{quote(file.key)}"
    return {
        "created": moment(draft.modified),
        "updated": moment(draft.modified),
        "version_id": file.id,
        "key": file.key,
        "size": file.size,
        "mimetype": mimetypes.guess_type(file.key)[0] or "application/octet-stream",
        "checksum": f"md5:{file.md5}",
        "is_head": True,
        "delete_marker": False,
        "links": {"self": link, "version": f"{link}?versionId={file.id}", "uploads": f"{link}?uploads"},
    }
