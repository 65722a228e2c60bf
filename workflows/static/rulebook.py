"""The rules, in the order in which they are asked and told."""

from functools import cache
from itertools import chain

from workflows.static.checks import (
    architecture,
    arrays,
    axes_05,
    citation,
    collection,
    config,
    covers,
    dates,
    document,
    environments,
    files,
    format_version,
    guide,
    hashes,
    kind,
    licence,
    model,
    model_04,
    model_05,
    names,
    numbers_04,
    persons,
    pickles,
    processing_04,
    processing_05,
    readme,
    schema,
    scivision,
    scivision_form,
    scivision_guide,
    shapes_04,
    tensors_04,
    tensors_05,
    versions,
    weights_04,
    weights_05,
    weights_files,
    wording,
)
from workflows.static.rule import Check, Rule

CHECKS: tuple[Check, ...] = (
    document.CHECK,
    schema.CHECK,
    kind.CHECK,
    format_version.CHECK,
    names.CHECK,
    persons.CHECK,
    citation.CHECK,
    licence.CHECK,
    versions.CHECK,
    config.CHECK,
    dates.CHECK,
    collection.CHECK,
    model.CHECK,
    model_04.CHECK,
    tensors_04.CHECK,
    shapes_04.CHECK,
    processing_04.CHECK,
    weights_04.CHECK,
    numbers_04.CHECK,
    model_05.CHECK,
    tensors_05.CHECK,
    axes_05.CHECK,
    processing_05.CHECK,
    weights_05.CHECK,
    files.CHECK,
    hashes.CHECK,
    weights_files.CHECK,
    pickles.CHECK,
    architecture.CHECK,
    environments.CHECK,
    arrays.CHECK,
    readme.CHECK,
    covers.CHECK,
    guide.CHECK,
    wording.CHECK,
    scivision.CHECK,
    scivision_form.CHECK,
    scivision_guide.CHECK,
)
UNREAD: tuple[Check, ...] = (document.CHECK,)
"""What is asked of a file that holds no mapping of fields to values."""
RULES: tuple[Rule, ...] = tuple(dict.fromkeys(chain.from_iterable(check.rules for check in CHECKS)))


@cache
def checks_of(kind: str, family: str, *, files: bool) -> tuple[Check, ...]:
    """The checks that are asked of a family of resources, with or without those that open files."""
    return tuple(check for check in CHECKS if check.applies(kind, family) and (files or not check.files))
