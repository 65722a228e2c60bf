"""Have the work side check what stands at a pull request's head, and keep the verdict with what follows from it."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.corridor import archive_away, checks_kept
from bot.digests import blob_sha
from bot.errors import DATABASES, GatewayError
from bot.proposal import naming
from bot.proposal.entry_file import entry
from bot.records.decision import RunChecks
from bot.records.turn import Turn
from bot.review.decision import MOST_ATTEMPTS
from bot.review.policy import job_policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.corridor.desk import Desk
    from bot.records.facts import Place, PullFacts
    from bot.records.policy import Policy
    from bot.records.submission import Upload

LOGIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,39}(?<!-)")
"""What GitHub takes as a login; anything else would ping a stranger or nobody."""

UPLOADED = "uploaded"
"""Room of the git blob shas of rdf.yaml files that went into a proposal just as they were uploaded."""

GONE = "Record {} is not open in the archive any more: it was withdrawn or restricted. Open it again, or close this pull request."

_PRESSED = 10**19
"""What the id of a check run that is wanted again is counted from: a comment has no such id, and 20 digits are a job's most."""

PAUSES = (timedelta(minutes=1), timedelta(minutes=10))
"""Before the second and the third try, where the trouble is ours."""


def check_pull(desk: Desk, facts: PullFacts, asked: RunChecks) -> None:
    """Prepare and check; the result is found again under `facts.check_key`.

    Trouble of the work side is an `errored` verdict: counted, tried again, told to a human in the end. An archive that is
    away is nobody's verdict, nor is trouble of a database: it raises, is waited for, and counts for no try.
    """
    rdf = _rdf(desk, facts)
    upload, concept = None, ""
    try:
        upload, concept = source_of(desk, facts.place) if facts.place else (None, "")
        submission, report = _judge(desk, facts, upload, concept, rdf, asked)
    except GatewayError as error:
        if error.away or error.reason in DATABASES:
            raise
        submission = _nothing("errored", error.reason, error.message)
        report = _undescribed(submission)
    _keep(desk, facts, upload, concept, submission, report, asked)


def _judge(
    desk: Desk, facts: PullFacts, upload: Upload | None, concept: str, rdf: bytes | None, asked: RunChecks
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The work side's description and verdict; an upload that is gone is the contributor's to explain."""
    if facts.own and upload is None:
        submission = _nothing("refused", "record-gone", GONE.format(facts.place.version if facts.place else ""))
        return submission, _undescribed(submission)
    question = _question(desk, facts, asked)
    tries = (
        question,
        (0 if asked != RunChecks() else _tried(desk, facts)) + archive_away.waited(desk, facts.check_key),
    )
    turn = Turn(_contributor(facts, upload), "again" if question else "new")
    job = make_job("check", upload, concept, facts.policy, rdf=rdf, tries=tries, turn=turn)
    if facts.state and facts.state.build:
        job["build"] = facts.state.build
    submission = desk.workshop.prepare({**job, "verb": "prepare"})
    archive_away.check(desk, facts.check_key, upload, submission)
    if submission["outcome"] != "described":
        return submission, _undescribed(submission)
    weights = tuple(submission["resource"]["weights"])
    return submission, desk.workshop.check({**job, "turn": replace(turn, weights=weights).as_json()})


def _contributor(facts: PullFacts, upload: Upload | None) -> str:
    """The uploader; who opened the pull request where there is no upload."""
    return contributor_of(upload) if upload else f"github-{facts.pull.author.login.lower()}"


def contributor_of(upload: Upload) -> str:
    """One account of the archive; the upload itself where the archive names none."""
    return f"{upload.archive}-{min(upload.owners, default=upload.record)}"


def _nothing(outcome: str, reason: str, message: str) -> dict[str, Any]:
    """An answer of `schemas/submission.schema.json` about an upload that nobody could look into."""
    nothing: dict[str, Any] = {"rdf": None, "resource": None, "files": [], "content_hash": None}
    return {
        "schema": "accession/submission/1",
        "outcome": outcome,
        "reason": reason[:64],
        "message": message[:2000],
        **nothing,
    }


def _question(desk: Desk, facts: PullFacts, asked: RunChecks) -> int:
    """What the question is named after: whoever asks now, else whoever asked for the one that is tried again."""
    if asked != RunChecks():
        return asked.answers or _PRESSED + asked.rerun
    before = checks_kept.load(desk.store, facts.check_key)
    told = facts.state.answered if facts.state and facts.state.check_key == facts.check_key else 0
    return before.question if before else told


def _tried(desk: Desk, facts: PullFacts) -> int:
    """How often this was asked in vain already."""
    before = checks_kept.load(desk.store, facts.check_key)
    told = facts.state.attempts if facts.state and facts.state.check_key == facts.check_key else 0
    return before.attempts if before else told


def make_job(
    verb: str,
    upload: Upload | None,
    concept: str,
    policy: Policy,
    *,
    rdf: bytes | None,
    tries: tuple[int, int] = (0, 0),
    turn: Turn | None = None,
) -> dict[str, Any]:
    """A job of `schemas/job.schema.json`; `tries` (command or click answered, tries in vain) makes it another question than before.

    Without a `turn` it is the uploader's own.
    """
    files = (
        [] if upload is None else [{"name": f.name, "url": f.url, "size": f.size, "md5": f.md5} for f in upload.files]
    )
    source = {
        "archive": upload.archive if upload else "none",
        "concept": concept,
        "record": upload.record if upload else "",
        "files": files,
    }
    override = base64.b64encode(rdf).decode() if rdf is not None else None
    attempt = {"attempt": f"{tries[0]}.{tries[1]}"} if any(tries) else {}
    turn = turn or Turn(contributor_of(upload) if upload else concept)
    return {
        **attempt,
        "schema": "accession/job/1",
        "verb": verb,
        "source": source,
        "rdf_override": override,
        "policy": job_policy(policy),
        "evidence_days": policy.evidence_days,
        "turn": turn.as_json(),
    }


def source_of(desk: Desk, place: Place) -> tuple[Upload | None, str]:
    """The upload that an entry's version names, and the concept that owns its id."""
    upload = desk.archive.upload(place.version) if place.version.isdigit() else None
    if upload is not None and upload.access == "open":
        return upload, f"{upload.archive}-{upload.concept}"
    return None, f"github-{place.id}"


def _rdf(desk: Desk, facts: PullFacts) -> bytes | None:
    """rdf.yaml at the head, where it is not known to be the uploaded one (then the work side has described it already)."""
    if facts.content.rdf is None or (
        facts.own and desk.store.get(UPLOADED, f"{facts.content.rdf}:{facts.pull.head_branch}") is not None
    ):
        return None
    return desk.github.blob(facts.content.rdf)


def _keep(
    desk: Desk,
    facts: PullFacts,
    upload: Upload | None,
    concept: str,
    submission: Mapping[str, Any],
    report: dict[str, Any],
    asked: RunChecks,
) -> None:
    before = checks_kept.load(desk.store, facts.check_key)
    errored = report["outcome"] == "errored"
    attempts = (0 if asked != RunChecks() else _tried(desk, facts)) + 1 if errored else 0
    pause = PAUSES[min(attempts, len(PAUSES)) - 1] if errored and attempts < MOST_ATTEMPTS else None
    resource = submission["resource"] or {}
    mentions, notes = _reachable(desk, resource.get("maintainers", ()), facts.policy)
    source = naming.source_hash(upload) if upload else naming.text_hash(concept)
    content = (
        entry(facts.place, upload, submission, concept=concept, source=source) if facts.place and resource else b""
    )
    checks_kept.keep(
        desk.store,
        facts.check_key,
        report,
        {
            "excluded": sorted(_involved(resource)),
            "mentions": mentions,
            "maintainers": [m["github_user"] for m in resource.get("maintainers", ()) if m["github_user"]],
            "entry": content,
            "entry_sha": blob_sha(content) if content else "",
            "source": upload.url if upload else None,
            "notes": [*notes, *twins(desk, facts, concept, submission)],
            "attempts": attempts,
            "retry_at": (desk.now() + pause).isoformat() if pause else "",
            "pull": facts.pull.number,
            "at": desk.now().isoformat(),
            "answered": max(asked.answers, before.answered if before else 0),
            "question": _question(desk, facts, asked),
            "reran": max(asked.rerun, before.reran if before else 0),
        },
    )


def _undescribed(submission: Mapping[str, Any]) -> dict[str, Any]:
    """A report for content that could not even be described: refused is the contributor's, errored is ours."""
    refused = submission["outcome"] == "refused"
    finding = {
        "level": "error",
        "rule": submission["reason"] or "refused",
        "pointer": "",
        "line": 1,
        "column": None,
        "message": submission["message"],
        "fix": "",
        "suggestion": None,
    }
    return {
        "schema": "accession/report/1",
        "content_hash": submission["content_hash"] or "0" * 64,
        "image": "",
        "rules": "",
        "outcome": "failed" if refused else "errored",
        "message": submission["message"],
        "findings": [finding] if refused else [],
        "findings_left_out": 0,
        "weights": [],
        "comparisons": [],
        "seconds": {},
    }


def _involved(resource: Mapping[str, Any]) -> set[str]:
    people = (p for role in ("authors", "maintainers", "packagers") for p in resource.get(role, ()))
    return {p["github_user"].lower() for p in people if p["github_user"] and LOGIN.fullmatch(p["github_user"])}


def _reachable(desk: Desk, maintainers: Iterable[Mapping[str, Any]], policy: Policy) -> tuple[list[str], list[str]]:
    """Maintainers with a well-formed and existing login, at most as many as policy mentions; and a note for the others."""
    names = list(dict.fromkeys(m["github_user"] for m in maintainers if m["github_user"]))
    formed = [name for name in names if LOGIN.fullmatch(name)][: policy.mentions]
    found = [name for name in formed if desk.github.user(name) is not None]
    missing = [name for name in names[: policy.mentions] if name not in found]
    note = "No GitHub account is called {}: correct `github_user` of the maintainers in rdf.yaml to be told here."
    return found, [note.format(" or ".join(f"`{name}`" for name in missing))] if missing else []


def twins(desk: Desk, facts: PullFacts, concept: str, submission: Mapping[str, Any]) -> list[str]:
    """The same content from another concept, linked for human eyes."""
    content = submission["content_hash"]
    if not content:
        return []
    room = desk.store.get("contents", content) or {"seen": {}}
    seen: dict[str, Any] = room["seen"]
    seen[concept] = facts.pull.number
    desk.store.put("contents", content, {"seen": seen, "at": desk.now().isoformat()})
    others = sorted(number for other, number in seen.items() if other != concept)
    return [f"The same content was uploaded under another record: pull request {number}." for number in others]
