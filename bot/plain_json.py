"""JSON from the other side of a fence: strict, bounded, finite, checked against a schema of `schemas/`.

Python's reader takes `NaN`, numbers as large as infinity and any depth; what comes out of a box or of the work side
may be hostile, so all three are refused here and nowhere else.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any, NoReturn

from jsonschema import Draft202012Validator

MAX_ANSWER_BYTES = 256 * 1024
"""The largest answer of the work side that the key-holding side reads."""


class NotPlainError(ValueError):
    """The text is not the JSON that was asked for; the message names where, never what (it may be hostile)."""


def loads(data: bytes | str, *, limit: int = MAX_ANSWER_BYTES) -> Any:
    """Parse strict JSON of at most `limit` bytes (characters, for text)."""
    if len(data) > limit:
        raise NotPlainError(f"more than {limit} bytes")
    try:
        return json.loads(data, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise NotPlainError(f"not plain JSON ({type(error).__name__})") from None


def dumps(value: Any) -> str:
    """Write JSON on one line, keys sorted: the form that is hashed and sent."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(value: Any) -> str:
    """The sha256 (hex) of the canonical form."""
    return hashlib.sha256(dumps(value).encode()).hexdigest()


def validate(value: Any, schema: str) -> dict[str, Any]:
    """Return `value` where it fits `schemas/<schema>.schema.json`, else raise `NotPlainError`."""
    problem = next(iter(_validator(schema).iter_errors(value)), None)
    if problem is not None:
        raise NotPlainError(f"does not fit the {schema} schema at {problem.json_path[:200]} ({problem.validator})")
    checked: dict[str, Any] = value
    return checked


def validate_part(value: Any, schema: str, part: str) -> Any:
    """Like `validate`, against one of the schema's `$defs`."""
    problem = next(iter(_validator(schema, part).iter_errors(value)), None)
    if problem is not None:
        raise NotPlainError(f"is no {part} of the {schema} schema at {problem.json_path[:200]} ({problem.validator})")
    return value


@cache
def _validator(name: str, part: str = "") -> Draft202012Validator:
    schema = json.loads(files("schemas").joinpath(f"{name}.schema.json").read_text(encoding="utf-8"))
    if part:
        schema = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": f"#/$defs/{part}"}
    return Draft202012Validator(schema)


def _refuse(constant: str) -> NoReturn:
    raise NotPlainError(f"{constant} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise NotPlainError("a number too large")
    return number
