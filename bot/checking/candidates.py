"""Which file to fetch before anything is known: by the reference client's names, else the only zip. Pure.

A guess that saves one box: `describe` decides, and asks for another file (`need-file`) where this was wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANKS = (("rdf.yaml", ".rdf.yaml"), ("bioimageio.yaml", ".bioimageio.yaml"), ("model.yaml", ""))


def candidates(names: Sequence[str], *, overridden: bool) -> list[str]:
    """The RDF's name, or the zip's; nothing where a replacement RDF stands in, or where only a refusal can follow."""
    top = [name for name in names if "/" not in name]
    for whole, ending in _RANKS:
        found = [name for name in top if name == whole or (ending and name.endswith(ending))]
        if found:
            return [] if overridden or len(found) > 1 else found
    zips = [name for name in top if name.lower().endswith(".zip")]
    return zips if len(zips) == 1 else []
