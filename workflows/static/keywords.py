"""The keywords of JSON Schema 2020-12 that ask something of a value itself, each made into a test once.

Numbers, true and false are JSON's: `true` is no number, 1.0 is an integer and equals 1. Not-a-number passes every bound, as in
`jsonschema`.
"""

import re
from collections.abc import Callable
from math import isfinite
from typing import Any

Test = Callable[[Any], bool]

_LONGEST_MATCHED = 4096  # characters; longer text is refused where a pattern is asked for, so that no pattern runs long
_PLAIN: dict[str, type] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_number(value: Any) -> bool:
    """A number that is not true or false."""
    return isinstance(value, int | float) and value is not True and value is not False


def same(one: Any, other: Any) -> bool:
    """JSON's equality."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return bool(one == other)


def type_test(wanted: str | list[str]) -> Test:
    """`type`, one name or several."""
    names = [wanted] if isinstance(wanted, str) else wanted
    if len(names) == 1:
        return _one_type(names[0])
    plain = tuple(_PLAIN[name] for name in names if name in _PLAIN)
    if len(plain) == len(names):
        return lambda value: isinstance(value, plain)
    tests = tuple(map(_one_type, names))
    return lambda value: any(test(value) for test in tests)


def _one_type(name: str) -> Test:
    if name == "number":
        return is_number
    if name == "integer":
        return lambda value: is_number(value) and (isinstance(value, int) or value.is_integer())
    kind = _PLAIN[name]
    return lambda value: isinstance(value, kind)


def _const(wanted: Any) -> Test:
    return (lambda value: value == wanted) if isinstance(wanted, str) else lambda value: same(value, wanted)


def _enum(wanted: list[Any]) -> Test:
    words = frozenset(word for word in wanted if isinstance(word, str))
    others = tuple(one for one in wanted if not isinstance(one, str))
    if not others:
        return lambda value: isinstance(value, str) and value in words
    return lambda value: value in words if isinstance(value, str) else any(same(value, one) for one in others)


def _pattern(text: str) -> Test:
    """Compiled when it is first asked: compiling the patterns of a model's schema takes longer than judging ten models."""
    search: Callable[[str], Any] | None = None

    def holds(value: str) -> bool:
        nonlocal search
        search = search or re.compile(text).search
        return len(value) <= _LONGEST_MATCHED and search(value) is not None

    return holds


def _unique(wanted: bool) -> Test:  # noqa: FBT001 - the keyword's value
    return lambda value: not wanted or _all_differ(value)


def _all_differ(values: list[Any]) -> bool:
    """Plain text by a set; anything else pair by pair, of which a document's limits allow few."""
    words = [value for value in values if isinstance(value, str)]
    others = [value for value in values if not isinstance(value, str)]
    apart = all(not same(one, other) for place, one in enumerate(others) for other in others[:place])
    return apart and len(set(words)) == len(words)


def _multiple(of: float) -> Test:
    """Of whole numbers exactly: one may be too large for a floating point one."""
    above, below = of.as_integer_ratio()

    def holds(value: float) -> bool:
        if isinstance(value, int):
            return value * below % above == 0
        return isfinite(value) and value % of == 0

    return holds


_SIZES: dict[str, Callable[[int], Test]] = {
    "min": lambda bound: lambda value: len(value) >= bound,
    "max": lambda bound: lambda value: len(value) <= bound,
}
_IS_TEXT, _IS_LIST, _IS_MAPPING = map(_one_type, ("string", "array", "object"))
KEYWORDS: dict[str, tuple[Test | None, Callable[[Any], Test]]] = {
    "type": (None, type_test),
    "const": (None, _const),
    "enum": (None, _enum),
    "minLength": (_IS_TEXT, _SIZES["min"]),
    "maxLength": (_IS_TEXT, _SIZES["max"]),
    "pattern": (_IS_TEXT, _pattern),
    "minItems": (_IS_LIST, _SIZES["min"]),
    "maxItems": (_IS_LIST, _SIZES["max"]),
    "uniqueItems": (_IS_LIST, _unique),
    "minProperties": (_IS_MAPPING, _SIZES["min"]),
    "maxProperties": (_IS_MAPPING, _SIZES["max"]),
    "minimum": (is_number, lambda bound: lambda value: not value < bound),
    "maximum": (is_number, lambda bound: lambda value: not value > bound),
    "exclusiveMinimum": (is_number, lambda bound: lambda value: not value <= bound),
    "exclusiveMaximum": (is_number, lambda bound: lambda value: not value >= bound),
    "multipleOf": (is_number, _multiple),
}
"""Keyword to the kind of value that it speaks of (none: every) and the maker of its test, in the order of asking."""


def tests_of(schema: dict[str, Any]) -> tuple[tuple[str, Test], ...]:
    """The tests of a schema's own keywords; one that speaks of another kind of value holds."""
    certain = schema.get("type")
    found = []
    for word, (speaks_of, make) in KEYWORDS.items():
        if word in schema:
            test = make(schema[word])
            found.append((word, test if speaks_of is None or _sure(certain, word) else _guarded(speaks_of, test)))
    return tuple(found)


def _sure(certain: Any, word: str) -> bool:
    """Whether the type, which is tested first, leaves only values of which the keyword speaks."""
    if certain == "string":
        return word in {"minLength", "maxLength", "pattern"}
    return certain in ("number", "integer") and KEYWORDS[word][0] is is_number


def _guarded(speaks_of: Test, test: Test) -> Test:
    return lambda value: not speaks_of(value) or test(value)
