"""What can be wrong with one file of an upload, in a contributor's words. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from bot.errors import GatewayError

_UPLOAD = "Upload the file together with the RDF, or correct its address in the RDF."
_PUBLIC = "Use the public http(s) address of the file, or upload the file together with the RDF."
_FIXES = {
    "gone": _UPLOAD,
    "restricted": "Make it public, or upload the file together with the RDF.",
    "refused": _UPLOAD,
    "bad-url": _PUBLIC,
    "no-host": _UPLOAD,
    "private-address": _PUBLIC,
    "redirects": "Use the address that the file finally has.",
    "certificate": "Use an address whose server has a valid certificate, or upload the file together with the RDF.",
}
_SHOWN = 200


@dataclass(frozen=True)
class Problem:
    """Why a file is not there as it should be: a rule's name, what is wrong, what to do."""

    rule: str
    message: str
    fix: str

    def as_json(self) -> dict[str, Any]:
        """As in `schemas/submission.schema.json`."""
        return asdict(self)


def redacted(url: str) -> str:
    """An url without user, query and fragment: any of them may hold somebody's secret."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an unreadable address"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"[:_SHOWN]


def shown(name: str) -> str:
    """A contributed name inside a sentence; an url without what may be secret."""
    name = redacted(name) if "://" in name else name
    return repr(name if len(name) <= _SHOWN else name[: _SHOWN - 1] + "…")


def at(name: str, url: str) -> str:
    """A file with where it lies; a remote file is called by its address alone."""
    return shown(name) if name == url else f"{shown(name)} at {redacted(url)}"


def fetching(name: str, url: str, error: GatewayError) -> Problem:
    """The address does not give the file, and will not until the contributor changes something."""
    message = f"The file {at(name, url)} cannot be fetched: {error.message}."
    return Problem(error.reason, message, _FIXES.get(error.reason, _UPLOAD))


def too_large(name: str, limit: int, *, what: str = "file") -> Problem:
    """More bytes than policy allows for one file, or for the submission."""
    rule = "file-too-large" if what == "file" else "package-too-large"
    message = f"The file {shown(name)} goes beyond the {limit:,} bytes that one {what} may have."
    return Problem(rule, message, "Make it smaller, or ask the collection's maintainers for more.")


def missing(source: str) -> Problem:
    """A relative name that the upload does not have."""
    message = f"The RDF names the file {shown(source)}, which is not among the uploaded files."
    return Problem("missing-file", message, "Upload it under exactly this name, or correct the name in the RDF.")


def unsupported(source: str) -> Problem:
    """Some other scheme than http(s), or an absolute path."""
    message = f"The RDF names {shown(source)}, which is neither a file of the upload nor an http(s) address."
    return Problem("unsupported-source", message, "Upload the file and write its name alone.")


def wrong_hash(name: str, declared: str, actual: str) -> Problem:
    """The bytes are others than the RDF says."""
    message = f"The file {shown(name)} has the sha256 {actual}, but the RDF says {declared}."
    return Problem("wrong-hash", message, f"If the uploaded file is the right one, write sha256: {actual}")
