"""What is known of an upload once it lies in the cache: the answer to `prepare`, and what `check` needs. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot import plain_json

if TYPE_CHECKING:
    from bot.ports import Json

_TEXT = 2000


@dataclass(frozen=True)
class Reference:
    """One mention of a file in the RDF; `sha256` and `size` are of the bytes that came, if any came."""

    pointer: str
    source: str
    role: str
    required: bool
    local: str
    url: str | None
    sha256: str | None
    size: int | None
    problem: dict[str, Any] | None

    @property
    def usable(self) -> bool:
        """It is there, and it is what the RDF says."""
        return self.sha256 is not None and self.problem is None


@dataclass(frozen=True)
class Prepared:
    """Blobs are named by sha256; `submission` fits its schema."""

    submission: Json
    references: tuple[Reference, ...] = ()
    judge_spec: str | None = None
    box_rdfs: tuple[tuple[str, str], ...] = ()
    """Weight format and blob of the RDF copy, in the RDF's order."""
    members: tuple[tuple[str, int], ...] = ()
    """Name and size of each file of an uploaded zip; its names are what the RDF speaks of."""
    plan: str | None = None
    """Blob of the plan of further runs; none from an image that knows no further runs."""

    @property
    def described(self) -> bool:
        """There is something to check."""
        return bool(self.submission["outcome"] == "described")

    @property
    def settled(self) -> bool:
        """Nothing about it passes by itself, so it may be remembered for good."""
        return self.described and not any(reference.problem for reference in self.references)

    def blobs(self) -> list[str]:
        """Everything that must still be in the cache for this to be of use."""
        rdf = [self.submission["rdf"]["sha256"]] if self.submission["rdf"] else []
        judge = [blob for blob in (self.judge_spec, self.plan) if blob]
        return rdf + judge + [blob for _, blob in self.box_rdfs] + [r.sha256 for r in self.references if r.sha256]

    def as_json(self) -> Json:
        """For the shelf."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Json) -> Prepared:
        """From the shelf."""
        references = tuple(Reference(**reference) for reference in value["references"])
        rdfs = tuple((name, blob) for name, blob in value["box_rdfs"])
        members = tuple((name, size) for name, size in value.get("members", ()))
        return cls(value["submission"], references, value["judge_spec"], rdfs, members, value.get("plan"))


def refused(reason: str, message: str) -> Prepared:
    """The contributor must change something before there is anything to check."""
    return Prepared(_submission("refused", reason, message))


def errored(reason: str, message: str) -> Json:
    """Ours; an answer, never remembered."""
    return _submission("errored", reason, message)


def described(description: Json, references: tuple[Reference, ...]) -> Json:
    """The answer for a readable upload."""
    files = _files(references)
    content = content_hash(description["resource"]["type"], description["rdf"]["sha256"], files)
    return _submission("described", "", "") | {
        "rdf": description["rdf"],
        "resource": description["resource"],
        "files": files,
        "content_hash": content,
    }


def content_hash(kind: str, rdf: str, files: list[Json]) -> str:
    """Content is identity: type, RDF and the bytes of every file, wherever they lie; a missing one counts too."""
    named = sorted([file["name"], file["sha256"] or file["problem"]["rule"]] for file in files)
    return plain_json.digest({"type": kind, "rdf": rdf, "files": named})


def _files(references: tuple[Reference, ...]) -> list[Json]:
    """One line per source; several roles may use it."""
    files: dict[str, Json] = {}
    for reference in references:
        file = files.setdefault(
            reference.source,
            {
                "name": reference.source[:1024],
                "url": reference.url,
                "size": reference.size,
                "sha256": reference.sha256,
                "roles": [],
                "problem": None,
            },
        )
        file["problem"] = file["problem"] or reference.problem
        if reference.role not in file["roles"]:
            file["roles"] = [*file["roles"], reference.role][:16]
    return list(files.values())


def _submission(outcome: str, reason: str, message: str) -> Json:
    return {
        "schema": "accession/submission/1",
        "outcome": outcome,
        "reason": reason[:64],
        "message": message[:_TEXT],
        "rdf": None,
        "resource": None,
        "files": [],
        "content_hash": None,
    }
