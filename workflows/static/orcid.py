"""ORCID iDs."""

import re
from functools import lru_cache

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]")
_INSIDE = re.compile(r"[0-9]{4}([-\s]?)[0-9]{4}\1[0-9]{4}\1[0-9]{3}[0-9Xx]")


@lru_cache(maxsize=1024)
def orcid_is_valid(orcid: str) -> bool:
    """Four groups of four with the check digit of ISO 7064 MOD 11-2."""
    if not _WRITTEN.fullmatch(orcid):
        return False
    total = 0
    for digit in orcid.replace("-", ""):
        total = (2 * total + (10 if digit == "X" else int(digit))) % 11
    return total == 1


def orcid_inside(text: str) -> str | None:
    """The iD, as it is written, in an address, without hyphens, or with a small x."""
    found = _INSIDE.search(text[:200])
    if not found:
        return None
    digits = re.sub(r"[-\s]", "", found[0]).upper()
    orcid = "-".join(digits[start : start + 4] for start in range(0, 16, 4))
    return orcid if orcid_is_valid(orcid) else None
