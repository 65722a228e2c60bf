"""One upload: look, decide, and open its pull request when it may be proposed. Its state is kept for `status`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from bot.corridor import carry
from bot.corridor.check_pull import UPLOADED, make_job
from bot.corridor.observe_pull import base_policy
from bot.digests import blob_sha
from bot.errors import DATABASE, AccessionError, PendingError
from bot.intake.gate import decide_record
from bot.proposal import naming
from bot.proposal.entry_file import entry
from bot.proposal.open_pull_request import Proposal, open_pull_request
from bot.proposal.pull_request_text import body, title
from bot.records.decision import Hold, Known, Propose, Refuse
from bot.records.event import RecordSubject
from bot.records.facts import KnownPull, RecordFacts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.corridor.desk import Desk
    from bot.records.decision import Gate
    from bot.records.facts import Place
    from bot.records.policy import Policy
    from bot.records.submission import Upload

ROOM = "uploads"

ASKED = "asked"
"""Room of the questions that the work side has not answered yet, by `digests.job_id`; each names its subject."""

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


def reconcile_record(desk: Desk, upload: Upload, *, asked: bool = False) -> Standing:
    """Never raises for what one upload does: the others go on. What somebody named stays named while it waits."""
    before = desk.store.get(ROOM, upload.record) or {}
    tried = int(before.get("attempts", 0))
    asked = asked or (before.get("status") == "waiting" and bool(before.get("asked")))
    try:
        standing = _reconcile(desk, upload, asked=asked, tried=tried)
    except PendingError as pending:
        desk.store.put(ASKED, pending.job, {"subject": str(RecordSubject(upload.record))})
        standing = Standing("waiting", "pending", pending.message)
    except AccessionError as error:
        if error.reason == DATABASE:
            raise
        standing = Standing("errored", error.reason, error.message)
    row = {"status": standing.status, "reason": standing.reason, "message": standing.message, "pull": standing.pull}
    attempts = {"errored": tried + 1, "waiting": tried}.get(standing.status, 0)
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

    def files(place: Place) -> Mapping[str, bytes]:
        derived = entry(place, upload, submission, concept=concept, source=naming.source_hash(upload))
        return {"entry.yaml": derived, "rdf.yaml": carried.rdf if carried else rdf}

    if not carried:
        desk.store.put(UPLOADED, f"{blob_sha(rdf)}:{naming.branch(upload)}", {"at": desk.now().isoformat()})
    resource = submission["resource"]
    proposal = Proposal(
        upload=upload,
        concept=concept,
        claimed=resource["claimed_id"],
        files=files,
        title=title,
        body=lambda place: body(place, upload, resource["name"], carried=carried.version if carried else None).text,
    )
    return open_pull_request(desk.github, desk.repository.partition("/")[0], proposal)
