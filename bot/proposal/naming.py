"""Names that follow from what a thing is: branch, folder, human id, title. Names carry ids only, never contributed text."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from bot.records.facts import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.records.submission import Upload

PART = re.compile(r"(?!\.)(?!.*\.\.)[a-z0-9.-]{1,64}(?<!\.)(?<!\.lock)")
"""What a path part of an entry may be; dots as git takes them in a ref (git-check-ref-format), for it names a tag too."""

_ENTRY = re.compile(r"collection/entries/([^/]+)/([^/]+)/(.+)")
_BRANCH = "accession/"
_OURS = re.compile(r"accession/[^/]+/[^/]+")
_SHORT = 16
_CANDIDATES = 64


def source_hash(upload: Upload) -> str:
    """The concept and the files as uploaded (names, sizes, the archive's md5): the same content gives the same name.

    A metadata edit, or a new version with the very same files, is the same source.
    """
    files = [[file.name, file.size, file.md5] for file in upload.files]
    return _digest({"archive": upload.archive, "concept": upload.concept, "files": files})


def branch(upload: Upload) -> str:
    """The branch of an upload; starts with `branch_prefix` of its concept."""
    return branch_prefix(upload.archive, upload.concept) + source_hash(upload)[:_SHORT]


def branch_prefix(archive: str, concept: str) -> str:
    """What all branches of one concept start with."""
    return f"{_BRANCH}{archive}-{concept}/"


def is_ours(name: str) -> bool:
    """A branch the bot names."""
    return bool(_OURS.fullmatch(name))


def concept_prefix(name: str) -> str:
    """The part of one of our branch names that all versions of a concept share."""
    return name[: name.rindex("/") + 1]


def source_key(name: str) -> str:
    """The part of one of our branch names that tells the source."""
    return name[name.rindex("/") + 1 :]


def id_tag(entry_id: str) -> str:
    """The tag ref that reserves a human id; creating it is atomic."""
    return f"tags/id/{entry_id}"


def candidates(concept: str) -> Iterator[str]:
    """`adjective-animal` names for a concept, in the order they are tried: candidate k follows from (concept, k)."""
    adjectives, animals = _words()
    for k in range(_CANDIDATES):
        number = int(_digest({"concept": concept, "k": k})[:16], 16)
        yield f"{adjectives[number % len(adjectives)]}-{animals[number // len(adjectives) % len(animals)]}"


def place_of(path: str) -> Place | None:
    """The entry folder a path lies in, None for any other path or unusable names."""
    found = _ENTRY.fullmatch(path)
    if not found or not (PART.fullmatch(found[1]) and PART.fullmatch(found[2])):
        return None
    return Place(found[1], found[2])


def commit_message(place: Place, concept: str, source: str) -> str:
    """The first line for people, the trailers for the next run: ids only."""
    return f"Add {place.id} {place.version}\n\nConcept: {concept}\nSource: {source}\n"


def reservation_message(entry_id: str, concept: str) -> str:
    """The commit that a reserved id points to where there is no entry yet."""
    return f"Reserve {entry_id}\n\nConcept: {concept}\n"


def concept_of(message: str) -> str | None:
    """The concept that a reserving commit names in its trailer."""
    lines = (line.partition(": ") for line in message.splitlines())
    return next((value for key, _, value in lines if key == "Concept"), None)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@cache
def _words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    data = json.loads(resources.files("bot.proposal").joinpath("words.json").read_text())
    return tuple(data["adjectives"]), tuple(data["animals"])


def text_hash(text: str) -> str:
    """A source's name where nothing was uploaded."""
    return _digest({"text": text})
