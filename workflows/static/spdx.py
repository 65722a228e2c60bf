"""SPDX licence identifiers (https://spdx.org/licenses/), and which of them people mean by what they write instead."""

import json
import re
from functools import cache
from importlib.resources import files

from workflows.static.words import near

_NEAR = 0.8
_SHORTEST = 5  # characters; fewer are near to too many
_LONGEST = 200  # characters; longer text is no name of a licence
_FILLING = re.compile(r"\b(?:the|licen[cs]es?|licensed|version|under|v(?=[0-9]))|^v(?=[0-9])")
_SPACING = re.compile(r"[^a-z0-9.+]+")
_NUMBERED = re.compile(r"(?<=[a-z])v?(?=[0-9])")
_ADDRESSES = (
    (re.compile(r"creativecommons\.org/licenses/([a-z-]+)/([0-9.]+)"), r"cc-\1-\2"),
    (re.compile(r"creativecommons\.org/publicdomain/zero/([0-9.]+)"), r"cc0-\1"),
    (re.compile(r"(?:opensource|spdx)\.org/licenses?/([a-z0-9.+-]+?)(?:\.html|\.json)?/?$"), r"\1"),
    (re.compile(r"gnu\.org/(?:\S*/)?(?:old-)?licenses/((?:l|a)?gpl-[0-9.]+?)(?:\.[a-z]{2,5})*$"), r"\1"),
    (re.compile(r"apache\.org/licenses/license-([0-9.]+?)(?:\.html|\.txt)?$"), r"apache-\1"),
)
_SHORT = {
    "apache": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "bsd-2": "BSD-2-Clause",
    "bsd-3": "BSD-3-Clause",
    "cc-0": "CC0-1.0",
    "cc-by": "CC-BY-4.0",
    "cc-by-sa": "CC-BY-SA-4.0",
    "cc-by-nc": "CC-BY-NC-4.0",
    "creative-commons-attribution-4.0-international": "CC-BY-4.0",
    "cc-by-4.0-international": "CC-BY-4.0",
    **{f"{name}-{number}": f"{name.upper()}-{number}.0-only" for name in ("gpl", "lgpl", "agpl") for number in (2, 3)},
    "mozilla-public-2.0": "MPL-2.0",
    "lgpl-2": "LGPL-2.0-only",
}


@cache
def identifiers() -> tuple[frozenset[str], frozenset[str]]:
    """Current and deprecated identifiers."""
    spdx = json.loads(files("workflows.static").joinpath("spdx.json").read_text("utf-8"))
    return frozenset(spdx["current"]), frozenset(spdx["deprecated"])


def meant(text: str) -> str | None:
    """The current identifier that was most likely meant by a name, a url, or a deprecated identifier."""
    if len(text) > _LONGEST:
        return None
    current, deprecated = identifiers()
    if text in deprecated:
        return _successor(text)
    plain = _plain(_from_address(text.strip().lower()))
    folded = _folded()
    for word in (plain, f"{plain}.0", f"{plain}-clause"):
        if word in _SHORT or word in folded:
            found = _SHORT.get(word) or folded[word]
            return found if found in current else _successor(found)
    return near(plain, current, _NEAR) if len(plain) >= _SHORTEST else None


@cache
def _folded() -> dict[str, str]:
    """Every identifier in the form in which a name is looked up."""
    current, deprecated = identifiers()
    return {_plain(one.lower()): one for one in sorted(deprecated) + sorted(current)}


def _from_address(text: str) -> str:
    for address, name in _ADDRESSES:
        if found := address.search(text):
            return found.expand(name)
    return text


def _plain(text: str) -> str:
    """`the apache licence, version 2.0` as `apache-2.0`, `gplv3` as `gpl-3`."""
    return _SPACING.sub("-", _NUMBERED.sub("-", _FILLING.sub(" ", text))).strip("-")


def _successor(deprecated: str) -> str | None:
    """GPL-3.0 became GPL-3.0-only, GPL-3.0+ became GPL-3.0-or-later."""
    wanted = deprecated.removesuffix("+") + "-or-later" if deprecated.endswith("+") else deprecated + "-only"
    return wanted if wanted in identifiers()[0] else None
