"""Open the one pull request of an upload. Every step looks before it writes, so that a run that died is completed by the next.

Writes: tree, commit, tag (reserves the human id), branch, pull request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.proposal import naming
from bot.records.facts import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.github_port import GitHub
    from bot.records.submission import Upload


@dataclass(frozen=True)
class Proposal:
    """What is to be proposed; `files` gives the folder's files once the place is known (path below the folder to bytes)."""

    upload: Upload
    concept: str
    claimed: str | None
    files: Callable[[Place], Mapping[str, bytes]]
    title: Callable[[Place], str]
    body: Callable[[Place], str]


def open_pull_request(github: GitHub, owner: str, proposal: Proposal) -> int:
    """The number of the pull request, opened now or found; `owner` is the repository's."""
    branch = naming.branch(proposal.upload)
    place = _proposed_before(github, branch) or _propose(github, branch, proposal)
    found = github.pulls(state="all", head=f"{owner}:{branch}")
    if found:
        return found[0].number
    try:
        return github.create_pull(head=branch, title=proposal.title(place), body=proposal.body(place))
    except GatewayError as error:
        again = github.pulls(state="all", head=f"{owner}:{branch}")
        if not again:
            raise error from None
        return again[0].number


def _proposed_before(github: GitHub, branch: str) -> Place | None:
    """The branch stands already: its commit message says which place was taken."""
    sha = github.ref(f"heads/{branch}")
    if sha is None:
        return None
    match github.commit(sha).message.partition("\n")[0].split():
        case ["Add", entry_id, version]:
            return naming.place_of(f"collection/entries/{entry_id}/{version}/rdf.yaml")
    return None


def _propose(github: GitHub, branch: str, proposal: Proposal) -> Place:
    upload = proposal.upload
    parent = github.ref(f"heads/{github.default_branch()}") or ""
    for entry_id in _ids(github, proposal):
        place = Place(entry_id, upload.record)
        files = {f"{place.folder}/{name}": content for name, content in proposal.files(place).items()}
        message = naming.commit_message(place, proposal.concept, naming.source_hash(upload))
        commit = github.create_commit(parent=parent, files=files, message=message, when=_when(upload))
        if _reserve(github, entry_id, commit, proposal.concept):
            github.create_ref(f"heads/{branch}", commit)
            return place
    raise GatewayError("No human id is free for this upload.", reason="no-free-id", transient=False)


def _ids(github: GitHub, proposal: Proposal) -> Iterator[str]:
    """The id that this concept owns, else the free ones in their order. A claimed id counts only for the concept that owns it."""
    claimed = [proposal.claimed] if proposal.claimed and naming.PART.fullmatch(proposal.claimed) else []
    for number, entry_id in enumerate([*claimed, *naming.candidates(proposal.concept)]):
        owner = id_owner(github, entry_id)
        if owner == proposal.concept:
            yield entry_id
            return
        if owner is None and number >= len(claimed):
            yield entry_id


def owned_id(github: GitHub, concept: str) -> str | None:
    """The human id that a concept owns, by its candidates up to the first free one."""
    for entry_id in naming.candidates(concept):
        owner = id_owner(github, entry_id)
        if owner is None or owner == concept:
            return entry_id if owner else None
    return None


def id_owner(github: GitHub, entry_id: str) -> str | None:
    """The concept that a human id is reserved for; empty when it is reserved by something that is not ours, None when free."""
    sha = github.ref(naming.id_tag(entry_id))
    if sha is None:
        return None
    return naming.concept_of(github.commit(sha).message) or ""


def _reserve(github: GitHub, entry_id: str, commit: str, concept: str) -> bool:
    """Creating the tag is atomic; when somebody was faster, it is ours only if it names our concept."""
    if github.create_ref(naming.id_tag(entry_id), commit):
        return True
    return id_owner(github, entry_id) == concept


def reserve_by_hand(github: GitHub, place: Place, concept: str) -> bool:
    """Reserve the id of an entry that came as a hand-made pull request; true when it is the concept's."""
    owner = id_owner(github, place.id)
    if owner is not None:
        return owner == concept
    parent = github.ref(f"heads/{github.default_branch()}") or ""
    message = naming.reservation_message(place.id, concept)
    commit = github.create_commit(parent=parent, files={}, message=message, when=datetime.fromtimestamp(0, UTC))
    return _reserve(github, place.id, commit, concept)


def _when(upload: Upload) -> datetime:
    """A fixed date makes the commit the same in every run."""
    return upload.updated.astimezone(UTC).replace(microsecond=0)
