"""What each verb may hand out: the names are ours, the box only fills them (`.github/BOXES.md`)."""

from __future__ import annotations

import re

_MIB = 1024**2
_SMALL = 256 * 1024
_INDEX = "(0|[1-9][0-9]?)"
JSON_BYTES = 4 * _MIB
"""The largest JSON frame: a description of 256 references and 1,024 members with the longest names fits."""

_FRAMES: dict[str, tuple[tuple[str, int | None], ...]] = {
    "describe": (
        ("description", JSON_BYTES),
        ("rdf", None),
        ("judge-spec", JSON_BYTES),
        ("plan", JSON_BYTES),
        ("box-rdf-[a-z0-9_]{1,64}", None),
        ("member-(0|[1-9][0-9]{0,3})", None),
    ),
    "static": (("findings", JSON_BYTES),),
    "produce": (
        ("produced", _SMALL),
        (f"tensor-{_INDEX}", None),
        (f"(again|flipped|noised|smallest|stepped)-{_INDEX}", None),
        ("extras", _SMALL),
    ),
    "judge": (("verdict", JSON_BYTES), (f"picture-{_INDEX}", _SMALL), ("artefact", None)),
    "compare": (("comparisons", JSON_BYTES),),
    "environment": (("environment", _SMALL),),
    "resolve": (("lock", 512 * 1024),),
    "install": (("installed", 64 * 1024),),
}
BUILDER_VERBS = frozenset({"resolve", "install"})
BOX_VERBS = frozenset(_FRAMES) - BUILDER_VERBS
"""What a sealed box may be asked for."""
DONE_BYTES = 64 * 1024


def largest(verb: str, name: str) -> int | None:
    """The largest payload of that frame, None for no other limit than the box's; `KeyError` if it is not allowed."""
    for pattern, limit in _FRAMES[verb]:
        if re.fullmatch(pattern, name):
            return limit
    raise KeyError(name)
