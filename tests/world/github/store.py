"""The world's memory: tables of frozen records, written behind every change into one journal of JSON lines."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

from tests.world.github.records import KINDS, Key, Numbered, Record

if TYPE_CHECKING:
    from pathlib import Path

R = TypeVar("R", bound=Record)


def _decode(kind: type[Record], data: dict[str, Any]) -> Record:
    return kind(**{name: _tuples(value) for name, value in data.items()})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


class Store:
    """Append-only on disk (a write costs one line), compacted on start. No file stays open between writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tables: dict[type[Record], dict[Key, Any]] = {kind: {} for kind in KINDS}
        self._groups: dict[tuple[type[Record], Key], dict[Key, Any]] = {}
        self._series: dict[str, int] = {}
        self._pending: list[str] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        self._load()

    def put(self, record: R) -> R:
        self._remember(record)
        self._pending.append(json.dumps([type(record).__name__, asdict(record)]))
        return record

    def drop(self, record: Record) -> None:
        kind = type(record)
        self._tables[kind].pop(record.key, None)
        self._groups.get((kind, record.group), {}).pop(record.key, None)
        self._pending.append(json.dumps(["-" + kind.__name__, asdict(record)]))

    def get(self, kind: type[R], key: Key) -> R | None:
        found: R | None = self._tables[kind].get(key)
        return found

    def all(self, kind: type[R]) -> list[R]:
        return list(self._tables[kind].values())

    def group(self, kind: type[R], key: Key) -> list[R]:
        """Records of one group, oldest first."""
        return list(self._groups.get((kind, key), {}).values())

    def next_id(self, series: str, first: int = 1) -> int:
        value = self._series.get(series, first - 1) + 1
        self._series[series] = value
        self._pending.append(json.dumps(["#" + series, value]))
        return value

    def flush(self) -> None:
        if self._pending:
            with self._path.open("a", encoding="utf-8") as file:
                file.write("\n".join(self._pending) + "\n")
            self._pending.clear()

    def _remember(self, record: Record) -> None:
        self._tables[type(record)][record.key] = record
        self._groups.setdefault((type(record), record.group), {})[record.key] = record

    def _load(self) -> None:
        kinds = {kind.__name__: kind for kind in KINDS}
        if self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                name, data = json.loads(line)
                if name.startswith("#"):
                    self._series[name[1:]] = data
                elif name.startswith("-"):
                    self.drop(_decode(kinds[name[1:]], data))
                else:
                    self._remember(_decode(kinds[name], data))
        self._compact()

    def _compact(self) -> None:
        lines = [json.dumps(["#" + name, value]) for name, value in self._series.items()]
        for kind in KINDS:
            lines += [json.dumps([kind.__name__, asdict(record)]) for record in self.all(kind)]
        fresh = self._path.with_suffix(".new")
        fresh.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        fresh.replace(self._path)
        self._pending.clear()


def newest_first(records: list[R]) -> list[R]:
    return sorted(records, key=lambda record: record.id if isinstance(record, Numbered) else 0, reverse=True)
