"""What the builder of models' own environments is asked for, and what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass

REQUIREMENT = re.compile(
    r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\[[a-z0-9-]+(?:,[a-z0-9-]+)*\])?"
    r"(?:(?:==|!=|~=|<=|>=|<|>)[0-9A-Za-z.!+*_-]+(?:,(?:==|!=|~=|<=|>=|<|>)[0-9A-Za-z.!+*_-]+)*)?"
)
"""A canonical name, its extras, its versions: nothing in it is an option, an address, a path or a variable."""

LOCKED_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
LOCKED_VERSION = re.compile(r"[0-9A-Za-z.!+_-]+")
LOCKED_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Built:
    """An image with everything that was asked for."""

    image: str
    """Its digest, as boxes are run by."""
    lock: str
    """The sha256 that addresses it: of the resolved lock, and of the builder with our code in it."""


@dataclass(frozen=True)
class Unsolved:
    """There is no such image, and only other requirements can change that."""

    message: str
    """What failed and what to do, as a sentence for the contributor."""
    words: str
    """The end of what the resolver said; untrusted."""
