"""Where a text that begins as JSON is none, in the contributor's words."""

import json
import re
from typing import Any

from workflows.document import Document
from workflows.json_events import BREAK
from workflows.static.edits import LONGEST
from workflows.static.finding import Finding, Suggestion

RULE = "json"
_OPENING = re.compile(r"\s*[\[{]")
_MEANT = re.compile(r"\s*[\[{][\s\[{]*\"")
_CLOSING = re.compile(r"\s*[\]}]")
_COMMA_BEFORE = re.compile(r",\s*\Z")
_WORDS = re.compile(r"(True|False|None|TRUE|FALSE|NULL|Null)\b")
_SHOWN = 80  # characters of JSON inside a sentence
_FIX = "Correct the line; an editor with JSON highlighting shows most of it."


def begins_as_json(text: str) -> bool:
    """Whether it means to be JSON: such a file's readers know no YAML."""
    return bool(_OPENING.match(text))


def as_json_readers_do(document: Document, data: dict[str, Any]) -> dict[str, Any]:
    """The data of a JSON file as other readers have it: of a key that stands twice, the last counts."""
    if begins_as_json(document.text) and any(problem.rule == "duplicate-key" for problem in document.problems):
        try:
            read = json.loads(document.text)
        except (ValueError, RecursionError):
            return data
        return read if isinstance(read, dict) else data
    return data


def show_json(value: Any) -> str:
    """A value as JSON, short enough for a sentence."""
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= _SHOWN else written[:_SHOWN] + "…"


def means_json(text: str) -> bool:
    """Whether a text that nobody can read was most likely to be JSON."""
    return bool(_MEANT.match(text))


def json_fault(document: Document) -> Finding | None:
    """The first place at which it is no JSON (RFC 8259); none where it is."""
    try:
        json.loads(document.text)
    except json.JSONDecodeError as error:
        return _fault(document, error.pos, error.msg)
    except RecursionError:
        return None  # told by the reader, which has a limit of its own
    except ValueError:
        return Finding("error", RULE, "", "A number is too long to be read.", "Put it in quotes, or shorten it.")
    return None


def _fault(document: Document, at: int, said: str) -> Finding:
    text = document.text
    before, after = text[:at], text[at:]
    comma = _COMMA_BEFORE.search(before)
    if comma and _CLOSING.match(after):
        return _extra_comma(document, comma.start())
    if after.startswith(",") and _CLOSING.match(after[1:]):
        return _extra_comma(document, at)
    if said.startswith("Expecting ',' delimiter") and after[:1] in {'"', "{", "["}:
        return _no_comma(document, len(before.rstrip()), same_line="\n" not in before[len(before.rstrip()) :])
    if word := _WORDS.match(after):
        return _word(document, at, word[0])
    return _placed(document, at, *_words(before, after))


def _words(before: str, after: str) -> tuple[str, str]:
    if not after.strip():
        return "The JSON ends too early: a bracket or a quotation mark is not closed.", "Close it."
    if after[0] in "\r\n":
        return (
            "A text of JSON ends on the line on which it begins.",
            "Close its quotation mark, or write \\n for a new line.",
        )
    if after[0] == "'":
        return "JSON knows double quotes only.", 'Write "…".'
    if after[0] == "#" or after.startswith(("//", "/*")):
        return "JSON has no comments.", "Remove it."
    if not before.strip() or before.rstrip()[-1] in "}]":
        return "Something stands after the end of the JSON.", "Remove it."
    return "The JSON cannot be read from here on.", _FIX


def _extra_comma(document: Document, at: int) -> Finding:
    return _placed(document, at, "JSON has no comma after the last value.", "Remove the comma.", (1, ""))


def _no_comma(document: Document, at: int, *, same_line: bool) -> Finding:
    where = "here" if same_line else "after this line"
    return _placed(document, at, f"A comma is missing {where}.", "Add it.", (0, ","))


def _word(document: Document, at: int, word: str) -> Finding:
    right = {"true": "true", "false": "false"}.get(word.lower(), "null")
    message = "JSON writes true, false and null in small letters."
    return _placed(document, at, message, f"Write {right}.", (len(word), right))


def _placed(document: Document, at: int, message: str, fix: str, edit: tuple[int, str] | None = None) -> Finding:
    """The finding at a character; `edit` is how many characters to take out there and what to put in."""
    begins = [0, *(found.end() for found in BREAK.finditer(document.text, 0, at))]
    number, column = len(begins), at - begins[-1]
    line = document.line(number)
    right = line[:column] + edit[1] + line[column + edit[0] :] if edit and len(line) <= LONGEST else None
    suggestion = Suggestion(number, number, right) if right is not None else None
    return Finding("error", RULE, "", message, fix, suggestion, number, column + 1)
