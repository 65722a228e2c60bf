"""Numbers as bioimageio.spec reads them: it also takes text such as '15', and true and false for 1 and 0."""

import re
from math import isfinite
from typing import Any

_WHOLE = re.compile(r"\s*[-+]?[0-9]+(?:_[0-9]+)*(?:\.0+)?\s*\Z", re.ASCII)
_REAL = re.compile(
    r"\s*[-+]?(?:(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?|inf|infinity|nan)\s*\Z",
    re.ASCII | re.IGNORECASE,
)
_LONGEST = 400  # characters; longer text is no number of any use


def whole(value: Any) -> int | None:
    """A whole number, `None` for what is none."""
    if isinstance(value, str):
        digits = value if len(value) <= _LONGEST and _WHOLE.match(value) else ""
        return int(digits.partition(".")[0].replace("_", "")) if digits else None
    if isinstance(value, float):
        return int(value) if isfinite(value) and value.is_integer() else None
    return int(value) if isinstance(value, int) else None


def real(value: Any) -> float | None:
    """A number, be it without an end, `None` for what is none."""
    if isinstance(value, str):
        return float(value.replace("_", "")) if len(value) <= _LONGEST and _REAL.match(value) else None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e300 or isinstance(value, float) else None  # noqa: PLR2004 - a float's reach
    return None


def wholes(value: Any) -> list[int] | None:
    """A list of whole numbers, which may be empty; `None` where one of them is none."""
    if not isinstance(value, list):
        return None
    found = [whole(one) for one in value]
    return None if None in found else [one for one in found if one is not None]


def reals(value: Any) -> list[float] | None:
    """A list of numbers with an end; `None` where one of them is none."""
    if not isinstance(value, list):
        return None
    found = [real(one) for one in value]
    return None if None in found else [one for one in found if one is not None and isfinite(one)]
