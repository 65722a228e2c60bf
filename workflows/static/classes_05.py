"""Which values a data type can hold, where a 0.5 model lists all that occur.

A list may be read in several ways, as pydantic reads a union: as what all its values are; else, with true for 1 and '2' for 2,
as the first of whole numbers, numbers, true and false that it can be read as.
"""

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any

from workflows.static.loose_numbers import real, whole

Value = int | float | bool | str
_FLOATS = MappingProxyType(
    {"float32": (-3.4028235e38, 3.4028235e38), "float64": (-1.7976931348623157e308, 1.7976931348623157e308)}
)
DTYPES = MappingProxyType(
    {
        **_FLOATS,
        **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
        **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
        "bool": (0, 1),
    }
)
"""Data type to the least and the largest number that it holds."""
_FARTHEST = 10**300  # still a floating point number
_TRUE = frozenset({"1", "on", "t", "true", "y", "yes"})
_FALSE = frozenset({"0", "off", "f", "false", "n", "no"})


def misfits(values: Sequence[Any], dtype: str) -> list[Value]:
    """The values that a data type cannot hold; all of them where they are of several kinds."""
    found = _read(values)
    if found is None:
        return list(values)
    return [value for value in found if not _fits(value, dtype)]


def _read(values: Sequence[Any]) -> list[Value] | None:
    kinds = {type(value) for value in values}
    if kinds & {dict, list, type(None)}:
        return None
    if len(kinds) == 1:
        return list(values)
    if kinds == {int, float}:
        return [value if abs(value) > _FARTHEST else float(value) for value in values]
    for reading in (whole, real, _truth):
        found = [_one(reading, value) for value in values]
        if None not in found:
            return [one for one in found if one is not None]
    return None


def _one(reading: Callable[[Any], Value | None], value: Any) -> Value | None:
    return reading(value)


def _truth(value: Any) -> bool | None:
    word = value.lower() if isinstance(value, str) else str(int(value)) if value in (0, 1) else ""
    return word in _TRUE if word in _TRUE | _FALSE else None


def _fits(value: Value, dtype: str) -> bool:
    if dtype == "bool" or isinstance(value, str):
        return isinstance(value, bool) if dtype == "bool" else "uint" in dtype
    if type(value) is float and "int" in dtype:
        return False
    least, most = DTYPES[dtype]
    return bool(least <= value <= most)
