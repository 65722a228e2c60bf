"""The architecture of 0.5 weights in a form that 0.4 or a draft had, or with too little or too much."""

import re
from typing import Any

from workflows.document import Document, resolve_pointer
from workflows.static.edits import with_text
from workflows.static.fields_05 import Told
from workflows.static.finding import Suggestion
from workflows.static.words import field, show

_WRITTEN = re.compile(r"(?P<source>[^\s:]+\.py):(?P<name>[^\W\d]\w*)\Z|(?P<module>[\w.]+)\.(?P<last>[^\W\d]\w*)\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def in_one_text(pointer: str, found: str, document: Document) -> Told | None:
    """0.4 `architecture`: `file.py:Name` or `module.Name`, with its `architecture_sha256` beside it."""
    names = _WRITTEN.match(found)
    if names is None:
        return None
    if names["module"]:
        text = f"{{callable: {names['last']}, import_from: {names['module']}}}"
    else:
        digest = (resolve_pointer(document.data, pointer.rpartition("/")[0]) or {}).get("architecture_sha256")
        known = f", sha256: {digest}" if isinstance(digest, str) and _SHA256.match(digest) else ""
        text = f"{{callable: {names['name']}, source: {names['source']}{known}}}"
    message = (
        f"`{field(pointer)}` is the text {show(found)}; since 0.5 it has `callable`, and `source` or `import_from`."
    )
    return message, f"Write {text}.", with_text(document, pointer, text)


def as_mapping(pointer: str, found: dict[str, Any], document: Document) -> Told | None:
    """Neither a file nor a library, or both."""
    name = found.get("callable")
    names = _WRITTEN.match(name) if isinstance(name, str) else None
    if names and names["source"]:
        return _in_callable(f"{pointer}/callable", names, document)
    if "callable" not in found:
        message = f"`{field(pointer)}` does not name its class or function."
        return message, "Add `callable`, and `source` (a Python file) or `import_from` (a module).", None
    given = [key for key in ("source", "import_from") if key in found]
    if len(given) == 1:
        return None
    message = (
        f"`{field(pointer)}` has {'both' if given else 'neither'} `source` {'and' if given else 'nor'} `import_from`."
    )
    return message, "Write one of them: `source` for a Python file, `import_from` for a module.", None


def _in_callable(pointer: str, names: re.Match[str], document: Document) -> Told:
    message = (
        f"`{field(pointer)}` is {show(names[0])}; the file has to stand at `source`, the name alone at `callable`."
    )
    line = with_text(document, pointer, names["name"])
    holder = resolve_pointer(document.data, pointer.rpartition("/")[0]) or {}
    if line and line.text.strip() == f"callable: {names['name']}" and "source" not in holder:
        indent = line.text[: line.text.index("callable")]
        line = Suggestion(line.start_line, line.end_line, f"{line.text}\n{indent}source: {names['source']}")
    return message, f"Write `callable: {names['name']}` and `source: {names['source']}`.", line
