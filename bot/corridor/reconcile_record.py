"""One upload: look, decide, and open its pull request when it may be proposed. Its state is kept for `status`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from bot.corridor import carry
from bot.corridor.check_pull import UPLOADED, contributor_of, make_job
from bot.corridor.observe_pull import base_policy
from bot.corridor.open_questions import ask
from bot.digests import blob_sha, digest
from bot.errors import DATABASES, AccessionError, GatewayError, PendingError
from bot.intake.gate import decide_record
from bot.proposal import naming
from bot.proposal.entry_file import entry
from bot.proposal.open_pull_request import Proposal, open_pull_request
from bot.proposal.pull_request_text import Corrected, body, title
from bot.queueing import expected
from bot.queueing.waiting_room import WaitingRoom
from bot.records.backlog import Backlog
from bot.records.decision import Hold, Known, Propose, Refuse
from bot.records.event import RecordSubject
from bot.records.facts import KnownPull, RecordFacts
from bot.records.turn import Turn
from bot.words import waiting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.corridor.desk import Desk
    from bot.records.decision import Gate
    from bot.records.facts import Place
    from bot.records.policy import Policy
    from bot.records.submission import Upload

ROOM = "uploads"

_ANSWERED = frozenset({"proposed", "known", "refused"})
"""What stays so as long as upload, policy, images and rules do."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Standing:
    """Where an upload stands, for `status`, with the sentence that says why.

    `proposed`, `known`, `held`, `refused`, `errored`, or `waiting` for the work side's answer.
    """

    status: str
    reason: str
    message: str
    pull: int | None = None


def settled(desk: Desk, upload: Upload, conditions: str) -> bool:
    """Whether this very upload had its answer under these conditions, so that a listing that shows it again costs nothing.

    A record that somebody names is looked at all the same, and a lost database costs one look for each.
    """
    row = desk.store.get(ROOM, upload.record)
    return bool(conditions) and row is not None and row.get("answered") == _answered(upload, conditions)


def _answered(upload: Upload, conditions: str) -> str:
    """Everything that the answer follows from, beside what is pending."""
    about = [naming.source_hash(upload), upload.access, sorted(upload.keywords), conditions]
    return digest(json.dumps(about))[:32]


def reconcile_record(desk: Desk, upload: Upload, *, asked: bool = False, conditions: str = "") -> Standing:
    """Never raises for what one upload does: the others go on. What somebody named stays named while it waits.

    `conditions` as `settled` will be asked with.
    """
    before = desk.store.get(ROOM, upload.record) or {}
    tried, failed = int(before.get("attempts", 0)), 1
    asked = asked or (before.get("status") == "waiting" and bool(before.get("asked")))
    try:
        standing = _reconcile(desk, upload, asked=asked, tried=tried)
    except PendingError as pending:
        ask(desk.store, pending.job, RecordSubject(upload.record))
        standing = Standing("waiting", "pending", pending.message)
    except AccessionError as error:
        if error.reason in DATABASES:
            raise
        failed = 0 if isinstance(error, GatewayError) and error.away else 1
        standing = Standing("errored", error.reason, error.message)
    row = {"status": standing.status, "reason": standing.reason, "message": standing.message, "pull": standing.pull}
    attempts = {"errored": tried + failed, "waiting": tried}.get(standing.status, 0)
    if conditions and standing.status in _ANSWERED:
        row["answered"] = _answered(upload, conditions)
    more = {"concept": upload.concept, "asked": asked, "tried": desk.now().isoformat(), "attempts": attempts}
    desk.store.put(ROOM, upload.record, {**row, **more})
    log.info(
        "record_reconciled", record=upload.record, status=standing.status, reason=standing.reason, pull=standing.pull
    )
    return standing


def _reconcile(desk: Desk, upload: Upload, *, asked: bool, tried: int) -> Standing:
    policy = base_policy(desk)
    gate = decide_record(_observe(desk, upload, policy, asked=asked))
    if not isinstance(gate, Propose):
        return _standing(gate)
    concept = f"{upload.archive}-{upload.concept}"
    submission = desk.workshop.prepare(make_job("prepare", upload, concept, policy, rdf=None, tries=(0, tried)))
    if submission["outcome"] != "described":
        status = "refused" if submission["outcome"] == "refused" else "errored"
        return Standing(status, submission["reason"], submission["message"])
    kind = submission["resource"]["type"]
    if kind not in policy.types:
        taken = ", ".join(policy.types)
        return Standing("refused", "type", f"The upload is a resource of type {kind}; this collection takes {taken}.")
    return Standing("proposed", "", "", _propose(desk, upload, concept, policy, submission))


def _standing(gate: Gate) -> Standing:
    match gate:
        case Known(message, pull):
            return Standing("known", "", message, pull)
        case Hold(reason, message):
            return Standing("held", reason, message)
        case Refuse(reason, message):
            return Standing("refused", reason, message)
        case Propose():
            return Standing("proposed", "", "")


def _observe(desk: Desk, upload: Upload, policy: Policy, *, asked: bool) -> RecordFacts:
    owner = desk.repository.partition("/")[0]
    found = desk.github.pulls(state="all", head=f"{owner}:{naming.branch(upload)}")
    pending = [
        p
        for p in desk.github.pulls(state="open")
        if naming.is_ours(p.head_branch) and p.head_repository == desk.repository
    ]
    others = [p for p in pending if not p.head_branch.startswith(naming.branch_prefix(upload.archive, upload.concept))]
    return RecordFacts(
        record=upload.record,
        access=upload.access,
        concept=upload.concept,
        keywords=upload.keywords,
        owners=upload.owners,
        total_bytes=sum(file.size for file in upload.files),
        files=len(upload.files),
        known=KnownPull(found[0].number, found[0].state, found[0].merged) if found else None,
        open_by_owner=sum(bool(set(upload.owners) & owners_of(desk, p.number)) for p in others),
        open_in_all=len(others),
        policy=policy,
        asked=asked,
    )


def owners_of(desk: Desk, number: int) -> set[str]:
    """The uploader of an open pull request's record; asked of the archive once, then kept."""
    kept = desk.store.get("owners", str(number))
    if kept is None:
        places = (naming.place_of(file.path) for file in desk.github.pull_files(number))
        version = next((place.version for place in places if place), "")
        upload = desk.archive.upload(version) if version.isdigit() else None
        kept = {"owners": list(upload.owners) if upload else []}
        desk.store.put("owners", str(number), kept)
    return set(kept["owners"])


def _propose(desk: Desk, upload: Upload, concept: str, policy: Policy, submission: Mapping[str, Any]) -> int:
    rdf = desk.workshop.blob(submission["rdf"]["sha256"])
    carried = carry.carry_over(desk, upload, concept, policy, rdf)
    merged = carried.rdf if carried else None

    def files(place: Place) -> Mapping[str, bytes]:
        derived = entry(place, upload, submission, concept=concept, source=naming.source_hash(upload))
        return {"entry.yaml": derived, "rdf.yaml": merged or rdf}

    if not merged:
        desk.store.put(UPLOADED, f"{blob_sha(rdf)}:{naming.branch(upload)}", {"at": desk.now().isoformat()})
    resource = submission["resource"]
    corrected = Corrected(carried.version, carried=merged is not None) if carried else None
    first = _first_report(desk, upload, resource["weights"])
    proposal = Proposal(
        upload=upload,
        concept=concept,
        claimed=resource["claimed_id"],
        files=files,
        title=title,
        body=lambda place: body(place, upload, resource["name"], corrected=corrected, first=first).text,
    )
    return open_pull_request(desk.github, desk.repository.partition("/")[0], proposal)


def _first_report(desk: Desk, upload: Upload, weights: Sequence[str]) -> str:
    """When the first report comes, for the text of the pull request: said once, coarsely, as it looks now."""
    backlog = desk.workshop.backlog() if isinstance(desk.workshop, WaitingRoom) else Backlog()
    turn = Turn(contributor_of(upload), "new", tuple(weights))
    taken = expected.durations(desk.store.items(expected.ROOM))
    return waiting.first_report(expected.seconds_for(backlog, "check", turn, taken), desk.public_url)
