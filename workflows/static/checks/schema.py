"""Whether the file has the fields that its type and format version ask for, with values of the right kind."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.schema_walk import Fault, faults
from workflows.static.words import field, near, replace_key, replace_value, show

_SCHEMAS = frozenset({"model-0.4", "model-0.5", "dataset-0.2", "application-0.2", "notebook-0.2"})
_OWNED_BY_IDENTIFIERS = ("/doi", "/orcid")
_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}
_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minItems": "at least {} in the list",
    "maxItems": "at most {} in the list",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minProperties": "at least {} entries",
}


def look(context: Context) -> Iterator[Finding]:
    """The faults against `schemas/rdf/<type>-<version>.schema.json`; none where there is no schema of that version."""
    name = f"{context.kind}-{context.version}"
    if name in _SCHEMAS:
        for fault in faults({**context.data, "type": context.kind}, schema(name)):
            if not (fault.keyword == "pattern" and fault.pointer.endswith(_OWNED_BY_IDENTIFIERS)):
                yield _finding(context, fault)


@cache
def schema(name: str) -> dict[str, Any]:
    """One of our schemas, read once."""
    loaded: dict[str, Any] = json.loads(files("schemas").joinpath("rdf", f"{name}.schema.json").read_text("utf-8"))
    return loaded


def _finding(context: Context, fault: Fault) -> Finding:
    if fault.keyword == "required":
        return _missing(fault)
    if fault.keyword == "unknown":
        return _unknown(context, fault)
    expected = _expected(fault)
    message = f"`{field(fault.pointer)}` is {show(fault.found)}, but has to be {expected}."
    if fault.keyword == "false":
        message = f"`{field(fault.pointer)}` does not belong here in format version {show(context.data.get('format_version'))}."
        return Finding("error", "wrong-value", fault.pointer, message, "Remove the field.")
    return _with_guess(context, fault, message, f"Write {expected}.")


def _with_guess(context: Context, fault: Fault, message: str, fix: str) -> Finding:
    """An enumerated value that is nearly right comes with the line that would be."""
    suggestion = None
    known = [word for word in fault.schema.get("enum", ()) if isinstance(word, str)]
    if fault.keyword == "enum" and isinstance(fault.found, str) and (guess := near(fault.found, known)):
        fix = f"Did you mean {guess!r}?"
        suggestion = replace_value(context.document, fault.pointer, fault.found, guess)
    return Finding("error", "wrong-value", fault.pointer, message, fix, suggestion)


def _missing(fault: Fault) -> Finding:
    pointer = fault.pointer + pointer_of(fault.name)
    within = f" in `{field(fault.pointer)}`" if fault.pointer else ""
    described = fault.schema.get("description")
    fix = f"Add `{fault.name}: …`" + (f" ({described})." if described else ".")
    return Finding("error", "missing-field", pointer, f"The field `{fault.name}` is missing{within}.", fix)


def _unknown(context: Context, fault: Fault) -> Finding:
    known = fault.schema.get("properties", {})
    free = [name for name in known if name not in fault.found]
    guess = near(fault.name, free)
    within = f" in `{field(fault.pointer.rsplit('/', 1)[0])}`" if fault.pointer.count("/") > 1 else ""
    message = f"{show(fault.name)} is no field that is known{within}."
    if guess:
        suggestion = replace_key(context.document, fault.pointer, fault.name, guess)
        return Finding("error", "unknown-field", fault.pointer, message, f"Did you mean `{guess}`?", suggestion)
    listed = ", ".join(sorted(free)[:12])
    fix = "Remove it, or move it below `config`." + (f" Known and still free here: {listed}." if listed else "")
    return Finding("error", "unknown-field", fault.pointer, message, fix)


def _expected(fault: Fault) -> str:
    schema = fault.schema
    if fault.keyword in _BOUNDS:
        return _BOUNDS[fault.keyword].format(schema[fault.keyword])
    if fault.keyword in {"const", "enum"}:
        return "one of " + ", ".join(str(word) for word in schema.get("enum", [schema.get("const")]))
    if fault.keyword in {"pattern", "anyOf"} and "description" in schema:
        return str(schema["description"])
    names = schema.get("type", "string")
    kinds = " or ".join(_KINDS[name] for name in ([names] if isinstance(names, str) else names))
    return kinds + (f" ({schema['description']})" if "description" in schema else "")


CHECK = Check(
    look,
    (
        Rule(
            "missing-field",
            "A field that the specification of the declared type and format version requires is not there.",
            "Add the field that is named.",
        ),
        Rule(
            "unknown-field",
            "A field that the specification does not know; most often a misspelt one.",
            "Correct its name, remove it, or move it below `config`, where any field may stand.",
        ),
        Rule(
            "wrong-value",
            "A value of another kind, or outside of what the specification allows for the field.",
            "Write what the message asks for.",
        ),
    ),
)
