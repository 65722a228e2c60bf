"""A finding of the schema with the value that would be right, where one is known."""

import json
from dataclasses import replace
from typing import Any

from workflows.document import Document
from workflows.static.edits import with_text, without
from workflows.static.finding import Finding, Suggestion
from workflows.static.repairs import candidates
from workflows.static.schema_fault import Fault
from workflows.static.schema_node import Node
from workflows.static.schema_walk import faults

_PEOPLE = frozenset({"authors", "packaged_by"})
_LONGEST = 200  # characters of a value that is written on one line
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")


def repaired(finding: Finding, fault: Fault, data: dict[str, Any], root: Node, document: Document) -> Finding:
    """The finding, with fix and suggestion if it has none and one of the likely values fits the schema; `data` as judged by `root`."""
    if finding.suggestion is not None:
        return finding
    if fault.keyword == "false":
        return replace(finding, suggestion=without(document, fault.pointer))
    if fault.keyword in {"required", "unknown", "propertyNames"} or not fault.pointer:
        return finding
    parts = [part.replace("~1", "/").replace("~0", "~") for part in fault.pointer.split("/")[1:]]
    for value in candidates(_field(parts), fault.found):
        changed = _changed(data, parts, value)
        if not any(
            one.pointer == fault.pointer or one.pointer.startswith(fault.pointer + "/") for one in faults(changed, root)
        ):
            text = _written(value)
            suggestion = _lines(document, fault.pointer, text) if len(text) <= _LONGEST else None
            return replace(finding, fix=f"Write {text[:_LONGEST]}.", suggestion=suggestion)
    return finding


def _field(parts: list[str]) -> str:
    """The field's name; a bare name in a list of people is a person."""
    if parts[-1].isdecimal() and len(parts) > 1:
        return "person" if parts[-2] in _PEOPLE else ""
    return parts[-1]


def _changed(data: Any, parts: list[str], value: Any) -> Any:
    """A copy with another value at a place; what is not on the way to it is shared."""
    if not parts:
        return value
    head, *rest = parts
    if isinstance(data, list):
        at = int(head)
        return [*data[:at], _changed(data[at], rest, value), *data[at + 1 :]]
    return {**data, head: _changed(data[head], rest, value)}


def _written(value: Any) -> str:
    """As YAML: plain words bare, everything else as JSON, which YAML reads too."""
    if isinstance(value, str) and value and _PLAIN.issuperset(value) and value.lower() not in {"null", "true", "false"}:
        return value
    return json.dumps(value, ensure_ascii=False)


def _lines(document: Document, pointer: str, text: str) -> Suggestion | None:
    """All lines of an entry that has them for itself, with another value; else the one line on which it stands among others."""
    mark = document.place(pointer)
    if mark is None:
        return None
    key = pointer.rpartition("/")[2]
    line = document.line(mark.line)
    head, tail = line[: mark.column - 1], line[mark.column - 1 :]
    entry = "" if key.isdecimal() else f"{key}: "
    if head.strip(" -") or not tail.startswith(entry.rstrip()):
        return with_text(document, pointer, text)
    remarks = any("#" in document.line(number) for number in range(mark.line, mark.end_line + 1))
    return None if remarks else Suggestion(mark.line, mark.end_line, f"{head}{entry}{text}")
