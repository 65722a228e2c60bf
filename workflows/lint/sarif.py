"""Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read: written piece by piece, so that any number of files fits.

A policy finding is an `error` there: it keeps the file out, as the exit code says. A warning is a `note`.
"""

import json
from functools import cache
from typing import Any

from workflows.lint.judged import Judged, Tally
from workflows.static.finding import Finding, Suggestion
from workflows.static.rule import Rule
from workflows.static.rulebook import RULES
from workflows.static.rules_page import anchor

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "policy": "error", "warning": "note"}
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def head() -> str:
    """Everything before the first result."""
    driver = {"name": "accession-check", "rules": [_rule(rule) for rule in RULES]}
    run = _json({"tool": {"driver": driver}, "columnKind": "unicodeCodePoints"})
    return f'{{"$schema":{_json(_SCHEMA)},"version":"2.1.0","runs":[{run.removesuffix("}")},"results":[\n'


def file_results(judged: Judged) -> str:
    """The results of one file, with commas between them."""
    return ",\n".join(_json(_result(judged, finding)) for finding in judged.findings)


def tail(tally: Tally) -> str:
    """Everything after the last result."""
    return '\n],"invocations":[' + _json({"executionSuccessful": not tally.unusable}) + "]}]}\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.explains},
        "help": {"text": rule.fix},
        "properties": {"page": f".github/RULES.md#{anchor(rule.name)}"},
    }


@cache
def _indices() -> dict[str, int]:
    return {rule.name: index for index, rule in enumerate(RULES)}


def _result(judged: Judged, finding: Finding) -> dict[str, Any]:
    artifact = {"uri": uri(judged.file)}
    place: dict[str, Any] = {"artifactLocation": artifact}
    if finding.line is not None:
        column = {} if finding.column is None else {"startColumn": finding.column}
        place["region"] = {"startLine": finding.line, **column}
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.level],
        "message": {"text": f"{finding.message} {finding.fix}".strip()},
        "locations": [{"physicalLocation": place}],
        "properties": {"level": finding.level, "pointer": finding.pointer},
    }
    if finding.rule in _indices():
        result["ruleIndex"] = _indices()[finding.rule]
    if finding.suggestion:
        result["fixes"] = [_fix(judged, finding.fix, finding.suggestion, artifact)]
    return result


def _fix(judged: Judged, words: str, suggestion: Suggestion, artifact: dict[str, Any]) -> dict[str, Any]:
    """The whole lines are replaced, without the end of the last one."""
    region = {
        "startLine": suggestion.start_line,
        "startColumn": 1,
        "endLine": suggestion.end_line,
        "endColumn": len(judged.document.line(suggestion.end_line)) + 1,
    }
    replacement = {"deletedRegion": region, "insertedContent": {"text": suggestion.text}}
    change = {"artifactLocation": artifact, "replacements": [replacement]}
    return {"description": {"text": words or "Replace the lines."}, "artifactChanges": [change]}


def uri(file: str) -> str:
    """A path as a reference of RFC 3986; an absolute one with its scheme, because a colon in a first part would be one."""
    escaped = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in file.encode("utf-8", "replace"))
    return f"file://{escaped}" if escaped.startswith("/") else escaped


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, allow_nan=False, separators=(",", ":"))
