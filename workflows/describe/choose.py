"""Which file of an upload is its RDF: the reference client's precedence, case-sensitive.

bioimageio.spec looks for `rdf.yaml`, then `bioimageio.yaml`, then `model.yaml`, each also as an ending (`my.rdf.yaml`), among
the files of the top folder. Unlike it, two files of the same best rank are a question to the contributor, not a coin toss.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflows.describe.answer import Choice, Refusal

_RANKS = (("rdf.yaml", ".rdf.yaml"), ("bioimageio.yaml", ".bioimageio.yaml"), ("model.yaml", None))
NAMES = "rdf.yaml, *.rdf.yaml, bioimageio.yaml, *.bioimageio.yaml or model.yaml"


def candidates(listing: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names of the files that must be fetched to describe an upload: the RDF, or the zip it may be in."""
    chosen = choose([str(file["name"]) for file in listing])
    return [chosen.name] if isinstance(chosen, Choice) else []


def choose(names: Sequence[str]) -> Choice | Refusal:
    """The RDF, else the only zip, else a refusal."""
    found = choose_rdf(names)
    if not isinstance(found, Refusal):
        return Choice(found, zipped=False)
    if found.reason != "no-rdf":
        return found
    zips = [name for name in names if name.lower().endswith(".zip") and "/" not in name]
    return Choice(zips[0], zipped=True) if len(zips) == 1 else found


def is_rdf_name(name: str) -> bool:
    """Whether a file of this name is an RDF, of whatever rank."""
    return any(_has_name(name, whole, ending) for whole, ending in _RANKS)


def choose_rdf(names: Sequence[str]) -> str | Refusal:
    """The one file of the best rank that is present."""
    for whole, ending in _RANKS:
        best = sorted({name for name in names if "/" not in name and _has_name(name, whole, ending)})
        if len(best) == 1:
            return best[0]
        if best:
            listed = " and ".join(repr(name[:80]) for name in best[:4])
            return Refusal("rdf-tie", f"{listed} could each be the RDF: keep one of them, or name one rdf.yaml alone.")
    return Refusal("no-rdf", f"There is no RDF among the files: add one named {NAMES}, or one zip that holds it.")


def _has_name(name: str, whole: str, ending: str | None) -> bool:
    return name == whole or (ending is not None and name.endswith(ending))
