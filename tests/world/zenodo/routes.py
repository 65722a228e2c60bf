"""Which address does what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

from . import control, deposit, reading
from .answers import ZenodoError, answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from .asking import Asking

RECORD = "/api/records/<number>"
DEPOSITION = "/api/deposit/depositions/<int:number>"
BUCKET = "/api/files/<bucket>/<path:key>"

ROUTES: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/", reading.front_page),
    ("GET", "/records/<number>", reading.record_page),
    ("GET", "/api/records", reading.search),
    ("GET", RECORD, reading.record),
    ("GET", f"{RECORD}/versions", reading.versions),
    ("GET", f"{RECORD}/versions/latest", reading.latest),
    ("GET", f"{RECORD}/files", reading.files),
    ("GET", f"{RECORD}/files/<path:key>", reading.file),
    ("GET", f"{RECORD}/files/<path:key>/content", reading.file_content),
    ("GET", f"{RECORD}/files-archive", reading.archive),
    ("GET", "/api/deposit/depositions", deposit.listing),
    ("POST", "/api/deposit/depositions", deposit.create),
    ("GET", DEPOSITION, deposit.read),
    ("PUT", DEPOSITION, deposit.update),
    ("DELETE", DEPOSITION, deposit.delete),
    ("POST", f"{DEPOSITION}/actions/publish", deposit.publish),
    ("POST", f"{DEPOSITION}/actions/edit", deposit.edit),
    ("POST", f"{DEPOSITION}/actions/discard", deposit.delete),
    ("POST", f"{DEPOSITION}/actions/newversion", deposit.new_version),
    ("GET", f"{DEPOSITION}/files", deposit.files),
    ("POST", f"{DEPOSITION}/files", deposit.add_file),
    ("DELETE", f"{DEPOSITION}/files/<file_id>", deposit.delete_file),
    ("GET", BUCKET, deposit.download),
    ("PUT", BUCKET, deposit.upload),
    ("DELETE", BUCKET, deposit.delete_upload),
    ("GET", f"{control.PREFIX}/settings", control.settings),
    ("PATCH", f"{control.PREFIX}/settings", control.set_settings),
    ("GET", f"{control.PREFIX}/requests", control.requests),
    ("POST", f"{control.PREFIX}/records/<int:number>/<verb>", control.do),
)
ADDRESSES = Map([Rule(path, methods=[m], endpoint=act) for m, path, act in ROUTES], strict_slashes=False)


def dispatch(ask: Asking) -> Response:
    """The answer to a request, refusals included."""
    try:
        act, arguments = ADDRESSES.bind_to_environ(ask.request.environ).match()
        answered: Response = act(ask, **arguments)
    except ZenodoError as error:
        return refusal(error)
    except RequestRedirect as there:
        return answer({"status": there.code}, there.code, Location=there.new_url)
    except HTTPException as error:
        return answer({"status": error.code, "message": error.description}, error.code or 500)
    return answered


def refusal(error: ZenodoError) -> Response:
    headers: dict[str, Any] = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    return answer(error.body, error.status, **headers)
