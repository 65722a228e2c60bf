"""Values in a form that 0.4 or a draft of 0.5 had: the same as 0.5 writes them."""

import json
import re
from typing import Any

from workflows.describe.facts import items
from workflows.document import Document, resolve_pointer
from workflows.static import architecture_05
from workflows.static.edits import with_key, with_text
from workflows.static.fields_05 import Told
from workflows.static.finding import Suggestion
from workflows.static.letters_05 import axis_lines
from workflows.static.schema_fault import Fault
from workflows.static.tensors_05 import LETTERS
from workflows.static.words import field, show

_FILE = re.compile(
    r"/(?:in|out)puts/\d+/(?:test|sample)_tensor|/(?:attachments|covers)/\d+|/documentation|/icon|/weights/\w+/(?:dependencies|external_data)"
)
_AXES = re.compile(r"/(?:in|out)puts/\d+/axes")
_AXIS_TYPE = re.compile(r"/(?:in|out)puts/\d+/axes/\d+/type")
_STEP = re.compile(r"/(?:in|out)puts/\d+/(?:pre|post)processing/\d+")
_STEP_AXES = re.compile(rf"{_STEP.pattern}/kwargs/axes")
_AXIS = re.compile(r"/(?:in|out)puts/\d+/axes/\d+")
_SIZE = re.compile(r"/(?:in|out)puts/\d+/axes/\d+/size")
_OTHER_AXIS = re.compile(r"([^\W\d]\w{0,31})\.([^\W\d]\w{0,15})\Z")
_SPACE = ("x", "y", "z")
_ARCHITECTURE = "/weights/pytorch_state_dict/architecture"
_BARE = re.compile(r"[A-Za-z0-9_./-]+\Z")


def rewritten(fault: Fault, document: Document) -> Told | None:
    """What to say of a value; none where it is of no older form."""
    pointer, found = fault.pointer, fault.found
    if fault.keyword == "required":
        return _unnamed_step(fault, document)
    if pointer == "/attachments" and isinstance(found, dict):
        return _attachments(found, document)
    if pointer == _ARCHITECTURE and isinstance(found, dict):
        return architecture_05.as_mapping(pointer, found, document)
    return _text(pointer, found, document) if isinstance(found, str) else None


def told_elsewhere(fault: Fault) -> bool:
    """Whether a field is missing or unknown only because it stands elsewhere, where that is told."""
    found, at, name = fault.found, fault.pointer, fault.name
    if fault.keyword == "required" and _AXIS.fullmatch(at):
        return (name == "channel_names" and "size" in found) or (
            name == "size" and bool({"min", "step"} & found.keys())
        )
    return (
        fault.keyword == "unknown"
        and name == "step"
        and _AXIS.fullmatch(at.rpartition("/")[0]) is not None
        and "min" in found
    )


def _text(pointer: str, found: str, document: Document) -> Told | None:
    told = (write(pointer, found, document) for pattern, write in _FORMS if pattern.fullmatch(pointer))
    return next((one for one in told if one), None)


def _file(pointer: str, found: str, document: Document) -> Told | None:
    source = found.removeprefix("conda:")
    if not source.strip():
        return None
    text = f"{{source: {source if _BARE.match(source) else json.dumps(source, ensure_ascii=False)}}}"
    message = f"`{field(pointer)}` is the text {show(found)}; the file has to stand below `source`."
    return message, f"Write {text}, and best its `sha256` too.", with_text(document, pointer, text)


def _letters(pointer: str, found: str, document: Document) -> Told:
    tensor = pointer.rpartition("/")[0]
    message = f"`{field(tensor)}.axes` is {show(found)}; since 0.5 each axis is described in a list."
    fix = "Write one entry for each axis, such as `{type: space, id: y, size: 64}`."
    declared = resolve_pointer(document.data, tensor)
    lines = axis_lines(found, declared if isinstance(declared, dict) else {})
    mark = document.place(f"{tensor}/axes")
    if lines is None or mark is None or mark.line != mark.end_line:
        return message, fix, None
    line = document.line(mark.line)
    head = line[: mark.column - 1]
    if head.strip(" -") or not line[mark.column - 1 :].startswith("axes:"):
        return message, fix, None
    indent = " " * len(head)
    text = "\n".join([f"{head}axes:", *(f"{indent}- {one}" for one in lines)])
    return message, fix, Suggestion(mark.line, mark.line, text)


def _axis_type(pointer: str, found: str, document: Document) -> Told | None:
    if found not in {*_SPACE, *LETTERS}:
        return None
    kind = LETTERS.get(found, "space")
    message = f"`{field(pointer)}` is {show(found)}, but has to be batch, channel, index, time or space."
    if found not in _SPACE:
        return message, f"Write {kind}.", with_text(document, pointer, kind)
    named = "id" in (resolve_pointer(document.data, pointer.rpartition("/")[0]) or {})
    fix = "Write `type: space`." if named else f"Write `type: space` and `id: {found}`."
    line = with_text(document, pointer, kind)
    if line is None or named:
        return message, fix, line
    mark = document.place(pointer)
    head = line.text[: mark.column - 1] if mark else ""
    own = not head.strip(" -") and line.text[len(head) :].rstrip() == f"type: {kind}"
    text = (
        f"{line.text.rstrip()}\n{' ' * len(head)}id: {found}"
        if own
        else line.text.replace(f"type: {kind}", f"type: {kind}, id: {found}", 1)
    )
    return message, fix, Suggestion(line.start_line, line.end_line, text)


def _step_axes(pointer: str, found: str, document: Document) -> Told | None:
    if not set(found) <= {*_SPACE, *LETTERS} or not found:
        return None
    ids = f"[{', '.join(LETTERS.get(letter, letter) for letter in found)}]"
    message = f"`{field(pointer)}` is the text {show(found)}; since 0.5 it is a list of axis ids."
    return message, f"Write {ids}.", with_text(document, pointer, ids)


def _size(pointer: str, found: str, document: Document) -> Told | None:
    other = _OTHER_AXIS.match(found)
    if other is None:
        return None
    text = f"{{tensor_id: {other[1]}, axis_id: {other[2]}}}"
    message = f"`{field(pointer)}` is the text {show(found)}; another axis is named by `tensor_id` and `axis_id`."
    return message, f"Write {text}.", with_text(document, pointer, text)


def _run_mode(pointer: str, found: str, document: Document) -> Told | None:
    if not _BARE.match(found):
        return None
    message = f"`run_mode` is the text {show(found)}; it has a `name`."
    return message, f"Write `run_mode: {{name: {found}}}`.", with_text(document, pointer, f"{{name: {found}}}")


def _unnamed_step(fault: Fault, document: Document) -> Told | None:
    if not (fault.name == "id" and _STEP.fullmatch(fault.pointer) and "name" in fault.found):
        return None
    pointer = f"{fault.pointer}/name"
    message = f"`{field(pointer)}` {show(fault.found['name'])}: since 0.5 steps have an `id` instead of a name."
    return message, "Write `id`.", with_key(document, pointer, "id")


def _attachments(found: dict[str, Any], document: Document) -> Told:
    message = "`attachments` is a mapping; since 0.5 it is a list with each file below `source`."
    if not found:
        return message, "Write `attachments: []`, or leave it out.", with_text(document, "/attachments", "[]")
    names = [one for one in items(found.get("files")) if isinstance(one, str)]
    return message, f"Write it as in `- source: {names[0][:100] if names else 'table.csv'}`.", None


_FORMS = (
    (_FILE, _file),
    (_AXES, _letters),
    (_AXIS_TYPE, _axis_type),
    (_STEP_AXES, _step_axes),
    (_SIZE, _size),
    (re.compile(_ARCHITECTURE), architecture_05.in_one_text),
    (re.compile("/run_mode"), _run_mode),
)
