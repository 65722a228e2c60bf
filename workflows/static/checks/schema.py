"""Whether the file has the fields that its type and format version ask for, with values of the right kind."""

from collections.abc import Iterator
from typing import Any

from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.older import as_newest, as_written
from workflows.static.other_names import usual_name
from workflows.static.renewed_05 import renewed
from workflows.static.repaired import repaired
from workflows.static.rule import Check, Rule
from workflows.static.schema_fault import Fault
from workflows.static.schema_files import has_schema
from workflows.static.schema_walk import compiled, faults
from workflows.static.values_05 import told_elsewhere
from workflows.static.words import field, near, replace_key, replace_value, show

_OWNED_BY_IDENTIFIERS = ("/doi", "/format_version", "/orcid")
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
    "minimum": "be at least {}",
    "maximum": "be at most {}",
    "exclusiveMinimum": "be more than {}",
    "exclusiveMaximum": "be less than {}",
    "multipleOf": "be a multiple of {}",
    "minItems": "have at least {} entries",
    "maxItems": "have at most {} entries",
    "minLength": "have at least {} characters",
    "maxLength": "have at most {} characters",
    "minProperties": "have at least {} fields",
    "maxProperties": "have at most {} fields",
}
_MENDED = 20  # faults of one file for which a right value is looked for
_SLIPPED = (
    2  # characters by which a misspelt name is longer or shorter: `version_id` means something else than `version`
)
_WITHOUT_VALUE = frozenset({"false", "not", "propertyNames", "uniqueItems"})


def look(context: Context) -> Iterator[Finding]:
    """The faults against `schemas/rdf/<family>.schema.json`; none where there is no schema of that version."""
    if has_schema(context.family):
        judged = {**as_newest(context.data, context.version), "type": context.kind}
        root = compiled(context.family)
        found = list(
            {(fault.pointer, fault.keyword, fault.name): fault for fault in reversed(faults(judged, root))}.values()
        )[::-1]
        meant = {fault.pointer: _guess(fault) for fault in found[:_MENDED] if fault.keyword == "unknown"}
        misspelt = {(pointer.rpartition("/")[0], guess) for pointer, guess in meant.items()}
        for number, fault in enumerate(found):
            told_otherwise = fault.keyword == "pattern" and fault.pointer.endswith(_OWNED_BY_IDENTIFIERS)
            told_otherwise |= context.family == "model-0.5" and told_elsewhere(fault)
            if not told_otherwise and (fault.pointer, fault.name) not in misspelt:
                written = as_written(fault, context.data, judged)
                told = _finding(context, written, meant.get(fault.pointer))
                mended = number < _MENDED and written is fault
                yield repaired(told, fault, judged, root, context.document) if mended else told


def _holder(fault: Fault) -> str:
    """The mapping in which an unknown field stands."""
    return fault.pointer.rpartition("/")[0]


def _guess(fault: Fault) -> str | None:
    """The field that was most likely meant by an unknown one."""
    free = [
        name
        for name, asked in fault.schema.get("properties", {}).items()
        if name not in fault.found and asked is not False
    ]
    alike = [name for name in free if abs(len(name) - len(fault.name)) <= _SLIPPED]
    return usual_name(fault.name, free) or near(fault.name, alike)


def _finding(context: Context, fault: Fault, guess: str | None) -> Finding:
    told = _unknown(context, fault, guess) if fault.keyword == "unknown" else _told(context, fault)
    return renewed(told, fault, context.document) if context.family == "model-0.5" else told


def _told(context: Context, fault: Fault) -> Finding:
    if fault.keyword == "required":
        return _missing(fault)
    if fault.keyword in _WITHOUT_VALUE:
        return _denied(context, fault)
    message = f"`{field(fault.pointer)}` is {show(fault.found)}, but has to "
    if fault.keyword in _BOUNDS:
        return _beyond(fault, message)
    expected, told = _expected(fault), fault.schema.get("description")
    fix = f"Write {expected}" + (f" ({told})." if told and told != expected else ".")
    return _with_guess(context, fault, f"{message}be {expected}.", fix)


def _beyond(fault: Fault, message: str) -> Finding:
    bound = fault.schema[fault.keyword]
    asked = _BOUNDS[fault.keyword].format(f"{bound:,}" if isinstance(bound, int) else bound)
    asked = (
        asked.replace(" 1 entries", " 1 entry")
        .replace(" 1 characters", " 1 character")
        .replace(" 1 fields", " 1 field")
    )
    told = fault.schema.get("description")
    fix = f"Change it: {told}." if told else "Change it."
    return Finding("error", "wrong-value", fault.pointer, f"{message}{asked}.", fix)


def _denied(context: Context, fault: Fault) -> Finding:
    """Faults that are told without saying which value would be right."""
    place, version = field(fault.pointer), show(context.data.get("format_version"))
    described = fault.schema.get("description")
    message, fix = {
        "false": (f"`{place}` does not belong here in format version {version}.", "Remove the field."),
        "not": (
            f"`{place}` is {show(fault.found)}, which is not allowed here.",
            f"Write {described or 'another value'}.",
        ),
        "propertyNames": (
            f"{show(fault.name)} cannot be the name of a field here.",
            f"Write {described or 'another name'}.",
        ),
        "uniqueItems": (f"`{place}` lists a value twice.", "Keep one of them."),
    }[fault.keyword]
    return Finding("error", "wrong-value", fault.pointer, message, fix)


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


def _unknown(context: Context, fault: Fault, guess: str | None) -> Finding:
    within = f" in `{field(_holder(fault))}`" if fault.pointer.count("/") > 1 else ""
    message = f"{show(fault.name)} is no field that is known{within}."
    if guess:
        suggestion = replace_key(context.document, fault.pointer, fault.name, guess)
        return Finding("error", "unknown-field", fault.pointer, message, f"Did you mean `{guess}`?", suggestion)
    free = [name for name in fault.schema.get("properties", {}) if name not in fault.found]
    listed = ", ".join(sorted(free)[:12])
    fix = "Remove it, or move it below `config`." + (f" Known and still free here: {listed}." if listed else "")
    return Finding("error", "unknown-field", fault.pointer, message, fix)


def _expected(fault: Fault) -> str:
    schema = fault.schema
    if fault.keyword in {"const", "enum"}:
        return _listed(schema.get("enum", [schema.get("const")]))
    if fault.keyword in {"pattern", "anyOf"} and "description" in schema:
        return str(schema["description"])
    if len(fault.branches) > 1:
        return " or ".join(dict.fromkeys(_kinds(branch) for branch in fault.branches))
    return _kinds(schema)


def _listed(words: list[Any]) -> str:
    shown = [str(word).lower() if isinstance(word, bool) else str(word) for word in words]
    return shown[0] if len(shown) == 1 else "one of " + ", ".join(shown)


def _kinds(schema: dict[str, Any]) -> str:
    names = schema.get("type", "string")
    return " or ".join(_KINDS[name] for name in ([names] if isinstance(names, str) else names))


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
