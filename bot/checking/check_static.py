"""Runs the rules over the RDF and its files, in a box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import plain_json
from bot.checking import box_ends, expected
from bot.checking.run_box import frame_json, run_box, unlike
from bot.errors import ContributorError
from bot.records.box import BoxEnd

if TYPE_CHECKING:
    from bot.checking.bench import Bench
    from bot.checking.prepared import Prepared, Reference
    from bot.ports import Json
    from bot.records.job import Job

_FINDINGS = 500


def check_static(bench: Bench, job: Job, prepared: Prepared) -> tuple[list[Json], int]:
    """Findings, and how many were left out; found once. `ContributorError` where the box hit a limit."""
    key = plain_json.digest([prepared.submission["content_hash"], bench.reading(), job.policy])
    known = bench.shelf.get("findings", key)
    if known is None:
        findings, left_out = _check(bench, job, prepared)
        known = {"findings": findings, "left_out": left_out}
        bench.shelf.put("findings", key, known)
    return known["findings"], known["left_out"]


def _check(bench: Bench, job: Job, prepared: Prepared) -> tuple[list[Json], int]:
    inputs = expected.for_static(prepared)
    asked = {
        "verb": "static",
        "rdf": expected.RDF,
        "files": [_file(reference) for reference in prepared.references],
        "listing": _listing(job, prepared),
        "policy": {name: job.policy[name] for name in ("types", "minimum_format_version")},
    }
    heard = run_box(bench, asked, inputs, job.limits.box())
    if heard.run.end is not BoxEnd.DONE:
        if box_ends.is_contributors("static", heard.run):
            raise ContributorError(box_ends.sentence("static", heard.run), reason=heard.run.end.value.replace(" ", "-"))
        raise box_ends.ours("static", heard.run)
    return _findings(frame_json(bench, heard, "findings"))


def _listing(job: Job, prepared: Prepared) -> list[dict[str, Any]]:
    """The names that the RDF's own are looked for among: the upload's, or those inside of the uploaded zip."""
    return [{"name": name, "size": size} for name, size in prepared.members] or job.listing()


def _file(reference: Reference) -> dict[str, Any]:
    return {
        "source": reference.source,
        "local": reference.local if reference.usable else None,
        "size": reference.size,
        "sha256": reference.sha256,
        "problem": reference.problem,
    }


def _findings(said: Any) -> tuple[list[Json], int]:
    try:
        found, left_out = said["findings"], said["left_out"]
        kept = [plain_json.validate_part(finding, "report", "finding") for finding in found[:_FINDINGS]]
    except (plain_json.NotPlainError, KeyError, TypeError) as error:
        raise unlike(f"has findings that are none ({type(error).__name__})") from None
    if not isinstance(left_out, int) or left_out < 0:
        raise unlike("counts its findings wrongly")
    return kept, left_out + len(found) - len(kept)
