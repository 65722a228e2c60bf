"""Validators of JSON Schema on every real RDF that one of our schemas judges: who agrees with `jsonschema`, and how fast.

`fastjsonschema` is no dependency; where it is not installed the row says so.
"""

from __future__ import annotations

import importlib
import json
import statistics
import time
from typing import TYPE_CHECKING, Any

from tests.agreement.corpus import REALDATA
from tests.workflows.rdf_sample import MODEL_04, MODEL_05
from tests.workflows.static.registry import library
from workflows.document import load
from workflows.static.family import family_of
from workflows.static.schema_files import has_schema, referred, schema
from workflows.static.schema_walk import compiled, faults

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, object]
TRIES = 3


def rows() -> list[Row]:
    """One for each engine; figures are of the same files."""
    corpus = files()
    names = sorted({name for name, _ in corpus})
    judges = {name: library(name).is_valid for name in names}
    wanted = [judges[name](data) for name, data in corpus]
    return [row(engine, make, names, corpus, wanted) for engine, make in ENGINES.items()]


def files() -> list[tuple[str, Any]]:
    """Name of the schema and data."""
    paths = sorted((REALDATA / "rdf").glob("*.yaml"))
    raws = [path.read_bytes() for path in paths] or [MODEL_04.encode(), MODEL_05.encode()]
    read = [data for data in (load(raw).data for raw in raws) if isinstance(data, dict)]
    return [(family_of(data).name, data) for data in read if has_schema(family_of(data).name)]


def row(engine: str, make: Callable[[str], Any], names: list[str], corpus: list[Any], wanted: list[bool]) -> Row:
    """Milliseconds to compile all schemas, to judge a file, and how many verdicts are others."""
    started = time.perf_counter()
    try:
        engines = {name: make(name) for name in names}
    except ImportError:
        return without(engine, "not installed")
    except Exception as error:  # noqa: BLE001 - an engine that cannot take our schemas is a result
        return without(engine, f"cannot: {error}"[:60])
    compiling = (time.perf_counter() - started) * 1000
    unlike = sum(engines[name](data) != valid for (name, data), valid in zip(corpus, wanted, strict=True))
    spent = [min(timed(engines[name], data) for _ in range(TRIES)) for name, data in corpus]
    return {
        "engine": engine,
        "compile ms": compiling,
        "median ms": f"{statistics.median(spent):.4f}",
        "verdicts unlike jsonschema": f"{unlike} of {len(corpus)}",
    }


def without(engine: str, why: str) -> Row:
    """An engine that judges nothing."""
    return {"engine": engine, "compile ms": why, "median ms": "–", "verdicts unlike jsonschema": "–"}


def timed(holds: Callable[[Any], bool], data: Any) -> float:
    started = time.perf_counter()
    holds(data)
    return (time.perf_counter() - started) * 1000


def bundled(name: str) -> dict[str, Any]:
    """A schema as one document, for engines that know no other files: what it refers to stands in its `$defs`."""
    definitions: dict[str, Any] = {}

    def local(value: Any, own: str) -> Any:
        if isinstance(value, list):
            return [local(one, own) for one in value]
        if not isinstance(value, dict):
            return value
        found = {key: local(one, own) for key, one in value.items() if key not in {"$id", "$defs"}}
        if isinstance(value.get("$ref"), str):
            place = referred(value["$ref"], own)
            key = "".join(letter if letter.isalnum() else "_" for letter in "".join(place))
            found["$ref"] = f"#/$defs/{key}"
            if key not in definitions:
                definitions[key] = {}
                definitions[key] = local(_at(*place), place[0])
        return found

    whole = local(schema(name), name)
    return {**whole, "$defs": definitions}


def _at(name: str, pointer: str) -> Any:
    found: Any = schema(name)
    for part in pointer.split("/")[1:]:
        found = found[part]
    return found


def _rust(name: str) -> Callable[[Any], bool]:
    is_valid: Callable[[Any], bool] = (
        importlib.import_module("jsonschema_rs").Draft202012Validator(bundled(name)).is_valid
    )
    return is_valid


def _fast(name: str) -> Callable[[Any], bool]:
    library = importlib.import_module("fastjsonschema")
    validate = library.compile(json.loads(json.dumps(bundled(name))))

    def holds(data: Any) -> bool:
        try:
            validate(data)
        except library.JsonSchemaException:
            return False
        return True

    return holds


ENGINES: dict[str, Callable[[str], Any]] = {
    "ours, the verdict": lambda name: compiled(name).holds,
    "ours, the faults": lambda name: lambda data: not faults(data, compiled(name)),
    "jsonschema": lambda name: library(name).is_valid,
    "jsonschema-rs": _rust,
    "fastjsonschema": _fast,
}
