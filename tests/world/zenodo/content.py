"""File bytes: streamed from disk, with ranges, and a record's files as one zip."""

from __future__ import annotations

import tempfile
import zipfile
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import wrap_file

from .answers import MissingError

if TYPE_CHECKING:
    from .records import Record, StoredFile
    from .store import Store


def content(store: Store, file: StoredFile, request: Request) -> Response:
    """The file as served; ETag and Content-MD5 go on promising what the record promises."""
    if not file.served:
        raise MissingError("The requested file does not exist.")
    path = store.blob(file.served)
    answer = _stream(path.open("rb"), request, path.stat().st_size, file.key)
    answer.headers["ETag"] = f'"md5:{file.md5}"'
    answer.headers["Content-MD5"] = file.md5
    try:
        return answer.make_conditional(request, accept_ranges=True, complete_length=path.stat().st_size)
    except HTTPException:  # a range beyond the end
        answer.close()
        raise


def archive(store: Store, record: Record, request: Request) -> Response:
    """All files in one zip, as InvenioRDM's `files-archive`."""
    whole = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it when it is sent)
    with zipfile.ZipFile(whole, "w") as target:
        for file in record.files:
            if file.served:
                target.write(store.blob(file.served), file.key)
    size = whole.tell()
    whole.seek(0)
    answer = _stream(whole, request, size, f"{record.id}.zip")
    answer.mimetype = "application/zip"
    return answer


def _stream(source: IO[bytes], request: Request, size: int, name: str) -> Response:
    answer = Response(wrap_file(request.environ, source, 1 << 16), direct_passthrough=True)
    answer.mimetype = "application/octet-stream"
    answer.content_length = size
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
