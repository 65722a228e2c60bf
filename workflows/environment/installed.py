"""Whether what is installed here satisfies a declaration: the box that is asked answers for its own image."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from packaging.requirements import Requirement

PROVIDES: Mapping[str, tuple[str, ...]] = {
    "onnxruntime": ("onnxruntime-gpu",),
    "opencv-python-headless": ("opencv-python",),
    "tensorflow-cpu": ("tensorflow", "tensorflow-gpu"),
    "tensorflow": ("tensorflow-cpu", "tensorflow-gpu"),
}
"""Distributions that hold the same modules as others, for machines with or without screens and graphics cards."""


def unsatisfied(requirements: Iterable[Requirement], installed: Mapping[str, str]) -> list[str]:
    """The requirements that the installed versions (by canonical name) do not meet, as they are written."""
    there = dict(installed)
    for name, others in PROVIDES.items():
        if name in installed:
            there = dict.fromkeys(others, installed[name]) | there
    return [str(one) for one in requirements if not _met(one, there.get(canonicalize_name(one.name)))]


def fits_python(specifier: str | None, version: str) -> bool:
    """Whether this Python is among those declared; a specifier that is none fits nothing."""
    try:
        return SpecifierSet(specifier or "").contains(version, prereleases=True)
    except InvalidSpecifier:
        return False


@cache
def installed_versions() -> Mapping[str, str]:
    """Version by canonical name of everything that is installed here."""
    found: dict[str, str] = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            found.setdefault(canonicalize_name(name), distribution.version)
    return found


def _met(requirement: Requirement, version: str | None) -> bool:
    return version is not None and requirement.specifier.contains(version, prereleases=True)
