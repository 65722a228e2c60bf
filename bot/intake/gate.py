"""The gate: what becomes of an upload before a file of it is fetched. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.records.decision import Gate, Hold, Known, Propose, Refuse

if TYPE_CHECKING:
    from bot.records.facts import RecordFacts


def decide_record(facts: RecordFacts) -> Gate:
    """The first thing that stands in the way, or `Propose`. Quotas count what is pending already."""
    return _memory(facts) or _access(facts) or _size(facts) or _quota(facts) or Propose()


def _memory(facts: RecordFacts) -> Gate | None:
    known = facts.known
    if known is None:
        return None
    what = "is open" if known.state == "open" else "was accepted" if known.merged else "was declined or withdrawn"
    again = "" if known.state == "open" or known.merged else " Upload a changed version to have it looked at again."
    return Known(f"The same content {what} in pull request #{known.number}.{again}", known.number)


def _access(facts: RecordFacts) -> Gate | None:
    if facts.access == "withdrawn":
        return Refuse("withdrawn", f"Record {facts.record} was withdrawn from the archive.")
    if facts.access != "open":
        return Refuse(
            "restricted", f"The files of record {facts.record} are restricted: make the record open and publish it."
        )
    if not facts.asked and not set(facts.keywords) & set(facts.policy.keywords):
        wanted = " or ".join(facts.policy.keywords)
        return Refuse(
            "keyword", f"Record {facts.record} does not carry the keyword {wanted}: add it to the record's keywords."
        )
    return None


def _size(facts: RecordFacts) -> Gate | None:
    limits = facts.policy.limits
    if facts.files == 0:
        return Refuse("no-files", f"Record {facts.record} has no files: upload the model's files and its rdf.yaml.")
    if facts.files > limits["files"]:
        return Refuse(
            "too-many-files",
            f"Record {facts.record} has {facts.files} files, more than {limits['files']}: upload one zip.",
        )
    if facts.total_bytes > limits["package_bytes"]:
        size, most = _gib(facts.total_bytes), _gib(limits["package_bytes"])
        return Refuse(
            "too-large", f"Record {facts.record} has {size}, more than {most}: ask the collection's maintainers."
        )
    return None


def _quota(facts: RecordFacts) -> Gate | None:
    policy = facts.policy
    if facts.open_by_owner >= policy.per_owner:
        return Hold(
            "owner-quota",
            f"The uploader has {facts.open_by_owner} open pull requests, the most allowed at once: it waits for one to be closed.",
        )
    if facts.open_in_all >= policy.open:
        return Hold(
            "quota", f"{facts.open_in_all} pull requests are open, the most allowed at once: it waits its turn."
        )
    return None


def _gib(size: int) -> str:
    return f"{size / 1024**3:.1f} GiB"
