"""Facts, reports and uploads for the tests of pure functions: sensible by default, changed by keyword."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.digests import digest
from bot.records.facts import Checked, Content, Place, PullFacts, RecordFacts
from bot.records.github import IssueComment, Pull, Review, StatusMark, User
from bot.records.policy import Person, Policy
from bot.records.state import State
from bot.records.submission import Upload, UploadFile
from bot.records.verdict import Finding, Report, Suggestion, report
from tests.fakes.workshop import report as report_json

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
HEAD, OLD_HEAD = "a" * 40, "b" * 40
KEY = "c" * 64
MARK = 1000
"""The id of `our_mark()`, where it is a check run."""
BOT = User(7, "accession")
CURATOR = User(1, "curator")
SECOND = User(2, "second")
STRANGER = User(99, "stranger")
PLACE = Place("brave-otter", "1001")
POLICY = Policy("Zoo", ("bioimage.io",), (Person(1, "curator", "curator@zoo.example"), Person(2, "second")))


def pull(**changes: Any) -> Pull:
    made = Pull(
        number=5,
        state="open",
        merged=False,
        mergeable=True,
        head_repository="zoo/collection",
        head_branch="accession/zenodo-1000/0123456789abcdef",
        head_sha=HEAD,
        base_branch="main",
        author=BOT,
        closed_by=None,
        merged_by=None,
        labels=frozenset(),
        changed_files=2,
        title="brave-otter 1001",
        url="https://github.example/zoo/collection/pull/5",
    )
    return replace(made, **changes)


def verdict(outcome: str = "passed") -> Report:
    return report(report_json("d" * 64, outcome))


def checked(outcome: str = "passed", **changes: Any) -> Checked:
    made = Checked(
        report=verdict(outcome),
        excluded=("ada",),
        mentions=("ada",),
        entry=b"{}\n",
        entry_sha="e" * 40,
        source="https://zenodo.example/records/1001",
        maintainers=("ada",),
    )
    return replace(made, **changes)


def state(**changes: Any) -> State:
    made = State(
        head=HEAD,
        check_key=KEY,
        content_hash="d" * 64,
        outcome="passed",
        completed_at=(NOW - timedelta(hours=1)).isoformat(),
        stage="awaiting review",
        wait=digest("something"),
        excluded=("ada",),
        mentioned=("ada",),
        entry_sha="e" * 40,
    )
    return replace(made, **changes)


def facts(**changes: Any) -> PullFacts:
    made = PullFacts(
        pull=pull(),
        own=True,
        place=PLACE,
        trespass="",
        content=Content("f" * 40, "e" * 40),
        check_key=KEY,
        policy=POLICY,
        state=None,
        comment=None,
        duplicates=(),
        intact=False,
        checked=None,
        reviews=(),
        committers=frozenset(),
        marks=(),
        newer=None,
        commands=(),
        branch_left=False,
        viewer=BOT.id,
        now=NOW,
    )
    return replace(made, **changes)


def comment(body: str = "text", number: int = 11, author: User = BOT) -> IssueComment:
    return IssueComment(number, f"IC_{number}", author, body, NOW, NOW)


def approved(author: User = CURATOR, **changes: Any) -> Review:
    return replace(Review(21, author, "APPROVED", HEAD, NOW - timedelta(minutes=1)), **changes)


def our_mark(sha: str = HEAD) -> StatusMark:
    return StatusMark(sha, "success", "passed", "", KEY[:12], MARK)


def standing(**changes: Any) -> PullFacts:
    """Checked, reported and marked; waits for a review."""
    return facts(state=state(), comment=comment(), intact=True, checked=checked(), marks=(our_mark(),), **changes)


def finding(number: int = 1, **changes: Any) -> Finding:
    made = Finding(
        "error", "license", "/license", number, f"`MTI{number}` is not an SPDX identifier.", "Write `MIT`.",
        Suggestion(number, number, "license: MIT"),
    )  # fmt: skip
    return replace(made, **changes)


def upload(**changes: Any) -> Upload:
    made = Upload(
        archive="zenodo",
        concept="1000",
        record="1001",
        title="An upload",
        doi="10.5281/zenodo.1001",
        concept_doi="10.5281/zenodo.1000",
        created="2024-05-01T10:00:00+00:00",
        updated=datetime(2024, 5, 1, 10, 0, 0, 123456, tzinfo=UTC),
        owners=("77",),
        keywords=("bioimage.io",),
        access="open",
        url="https://zenodo.example/records/1001",
        files=(
            UploadFile("rdf.yaml", "https://zenodo.example/api/records/1001/files/rdf.yaml/content", 120, "0" * 32),
            UploadFile("weights.onnx", "https://zenodo.example/api/records/1001/files/w/content", 9_000, "1" * 32),
        ),
    )
    return replace(made, **changes)


def record_facts(**changes: Any) -> RecordFacts:
    made = RecordFacts(
        record="1001",
        access="open",
        concept="1000",
        keywords=("bioimage.io",),
        owners=("77",),
        total_bytes=9_120,
        files=2,
        known=None,
        open_by_owner=0,
        open_in_all=0,
        policy=POLICY,
        asked=False,
    )
    return replace(made, **changes)


def submission(**resource: Any) -> dict[str, Any]:
    """An answer of `schemas/submission.schema.json`."""
    nobody: list[Any] = []
    described = {
        "type": "model",
        "format_version": "0.4.9",
        "name": "A model",
        "description": "What it does",
        "version": None,
        "license": "MIT",
        "tags": ["nuclei"],
        "authors": [{"name": "Ada", "github_user": None}],
        "maintainers": [{"name": "Ada", "github_user": "ada"}],
        "packagers": nobody,
        "claimed_id": None,
        "weights": ["onnx"],
        "covers": ["cover.png"],
        "documentation": "README.md",
    }
    return {
        "schema": "accession/submission/1",
        "outcome": "described",
        "reason": "",
        "message": "",
        "rdf": {"name": "rdf.yaml", "sha256": "2" * 64, "size": 120},
        "resource": described | resource,
        "files": [
            {"name": "cover.png", "url": "https://zenodo.example/cover", "size": 10, "sha256": "3" * 64,
             "roles": ["cover"], "problem": None},
            {"name": "README.md", "url": None, "size": None, "sha256": None, "roles": [], "problem": "missing"},
        ],
        "content_hash": "4" * 64,
    }  # fmt: skip
