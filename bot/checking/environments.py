"""What becomes of a weights entry that declares dependencies: the stock image, one of its own, or a reason. Pure.

0.4 and 0.5 declare them with the weights. The field at the top of a 0.3 or 0.4 RDF is about the model's own code, and so about
`pytorch_state_dict` where that says nothing itself: other weights bring no code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.checking.prepared import Prepared, Reference
    from bot.ports import Json
    from bot.records.environment import Unsolved

OK_TO_BUILD = "ok-to-build"
FILE = "dependencies"
"""Local name of the file of dependencies in the box that reads it."""

_OURS = ("bioimageio-core==0.11.0", "numpy", "pydantic<2.14", "ruamel-yaml>=0.18")
"""What every image needs to run models; the declaration decides about everything else, and about the versions of numpy."""

_FRAMEWORKS: Mapping[str, tuple[str, ...]] = {
    "onnx": ("onnxruntime", "onnxruntime-gpu"),
    "torchscript": ("torch",),
    "pytorch_state_dict": ("torch",),
    "keras_hdf5": ("tensorflow", "tensorflow-cpu", "tensorflow-gpu"),
    "keras_v3": ("keras", "tensorflow", "tensorflow-cpu", "tensorflow-gpu"),
    "tensorflow_saved_model_bundle": ("tensorflow", "tensorflow-cpu", "tensorflow-gpu"),
}
"""What runs the format: the first is added where the declaration names none of them. No package on PyPI runs the others."""
_PLACE = re.compile(r"(?:/weights/[^/]+)?/dependencies(?:/source)?")
_CODE_FORMAT = "pytorch_state_dict"
_SHOWN = 12
"""So many packages are named, the others counted."""


@dataclass(frozen=True)
class Stock:
    """The stock image serves."""


@dataclass(frozen=True)
class Build:
    """An image with these requirements, to be resolved together."""

    requirements: tuple[str, ...]


@dataclass(frozen=True)
class Untried:
    """The weights are not run: `skipped`, `failed` (the contributor's) or `errored` (ours), and what a maintainer may say."""

    kind: str
    message: str
    detail: str = ""
    awaits: str = ""


def declaration(prepared: Prepared, weights_format: str) -> Reference | None:
    """The file of dependencies that speaks for these weights."""
    own = f"/weights/{weights_format}/dependencies"
    places = [own, f"{own}/source"]
    if weights_format == _CODE_FORMAT:
        places += ["/dependencies", "/dependencies/source"]
    found = {reference.pointer: reference for reference in prepared.references}
    return next((found[place] for place in places if place in found), None)


def is_declaration(reference: Reference) -> bool:
    """For the box that reads it, and for no box that runs a model."""
    return _PLACE.fullmatch(reference.pointer) is not None


def pointer(reference: Reference) -> str:
    """Where the RDF says which manager the file is for."""
    return reference.pointer.removesuffix("/source")


def decide(answer: Json, weights_format: str, *, allowed: bool) -> Stock | Build | Untried:
    """What follows from the box's answer (`schemas/environment.schema.json`); `allowed`: a maintainer said ok-to-build."""
    if answer["outcome"] == "refused":
        return Untried("failed", f"The declared dependencies cannot be taken: {answer['message']}")
    if answer["untranslated"]:
        return Untried("errored", _untranslated(answer["untranslated"]))
    if not answer["python_fits"]:
        declared, here = answer["python"], answer["box_python"]
        return Untried("skipped", f"Declares Python {declared}; the boxes have {here}, and no others are built.")
    if not answer["unsatisfied"]:
        return Stock()
    return _unmet(answer, weights_format, allowed=allowed)


def _unmet(answer: Json, weights_format: str, *, allowed: bool) -> Build | Untried:
    if weights_format not in _FRAMEWORKS:
        return Untried("skipped", _never_built(answer["unsatisfied"], weights_format))
    if not allowed:
        return Untried("skipped", _waits(answer["unsatisfied"]), "\n".join(answer["requirements"]), OK_TO_BUILD)
    return Build(wanted(answer["requirements"], weights_format))


def wanted(declared: Iterable[str], weights_format: str) -> tuple[str, ...]:
    """The declaration, and what is needed to run the model; where both speak of one package, the declaration is taken."""
    requirements = list(declared)
    named = {_name(one) for one in requirements}
    frameworks = _FRAMEWORKS[weights_format]
    ours = [one for one in _OURS if _name(one) not in named]
    return (*requirements, *ours, *(frameworks[:1] if not named & set(frameworks) else ()))


def unusable(reference: Reference) -> Untried:
    """The file did not come, or is not the one that the RDF names."""
    problem = reference.problem or {}
    said = f"{problem.get('message', '')} {problem.get('fix', '')}".strip()
    return Untried(
        "failed", f"The file of dependencies {reference.source[:200]!r} is not as it should be. {said}".strip()
    )


def unsolved(answer: Unsolved) -> Untried:
    """The resolver's own words are the evidence."""
    return Untried("failed", answer.message, answer.words)


def not_starting(message: str) -> Untried:
    """An image whose packages are so old or so new that what runs models does not even load."""
    advice = "pin other versions, or declare only what the model needs"
    return Untried(
        "failed",
        f"An image with the declared dependencies was built, but models cannot be run in it: {advice}.",
        message,
    )


def _untranslated(packages: list[str]) -> str:
    return (
        f"Declares conda packages that have no known name on PyPI: {_listed(packages)}. Nothing is wrong with the upload: a "
        "maintainer has to add them to the table of names, or the file can list the packages below `pip:`."
    )


def _never_built(packages: list[str], weights_format: str) -> str:
    return (
        f"Declares dependencies that the stock boxes do not have: {_listed(packages)}; {weights_format} weights are run in "
        "the stock boxes alone."
    )


def _waits(packages: list[str]) -> str:
    return (
        f"Declares dependencies that the stock boxes do not have: {_listed(packages)}; a maintainer can have them built "
        f"with `/accession {OK_TO_BUILD}`."
    )


def _listed(packages: list[str]) -> str:
    rest = len(packages) - _SHOWN
    return ", ".join(f"`{one}`" for one in packages[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _name(requirement: str) -> str:
    end = next((index for index, sign in enumerate(requirement) if sign in "[=!~<>"), len(requirement))
    return requirement[:end]
