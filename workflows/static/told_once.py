"""A missing hash is told once: the schema asks for the field, the check of hashes knows what to write."""

from dataclasses import replace

from workflows.static.finding import Finding

_ASKED, _KNOWN = "missing-field", "sha256-missing"


def told_once(found: list[Finding]) -> list[Finding]:
    """The same findings; where two ask for one hash, the graver one with the line that the other knows."""
    known = {finding.pointer: finding for finding in found if finding.rule == _KNOWN}
    asked = {finding.pointer for finding in found if finding.rule == _ASKED} & known.keys()
    if not asked:
        return found
    return [_with_line(finding, known) for finding in found if finding.rule != _KNOWN or finding.pointer not in asked]


def _with_line(finding: Finding, known: dict[str, Finding]) -> Finding:
    other = known.get(finding.pointer) if finding.rule == _ASKED else None
    return replace(finding, fix=other.fix, suggestion=other.suggestion) if other else finding
