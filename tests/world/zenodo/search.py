"""`GET /api/records`: query, sort, page and count over what the index has seen.

Limits (Zenodo's blog, 2025-11-25, and its "validation error" answers): pages of 25 for guests and 100 with a token,
10 by default, and nothing beyond the first 10,000 results.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from .aggregations import aggregations
from .answers import bad_query, invalid
from .present import record_json, resource_type
from .queries import compiled, syntax_error
from .records import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .queries import Document
    from .records import Record, User

DEFAULT_SIZE = 10
GUEST_SIZE = 25
USER_SIZE = 100
WINDOW = 10_000
TRUE = {"true", "1", "yes", "on", "t", "y"}

SORTS: dict[str, tuple[Callable[[Record], Any], bool]] = {
    "bestmatch": (lambda r: r.id, False),
    "newest": (lambda r: (r.created, r.id), True),
    "mostrecent": (lambda r: (r.created, r.id), True),
    "oldest": (lambda r: (r.created, r.id), False),
    "-mostrecent": (lambda r: (r.created, r.id), False),
    "updated-desc": (lambda r: (r.updated, r.id), True),
    "updated-asc": (lambda r: (r.updated, r.id), False),
    "version": (lambda r: (r.index, r.id), True),
    "mostviewed": (lambda r: r.id, False),
}
"""Name: (key, descending). Relevance is not simulated: "bestmatch" is an order that tells a client nothing."""


@dataclass(frozen=True)
class Index:
    """What search knows at one moment, and which of its habits work.

    InvenioRDM offers the sorts and fields that its configuration lists. Where `updated` is not among them, a `strict`
    site refuses with 400; a lax one sorts by relevance, and finds nothing by a range of a field it has not indexed.
    """

    records: tuple[Record, ...]
    sorts_by_updated: bool = True
    ranges_by_updated: bool = True
    strict: bool = True

    @cached_property
    def newest(self) -> dict[int, int]:
        """The highest version of each concept that search has seen."""
        highest: dict[int, int] = {}
        for record in self.records:
            highest[record.concept] = max(record.index, highest.get(record.concept, 0))
        return highest

    def last(self, record: Record) -> bool:
        return self.newest[record.concept] == record.index


@dataclass(frozen=True)
class Search:
    """One search as asked, validated; 400 where Zenodo refuses."""

    query: str
    sort: str
    page: int
    size: int
    all_versions: bool
    asked: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, args: Mapping[str, str], user: User | None) -> Search:
        query = args.get("q", "")
        most = USER_SIZE if user else GUEST_SIZE
        size, page = _number(args, "size", DEFAULT_SIZE), _number(args, "page", 1)
        if size > most:
            more = "" if user else f" Please use authenticated requests to increase the limit to {USER_SIZE}."
            raise invalid("size", f"Page size cannot be greater than {most}.{more}")
        if page * size > WINDOW:
            raise bad_query()
        flags = (args.get("all_versions", ""), args.get("allversions", ""))
        sort = args.get("sort") or ("bestmatch" if query else "newest")
        asked = tuple((k, v) for k, v in args.items() if k != "access_token")
        return cls(query, sort, page, size, any(f.lower() in TRUE for f in flags), asked)

    def link(self, url: str, page: int) -> str:
        params = {**dict(self.asked), "page": page, "size": self.size, "sort": self.sort}
        return f"{url}?{urlencode(sorted(params.items()))}"


def _number(args: Mapping[str, str], name: str, default: int) -> int:
    raw = args.get(name, str(default))
    if not raw.removeprefix("-").isdecimal():
        raise invalid(name, "Not a valid integer.")
    if int(raw) < 1:
        raise invalid(name, "Must be greater than or equal to 1.")
    return int(raw)


def document(record: Record) -> Document:
    """The fields that queries can name: Zenodo's old names and InvenioRDM's (its `ZENODO_LEGACY_SEARCH_MAP`)."""
    meta, access = record.metadata, "restricted" if record.restricted else "open"
    creators = [str(c.get("name", "")) for c in meta.get("creators", [])]
    title, text, kind = [record.title], [str(meta.get("description", ""))], [resource_type(meta)["type"]]
    names = {
        ("keywords", "metadata.subjects.subject"): record.keywords,
        ("title", "metadata.title"): title,
        ("description", "metadata.description"): text,
        ("creators.name", "metadata.creators.person_or_org.name"): creators,
        ("id", "recid"): [str(record.id)],
        ("conceptrecid", "parent.id"): [str(record.concept)],
        ("doi", "pids.doi.identifier"): [record.doi],
        ("conceptdoi", "parent.pids.doi.identifier"): [record.conceptdoi],
        ("owners", "owners.id", "parent.access.owned_by.user"): [str(record.owner)],
        ("access_right", "access.status"): [access],
        ("resource_type.type", "type"): kind,
        ("publication_date", "metadata.publication_date"): [str(meta.get("publication_date", ""))],
        ("filename", "files.entries.key"): [f.key for f in record.files],
        ("created",): [moment(record.created)],
        ("updated",): [moment(record.updated)],
        ("*",): [*title, *text, *creators, *record.keywords],
    }
    return {name: values for group, values in names.items() for name in group}


def found(search: Search, index: Index) -> list[Record]:
    """All hits in order."""
    test = compiled(search.query)
    if "updated:" in search.query and not index.ranges_by_updated:
        if index.strict:
            raise syntax_error()
        return []
    hits = [r for r in index.records if (search.all_versions or index.last(r)) and test(document(r))]
    key, descending = SORTS[_sort(search.sort, index)]
    return sorted(hits, key=key, reverse=descending)


def _sort(name: str, index: Index) -> str:
    known = name in SORTS
    if known and (index.sorts_by_updated or not name.startswith("updated")):
        return name
    if known and not index.strict:
        return "bestmatch"
    raise bad_query()


def results(search: Search, index: Index, base: str, url: str, user: User | None) -> dict[str, Any]:
    """The page of hits with its links, the total and the counts."""
    hits = found(search, index)
    start = (search.page - 1) * search.size
    links = {"self": search.link(url, search.page)}
    if search.page > 1:
        links["prev"] = search.link(url, search.page - 1)
    if start + search.size < min(len(hits), WINDOW):
        links["next"] = search.link(url, search.page + 1)
    shown = [
        record_json(r, base, last=index.last(r), files=not r.restricted or (user is not None and user.id == r.owner))
        for r in hits[start : start + search.size]
    ]
    counts = aggregations(hits)
    return {"hits": {"hits": shown, "total": len(hits)}, "aggregations": counts, "links": links}
