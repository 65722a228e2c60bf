"""One API request on its way to a handler, and the handler's answer on its way back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from tests.world.github.auth import allows, require
from tests.world.github.dates import timestamp
from tests.world.github.errors import ApiError, invalid_field, not_found
from tests.world.github.records import Issue, Pull, Record, Repository

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from werkzeug.wrappers import Request

    from tests.world.github.auth import Actor
    from tests.world.github.core import Core
    from tests.world.github.git import GitRepository

R = TypeVar("R", bound=Record)
PER_PAGE, MAX_PER_PAGE = 30, 100


@dataclass(frozen=True)
class Answer:
    """What a handler hands back; ``raw`` replaces the JSON for raw media types."""

    data: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str = "application/json; charset=utf-8"
    modified: float | None = None
    wrote: bool = True
    """False for a POST that only asks (GraphQL queries)."""


NOTHING = Answer(status=204)


@dataclass(frozen=True)
class Call:
    core: Core
    request: Request
    actor: Actor
    args: Mapping[str, Any]
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def repo(self) -> Repository:
        """The repository of the path; 404 if it is absent or hidden from the actor."""
        found = self.core.find_repository(f"{self.args['owner']}/{self.args['name']}")
        if found is None or not allows(self.core, self.actor, found, "read"):
            raise not_found()
        return found

    @property
    def git(self) -> GitRepository:
        return self.core.git(self.repo)

    @property
    def issue(self) -> Issue:
        found = self.core.store.get(Issue, (self.repo.key, self.args["number"]))
        if found is None:
            raise not_found()
        return found

    @property
    def pull(self) -> Pull:
        found = self.core.store.get(Pull, (self.repo.key, self.args["number"]))
        if found is None:
            raise not_found()
        return found

    def may(self, level: str) -> bool:
        return allows(self.core, self.actor, self.repo, level)

    def require(self, level: str) -> None:
        require(self.core, self.actor, self.repo, level)

    def find(self, kind: type[R], key: int) -> R:
        """A record by id that belongs to this repository."""
        found = self.core.store.get(kind, key)
        if found is None or getattr(found, "repo", "").lower() != self.repo.key:
            raise not_found()
        return found

    def query(self, name: str, default: str = "") -> str:
        return self.request.args.get(name, default)

    def need(self, resource: str, name: str, kind: type[R] | type = str) -> Any:
        """A field of the body that must be there and of this type."""
        value = self.body.get(name)
        if value is None:
            raise invalid_field(resource, name, "missing_field")
        if not isinstance(value, kind):
            raise ApiError(422, f"Invalid request.\n\nFor 'properties/{name}', {value!r} is not of the right type.")
        return value

    def text(self, name: str) -> str | None:
        """An optional text of the body."""
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            raise ApiError(422, f"Invalid request.\n\nFor 'properties/{name}', {value!r} is not a string.")
        return value

    def moment(self, name: str) -> float | None:
        """A time of the query (ISO 8601), as a timestamp."""
        given = self.query(name)
        try:
            return timestamp(given) if given else None
        except ValueError as error:
            raise ApiError(422, f"{given} is not a valid ISO8601 time") from error

    def accepts(self, media: str) -> bool:
        return f"application/vnd.github.{media}" in self.request.headers.get("Accept", "").replace("v3.", "")


def page(call: Call, items: Sequence[Any], shape: Callable[[Any], Any], wrap: str | None = None) -> Answer:
    """One page of a list with its Link header (docs: Using pagination in the REST API).

    Under the stale-lists fault, records younger than the lag are not there yet.
    """
    items = _visible(call, items)
    size = min(max(_number(call.query("per_page"), PER_PAGE), 1), MAX_PER_PAGE)
    number = max(_number(call.query("page"), 1), 1)
    last = max(-(-len(items) // size), 1)
    shown = [shape(item) for item in items[(number - 1) * size : number * size]]
    data = {"total_count": len(items), wrap: shown} if wrap else shown
    links = _links(number, last)
    header = ", ".join(f'<{_url(call, target)}>; rel="{rel}"' for rel, target in links.items())
    return Answer(data, headers={"Link": header} if header else {})


def _visible(call: Call, items: Sequence[Any]) -> Sequence[Any]:
    lag = call.core.faults.stale_lists_seconds
    if not lag:
        return items
    edge = call.core.now() - lag
    return [item for item in items if getattr(item, "created", 0.0) <= edge]


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default


def _links(number: int, last: int) -> dict[str, int]:
    links = {}
    if number > 1:
        links["prev"] = min(number - 1, last)
    if number < last:
        links |= {"next": number + 1, "last": last}
    if number > 1:
        links["first"] = 1
    return links


def _url(call: Call, number: int) -> str:
    query = {**call.request.args.to_dict(), "page": str(number)}
    return f"{call.core.url}{call.request.path}?{urlencode(query)}"
