"""What a file declares itself to be, and which specification judges it.

The generic description judges every kind that has none of its own, as bioimageio.spec does. A version newer than the newest known
is judged as the newest known; one between or before the known ones by nothing.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from workflows.describe.facts import resource_type
from workflows.static.scivision_family import scivision_family

GENERIC = "generic"
NEWEST = MappingProxyType(
    {
        "model": ("0.5.12", "0.4.10"),
        "dataset": ("0.3.4", "0.2.4"),
        "application": ("0.3.4", "0.2.4"),
        "notebook": ("0.3.4", "0.2.4"),
        "collection": ("0.2.4",),
        GENERIC: ("0.3.4", "0.2.4"),
    }
)
"""The newest patch of each version that has a schema here, the newest version first."""
OLD = MappingProxyType({"model": frozenset({"0.1", "0.2", "0.3"})})
"""Versions that the specification once had, and that are only read by tools that update them."""
RENEWED = frozenset({"model-0.5", *(f"{kind}-0.3" for kind in NEWEST if kind not in {"model", "collection"})})
"""The families since which a licence is one of SPDX's, a DOI bare, and a file a mapping with `source`."""
_VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}(?:\.[0-9]{1,4})?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Family:
    """`kind` as declared, `version` the minor version that judges it, `name` both in one, such as `generic-0.2`."""

    kind: str
    version: str
    name: str


def family_of(data: dict[str, Any]) -> Family:
    """What a description belongs to; the name is that of no schema where no specification that is known judges it."""
    if scivision := scivision_family(data):
        return Family(scivision, "", scivision)
    kind = resource_type(data)
    judge = kind if kind in NEWEST or not kind else GENERIC
    version = judged_version(judge, data.get("format_version"))
    return Family(kind, version, f"{judge}-{version}" if version else judge)


def judged_version(kind: str, declared: Any) -> str:
    """The minor version: the declared one, or the newest known where that is older; empty for what is no version."""
    if not isinstance(declared, str) or not _VERSION.match(declared):
        return ""
    newest = _minor(NEWEST[kind][0]) if kind in NEWEST else (0, 0)
    return ".".join(map(str, min(newest, _minor(declared)) if kind in NEWEST else _minor(declared)))


def is_newer(kind: str, declared: str) -> bool:
    """Whether a well-formed version is newer than the newest known, patch counted."""
    newest = NEWEST.get(kind, NEWEST[GENERIC])
    same = [known for known in newest if _minor(known) == _minor(declared)]
    return numbers(declared) > numbers(same[0] if same else newest[0])


def numbers(version: str) -> tuple[int, ...]:
    """A floor of 0.4 takes 0.4.0: the patch number counts only where both have one."""
    return tuple(int(part) for part in version.split("."))


def _minor(version: str) -> tuple[int, ...]:
    return numbers(version)[:2]
