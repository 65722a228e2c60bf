"""Lines with one value, key or field changed, in JSON of any layout and in block YAML."""

import json
import re
from typing import Any

from workflows.document import Document, Mark
from workflows.static.finding import Suggestion

LONGEST = 4_000  # characters of a line that is worth showing again
_JSON_KEY = re.compile(r'"(?:[^"\\]|\\.)*"\s*:\s*')
_YAML_KEY = re.compile(r"[\w.-]+:[ \t]+(?=\S)")
_YAML_ITEM = re.compile(r"'(?:[^']|'')*'|[^\s#&*!|>@`%{}\[\],\"'][^#,{}\[\]\"']*?(?=\s*(?:\s#|$))")


def with_value(document: Document, pointer: str, value: Any) -> Suggestion | None:
    """The line with another value, written as JSON, which YAML reads too; none where the value goes over several lines."""
    return with_text(document, pointer, json.dumps(value, ensure_ascii=False))


def with_text(document: Document, pointer: str, text: str) -> Suggestion | None:
    """The same with the value as it is to stand there, such as `.inf`, which JSON does not know."""
    found = _span(document, pointer)
    if found is None:
        return None
    number, _, start, end = found
    line = document.line(number)
    return Suggestion(number, number, line[:start] + text + line[end:])


def with_key(document: Document, pointer: str, key: str) -> Suggestion | None:
    """The line with another field name."""
    mark = _place(document, pointer)
    old = pointer.rpartition("/")[2]
    if mark is None:
        return None
    line = document.line(mark.line)
    head, tail = line[: mark.column - 1], line[mark.column - 1 :]
    quote = tail[:1] if tail[:1] in {'"', "'"} else ""
    if not tail.startswith(quote + old + quote):
        return None
    return Suggestion(mark.line, mark.line, head + quote + key + tail[len(quote + old) :])


def without(document: Document, pointer: str) -> Suggestion | None:
    """The file without a field of one line; the line before it is taken in where its comma has to go too."""
    found = _span(document, pointer)
    if found is None:
        return None
    number, begin, _, end = found
    line = document.line(number)
    head, tail, json_key = line[:begin], line[end:], line[begin : begin + 1] == '"'
    if head.strip() or tail.strip(" \t,"):
        return _within_line(number, head, tail) if json_key else None
    before = document.line(number - 1)
    if not json_key or tail.strip() or before.rstrip().endswith("{"):
        return Suggestion(number, number, "")
    shorter = re.sub(r"\s*,\s*$", "", before)
    return Suggestion(number - 1, number, shorter) if number > 1 and shorter != before else None


def _within_line(number: int, head: str, tail: str) -> Suggestion | None:
    if after := re.match(r"\s*,\s*", tail):
        return Suggestion(number, number, head + tail[after.end() :])
    shorter = re.sub(r"\s*,\s*$", "", head)
    return Suggestion(number, number, shorter + tail) if shorter != head or head.rstrip().endswith("{") else None


def _span(document: Document, pointer: str) -> tuple[int, int, int, int] | None:
    """Line, and the columns from 0 at which the entry begins and its value begins and ends; none if it is on several lines."""
    mark = _place(document, pointer)
    if mark is None or mark.line != mark.end_line:
        return None
    line, begin = document.line(mark.line), mark.column - 1
    key = _JSON_KEY.match(line, begin) or _YAML_KEY.match(line, begin)
    start = key.end() if key else begin
    try:
        _, end = json.JSONDecoder().raw_decode(line, start)
    except ValueError:
        plain = _YAML_ITEM.match(line, start)
        return (mark.line, begin, start, plain.end()) if plain else None
    if line[begin] != '"' and (rest := line[end:].strip()) and not rest.startswith((",", "#", "]", "}")):
        plain = _YAML_ITEM.match(line, start)
        return (mark.line, begin, start, plain.end()) if plain else None
    return mark.line, begin, start, end


def _place(document: Document, pointer: str) -> Mark | None:
    """None where the line is too long to show, or where a key stands twice and nobody knows which of the two is meant."""
    mark = document.place(pointer)
    twice = any(problem.rule == "duplicate-key" for problem in document.problems)
    return None if twice or mark is None or len(document.line(mark.line)) > LONGEST else mark
