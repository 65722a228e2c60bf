"""Carry a correction of `rdf.yaml` to the next version of the upload.

What a contributor or maintainer corrected in a pull request would be lost with the next upload, which usually has the same
mistake. The difference between rdf.yaml as uploaded and as it stood in the collection is applied to the new upload by a
three-way merge of its lines; the bytes stay opaque text here, nothing is parsed. A conflict carries nothing, and the pull
request says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from merge3 import Merge3

from bot.corridor.check_pull import make_job
from bot.proposal import naming
from bot.proposal.open_pull_request import owned_id

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.facts import Place
    from bot.records.policy import Policy
    from bot.records.submission import Upload


MOST_LINES = 1000
"""Of each text. Lines that somebody chose cost a time that grows with the cube of their number: 0.4 s for so many, 6 s for three
times as many, whatever their length. Of 780 real files 99 in 100 have at most 207."""


@dataclass(frozen=True)
class Carried:
    """The merged rdf.yaml, None where the corrections could not be carried; and the version that was corrected."""

    rdf: bytes | None
    version: str


def carry_over(desk: Desk, upload: Upload, concept: str, policy: Policy, rdf: bytes) -> Carried | None:
    """The new upload's rdf.yaml with the last correction, None where there is nothing to carry."""
    found = _corrected(desk, upload, concept)
    if found is None:
        return None
    place, fixed = found
    earlier = desk.archive.upload(place.version)
    if earlier is None or earlier.access != "open":
        return None
    submission = desk.workshop.prepare(make_job("prepare", earlier, concept, policy, rdf=None))
    if submission["outcome"] != "described":
        return None
    merged = merge(desk.workshop.blob(submission["rdf"]["sha256"]), fixed, rdf)
    return Carried(merged, place.version) if merged != rdf else None


def merge(base: bytes, fixed: bytes, new: bytes) -> bytes | None:
    """The lines of `new` with the changes from `base` to `fixed`; None for a conflict, or for what is too long to be compared."""
    if base in {fixed, new}:
        return new if base == fixed else fixed
    before, theirs, ours = (text.splitlines(keepends=True) for text in (base, fixed, new))
    if max(len(before), len(theirs), len(ours)) > MOST_LINES:
        return None
    groups = list(Merge3(before, theirs, ours).merge_groups())
    if any(group[0] == "conflict" for group in groups):
        return None
    return b"".join(line for group in groups for line in group[1])


def _corrected(desk: Desk, upload: Upload, concept: str) -> tuple[Place, bytes] | None:
    """rdf.yaml of the concept's latest other version: in an open pull request, else in the collection."""
    prefix = naming.branch_prefix(upload.archive, upload.concept)
    pulls = [
        p
        for p in desk.github.pulls(state="open")
        if p.head_branch.startswith(prefix) and p.head_repository == desk.repository
    ]
    for pull in sorted(pulls, key=lambda p: -p.number):
        places = (naming.place_of(file.path) for file in desk.github.pull_files(pull.number))
        place = next((found for found in places if found), None)
        file = desk.github.file(f"{place.folder}/rdf.yaml", pull.head_sha) if place else None
        if place and file and place.version != upload.record:
            return place, file[1]
    return _accepted(desk, upload, concept)


def _accepted(desk: Desk, upload: Upload, concept: str) -> tuple[Place, bytes] | None:
    entry_id = owned_id(desk.github, concept)
    if entry_id is None:
        return None
    base = desk.github.ref(f"heads/{desk.github.default_branch()}") or ""
    files = desk.github.folder(base, f"collection/entries/{entry_id}")
    places = ((naming.place_of(file.path), file) for file in files if file.path.endswith("/rdf.yaml"))
    found = [
        (place, file) for place, file in places if place and place.version.isdigit() and place.version != upload.record
    ]
    if not found:
        return None
    place, file = max(found, key=lambda pair: int(pair[0].version))
    return place, desk.github.blob(file.sha)
