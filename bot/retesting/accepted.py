"""Which accepted versions a retest is about, read from the bot's own entry.yaml data."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from bot import plain_json
from bot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_NEAR = 3


@dataclass(frozen=True)
class Accepted:
    """One version of an entry on the base branch."""

    id: str
    version: str
    name: str
    kind: str
    formats: tuple[str, ...]
    archive: str
    concept: str
    record: str
    content: str
    """Names what is tested: the content hash at acceptance, and the rdf.yaml where it was changed since."""
    known: str | None
    """The content hash as the work side will find it; None where rdf.yaml was changed since entry.yaml was derived."""

    @property
    def place(self) -> str:
        """How it is named to people and in the store."""
        return f"{self.id}/{self.version}"

    @property
    def rdf(self) -> str:
        """Path of its rdf.yaml."""
        return f"collection/entries/{self.place}/rdf.yaml"

    def key(self, environment: str, policy: str) -> str:
        """Names a result: what was tested, with which image and rules, under which policy (both digests)."""
        return plain_json.digest(["accession/retest/1", environment, self.id, self.version, self.content, policy])


def accepted(entry: Mapping[str, Any]) -> Accepted:
    """From schema-checked entry.yaml data with the `rdf_sha256` of the rdf.yaml that stands beside it."""
    same = entry["rdf"]["sha256"] == entry["rdf_sha256"]
    upload, source, resource = entry["upload_hash"], entry["source"], entry["resource"]
    return Accepted(
        id=entry["id"],
        version=entry["version"],
        name=resource["name"],
        kind=resource["type"],
        formats=tuple(resource["weights"]),
        archive=source["archive"],
        concept=source["concept"],
        record=source["record"],
        content=upload if same else plain_json.digest([upload, entry["rdf_sha256"]]),
        known=upload if same else None,
    )


def chosen(
    found: Iterable[Accepted],
    ids: Sequence[str],
    *,
    hidden: frozenset[str],
    all_versions: bool,
    order: Callable[[str], Any],
) -> tuple[Accepted, ...]:
    """Those named, or all but the `hidden` (blocked, withdrawn); the newest of each id by `order` of its version.

    Raises `ConfigError` for an id that is not in the collection, naming near ones.
    """
    by_id: dict[str, list[Accepted]] = {}
    for one in found:
        by_id.setdefault(one.id, []).append(one)
    _look(ids, by_id.keys(), hidden)
    wanted = sorted(set(ids) or by_id.keys() - hidden)
    versions = (sorted(by_id[one], key=lambda each: order(each.version), reverse=True) for one in wanted)
    return tuple(one for ordered in versions for one in (ordered if all_versions else ordered[:1]))


def _look(ids: Sequence[str], there: Iterable[str], hidden: frozenset[str]) -> None:
    known = sorted(set(there) - hidden)
    for one in ids:
        if one in hidden:
            raise ConfigError(f"{one} is blocked or withdrawn and is not retested.", reason="usage")
        if one not in known:
            near = get_close_matches(one, known, _NEAR)
            hint = f" Did you mean {' or '.join(near)}?" if near else f" It has {len(known)} ids."
            raise ConfigError(f"The collection has no entry {one!r}.{hint}", reason="usage")
