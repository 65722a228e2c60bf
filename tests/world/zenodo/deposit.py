"""The deposit API: what a contributor does (Zenodo's developers page, "Depositions", "Deposition files", "actions")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from .answers import MissingError, ZenodoError, answer, invalid
from .asking import TOO_LATE
from .content import content
from .present_deposit import bucket_file, deposit_file, deposit_json

if TYPE_CHECKING:
    from .asking import Asking
    from .records import Draft, Metadata, Record


def listing(ask: Asking) -> Response:
    """The asker's own depositions, newest first."""
    owner, store = ask.owner, ask.store
    numbers = {n for n, d in list(store.drafts.items()) if d.owner == owner}
    numbers |= {n for n, r in list(store.records.items()) if r.owner == owner and not r.withdrawn}
    return answer([_json(ask, store.drafts.get(n), store.records.get(n)) for n in sorted(numbers, reverse=True)])


def create(ask: Asking) -> Response:
    draft = ask.shelf.new_draft(ask.owner, _metadata(ask) or {})
    return answer(_json(ask, draft, None), 201, Location=f"{ask.base}/api/deposit/depositions/{draft.id}")


def read(ask: Asking, number: int) -> Response:
    return answer(_json(ask, *ask.shelf.of_owner(number, ask.owner)))


def update(ask: Asking, number: int) -> Response:
    """Replace the metadata of an open draft."""
    draft, record = _draft(ask, number)
    metadata = _metadata(ask)
    if metadata is None:
        raise invalid("metadata", "Missing data for required field.")
    return answer(_json(ask, ask.shelf.keep(replace(draft, metadata=metadata)), record))


def delete(ask: Asking, number: int) -> Response:
    ask.shelf.discard(_draft(ask, number)[0])
    return Response(status=204)


def publish(ask: Asking, number: int) -> Response:
    record = ask.shelf.publish(_draft(ask, number)[0])
    return answer(_json(ask, None, record), 202)


def edit(ask: Asking, number: int) -> Response:
    record = _record(ask, number)
    return answer(_json(ask, ask.shelf.open_edit(record), record), 201)


def new_version(ask: Asking, number: int) -> Response:
    """Today's Zenodo answers with the new draft; the old one answered with the old record. Both link `latest_draft`."""
    newest = ask.store.versions(_record(ask, number).concept)[-1]
    return answer(_json(ask, ask.shelf.new_version(newest), None), 201)


def files(ask: Asking, number: int) -> Response:
    draft, record = ask.shelf.of_owner(number, ask.owner)
    shown = draft or record
    return answer([deposit_file(f, shown, ask.base) for f in shown.files] if shown else [])


def add_file(ask: Asking, number: int) -> Response:
    """The old upload: multipart with `name` and `file`."""
    draft = _unpublished(ask, number)
    upload = ask.request.files.get("file")
    if upload is None:
        raise invalid("file", "Missing data for required field.")
    stored = ask.store.put(upload.stream, ask.request.form.get("name") or upload.filename or "file")
    ask.shelf.put_file(draft, stored)
    return answer(deposit_file(stored, draft, ask.base), 201)


def delete_file(ask: Asking, number: int, file_id: str) -> Response:
    draft = _unpublished(ask, number)
    keys = [f.key for f in draft.files if f.id == file_id]
    if not keys:
        raise MissingError
    ask.shelf.drop_files(draft, keys)
    return Response(status=204)


def upload(ask: Asking, bucket: str, key: str) -> Response:
    """The upload of today: the bytes as the body of a PUT, of any size."""
    draft = _bucket(ask, bucket)
    stored = ask.store.put(ask.request.stream, key)
    draft = ask.shelf.put_file(draft, stored)
    return answer(bucket_file(stored, draft, ask.base), 201)


def download(ask: Asking, bucket: str, key: str) -> Response:
    holder = _holder(ask, bucket)
    found = [f for f in holder.files if f.key == key]
    if not found:
        raise MissingError
    return content(ask.store, found[0], ask.request)


def delete_upload(ask: Asking, bucket: str, key: str) -> Response:
    draft = _bucket(ask, bucket)
    if not any(f.key == key for f in draft.files):
        raise MissingError
    ask.shelf.drop_files(draft, [key])
    return Response(status=204)


def _json(ask: Asking, draft: Draft | None, record: Record | None) -> dict[str, Any]:
    concept = (draft or record).concept if draft or record else 0  # type: ignore[union-attr]
    return deposit_json(draft, record, ask.base, ask.shelf.unpublished(concept))


def _metadata(ask: Asking) -> Metadata | None:
    """The body's `metadata`, or None; 400 for a body that is no JSON object."""
    body = ask.request.get_json(force=True, silent=True) if ask.request.get_data() else {}
    if not isinstance(body, dict) or not isinstance(body.get("metadata", {}), dict):
        raise ZenodoError(400, "Unable to decode JSON data in request body.")
    given = body.get("metadata")
    return {k: v for k, v in given.items() if k not in {"prereserve_doi", "doi"}} if given is not None else None


def _draft(ask: Asking, number: int) -> tuple[Draft, Record | None]:
    """The open draft; 404 where the deposition is published and not in edit."""
    draft, record = ask.shelf.of_owner(number, ask.owner)
    if draft is None:
        raise MissingError
    return draft, record


def _unpublished(ask: Asking, number: int) -> Draft:
    draft, record = ask.shelf.of_owner(number, ask.owner)
    if draft is None or record is not None:
        raise ZenodoError(403, TOO_LATE)
    return draft


def _bucket(ask: Asking, bucket: str) -> Draft:
    return _unpublished(ask, _holder(ask, bucket).id)


def _holder(ask: Asking, bucket: str) -> Draft | Record:
    """The asker's draft or record that has this bucket; 404 unknown, 403 somebody else's."""
    owner = ask.owner
    holders: list[Draft | Record] = [*ask.store.drafts.values(), *ask.store.records.values()]
    holder = next((h for h in holders if h.bucket == bucket), None)
    if holder is None:
        raise MissingError("Bucket does not exist.")
    if holder.owner != owner:
        raise ZenodoError(403, "Permission denied.")
    return holder


def _record(ask: Asking, number: int) -> Record:
    """The published record; 404 while it is a first draft or withdrawn."""
    record = ask.shelf.of_owner(number, ask.owner)[1]
    if record is None or record.withdrawn:
        raise MissingError
    return record
