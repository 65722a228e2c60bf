"""The rules, in the order in which they are asked and told."""

from functools import cache
from itertools import chain

from workflows.static.checks import (
    arrays,
    citation,
    document,
    files,
    format_version,
    guide,
    licence,
    names,
    persons,
    schema,
    tensors,
)
from workflows.static.rule import Check, Rule

CHECKS: tuple[Check, ...] = (
    document.CHECK,
    schema.CHECK,
    format_version.CHECK,
    names.CHECK,
    persons.CHECK,
    citation.CHECK,
    licence.CHECK,
    tensors.CHECK,
    files.CHECK,
    arrays.CHECK,
    guide.CHECK,
)
RULES: tuple[Rule, ...] = tuple(chain.from_iterable(check.rules for check in CHECKS))


@cache
def checks_of(kind: str, family: str, *, files: bool) -> tuple[Check, ...]:
    """The checks that are asked of a family of resources, with or without those that open files."""
    return tuple(check for check in CHECKS if check.applies(kind, family) and (files or not check.files))
