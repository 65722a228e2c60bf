"""Records and their files in the JSON of today's Zenodo (the "legacy" serializers of its InvenioRDM)."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .records import moment

if TYPE_CHECKING:
    from .records import Metadata, Record, StoredFile

DEPOSIT_ONLY = {"upload_type", "publication_type", "image_type", "license", "communities", "creators", "prereserve_doi"}
COUNTED = ("downloads", "unique_downloads", "views", "unique_views")
STATISTICS = (*COUNTED, *(f"version_{name}" for name in COUNTED))
Json = dict[str, Any]


def record_json(record: Record, base: str, *, last: bool, files: bool) -> Json:
    """One record; `last` is whether it is its concept's newest version, `files` whether the asker may see them."""
    api = f"{base}/api/records/{record.id}"
    return {
        "created": moment(record.created),
        "modified": moment(record.updated),
        "id": record.id,
        "conceptrecid": str(record.concept),
        "doi": record.doi,
        "conceptdoi": record.conceptdoi,
        "doi_url": f"https://doi.org/{record.doi}",
        "metadata": _metadata(record, last=last),
        "title": record.title,
        "links": _links(record, base),
        "updated": moment(record.updated),
        "recid": str(record.id),
        "revision": record.revision,
        "files": [_file(f, api) for f in record.files] if files else [],
        "swh": {},
        "owners": [{"id": str(record.owner)}],
        "status": "published",
        "stats": dict.fromkeys(STATISTICS, 0),
        "state": "done",
        "submitted": True,
    }


def resource_type(metadata: Metadata) -> Json:
    """`upload_type: publication, publication_type: article` as `{title, type, subtype}`."""
    kind = str(metadata.get("upload_type", "other"))
    subtype = metadata.get(f"{kind}_type")
    shown = {"title": str(subtype or kind).replace("-", " ").capitalize(), "type": kind}
    return {**shown, "subtype": subtype} if subtype else shown


def _metadata(record: Record, *, last: bool) -> Json:
    given = record.metadata
    shown: Json = {
        "title": record.title,
        "doi": record.doi,
        "publication_date": given.get("publication_date"),
        "description": given.get("description", ""),
        "access_right": given.get("access_right", "open"),
        "creators": [{"affiliation": None, **creator} for creator in given.get("creators", [])],
    }
    shown |= {k: v for k, v in given.items() if k not in shown and k not in DEPOSIT_ONLY}
    shown["resource_type"] = resource_type(given)
    if not record.restricted:
        shown["license"] = {"id": str(given.get("license", "cc-by-4.0")).lower()}
    if given.get("communities"):
        shown["communities"] = [{"id": c.get("identifier", c.get("id"))} for c in given["communities"]]
    parent = {"pid_type": "recid", "pid_value": str(record.concept)}
    shown["relations"] = {"version": [{"index": record.index, "is_last": last, "parent": parent}]}
    return shown


def _links(record: Record, base: str) -> Json:
    api, page = f"{base}/api/records/{record.id}", f"{base}/records/{record.id}"
    iiif = f"{base}/api/iiif/record:{record.id}"
    links = {
        "self": api,
        "self_html": page,
        "doi": f"https://doi.org/{record.doi}",
        "self_doi": f"https://doi.org/{record.doi}",
        "self_doi_html": f"{base}/doi/{record.doi}",
        "parent": f"{base}/api/records/{record.concept}",
        "parent_html": f"{base}/records/{record.concept}",
        "parent_doi": f"https://doi.org/{record.conceptdoi}",
        "parent_doi_html": f"{base}/doi/{record.conceptdoi}",
        "self_iiif_manifest": f"{iiif}/manifest",
        "self_iiif_sequence": f"{iiif}/sequence/default",
        "files": f"{api}/files",
        "media_files": f"{api}/media-files",
        "archive": f"{api}/files-archive",
        "archive_media": f"{api}/media-files-archive",
        "latest": f"{api}/versions/latest",
        "latest_html": f"{page}/latest",
        "versions": f"{api}/versions",
        "draft": f"{api}/draft",
        "reserve_doi": f"{api}/draft/pids/doi",
    }
    access = ("access_links", "access_grants", "access_users", "access_request")
    links |= {name: f"{api}/{name.replace('_', '/')}" for name in access}
    links["access_request"] = f"{api}/access/request"
    return links | {n: f"{api}/{n}" for n in ("access", "communities", "communities-suggestions", "requests")}


def _file(file: StoredFile, api: str) -> Json:
    link = f"{api}/files/{quote(file.key)}/content"
    return {
        "id": file.id,
        "key": file.key,
        "size": file.size,
        "checksum": f"md5:{file.md5}",
        "links": {"self": link},
    }


def files_json(record: Record, base: str) -> Json:
    """`GET /records/{id}/files`: InvenioRDM's own listing, with more fields than the record's."""
    api = f"{base}/api/records/{record.id}"
    return {
        "enabled": True,
        "links": {"self": f"{api}/files", "archive": f"{api}/files-archive"},
        "entries": [file_json(f, record, base) for f in record.files],
        "default_preview": None,
        "order": [],
    }


def file_json(file: StoredFile, record: Record, base: str) -> Json:
    link = f"{base}/api/records/{record.id}/files/{quote(file.key)}"
    return {
        "key": file.key,
        "storage_class": "L",
        "checksum": f"md5:{file.md5}",
        "size": file.size,
        "created": moment(record.created),
        "updated": moment(record.created),
        "status": "completed",
        "mimetype": mimetypes.guess_type(file.key)[0] or "application/octet-stream",
        "version_id": file.id,
        "file_id": file.id,
        "bucket_id": record.bucket,
        "metadata": {},
        "access": {"hidden": False},
        "links": {"self": link, "content": f"{link}/content"},
    }


def tombstone(record: Record) -> Json:
    """What is left of a withdrawn record (InvenioRDM: `tombstone.dump()`)."""
    return {
        "removal_reason": {"id": "retracted"},
        "note": "",
        "removed_by": {"user": str(record.owner)},
        "removal_date": moment(record.updated),
        "citation_text": f"{record.title}. Zenodo. https://doi.org/{record.doi}",
        "is_visible": True,
    }
