"""Whether it is one clean YAML document."""

from collections.abc import Iterator
from typing import Any

from workflows.problem import Problem
from workflows.static.context import Context
from workflows.static.finding import Finding, Level
from workflows.static.rule import EVERY_FILE, Check, Rule
from workflows.static.scivision_family import scivision_family
from workflows.static.strict_json import RULE as JSON
from workflows.static.strict_json import begins_as_json, json_fault, means_json

_UNREAD = frozenset({"syntax", "tab"})
"""Where a text that means to be JSON is told in JSON's terms."""


def look(context: Context) -> Iterator[Finding]:
    """The reader's own problems, each at its line; and a file that holds no mapping."""
    problems, text = context.document.problems, context.document.text
    catalog = context.kind.startswith("scivision") and begins_as_json(text)
    unread = bool(problems) and problems[0].rule in _UNREAD and means_json(text)
    fault = json_fault(context.document) if catalog or unread else None
    if fault:
        yield fault
    for problem in problems:
        if fault is None or problem.rule not in _UNREAD:
            yield _problem(problem, taken=catalog)
    if context.document.readable and not isinstance(context.document.data, dict):
        yield _no_mapping(context.document.data)


def _problem(problem: Problem, *, taken: bool) -> Finding:
    """A key that stands twice is no error in a catalog: JSON's readers take the last."""
    level: Level = "warning" if problem.level == "warning" else "error"
    level = "policy" if taken and problem.rule == "duplicate-key" else level
    return Finding(level, problem.rule, "", problem.message, problem.fix, line=problem.line, column=problem.column)


def _no_mapping(data: Any) -> Finding:
    if scivision_family(data):
        message = "The entries of the catalog stand in a list of their own."
        fix = 'Put them into a catalog: {"catalog_type": "…", "name": "…", "entries": […]}.'
        return Finding("error", "not-a-mapping", "", message, fix, line=1, column=1)
    message = "The file is not a mapping of fields to values."
    return Finding("error", "not-a-mapping", "", message, "Begin it with lines such as 'type: model'.")


CHECK = Check(
    look,
    (
        Rule(
            "syntax",
            "The file is YAML (1.2) that can be read.",
            "Correct the line that is named; an editor with YAML highlighting shows most of it.",
        ),
        Rule(
            JSON,
            "A catalog of scivision that begins with `{` or `[` is JSON: no comments, double quotes, commas between values and not after the last.",
            "Correct the line that is named.",
        ),
        Rule(
            "tab",
            "YAML is indented with spaces, never with tabs.",
            "Indent with spaces.",
        ),
        Rule(
            "not-utf-8",
            "The file is text in UTF-8.",
            "Save it as UTF-8.",
        ),
        Rule(
            "control-character",
            "The text holds no NUL bytes and no control characters.",
            "Remove the character.",
        ),
        Rule(
            "merge-conflict",
            "No markers of an unresolved merge conflict are left.",
            "Keep one side, and remove the marker lines.",
        ),
        Rule(
            "many-documents",
            "The file holds one YAML document.",
            "Keep one; a line of three hyphens begins another.",
        ),
        Rule(
            "not-a-mapping",
            "The file is a mapping of fields to values.",
            "Begin it with lines such as `type: model`.",
        ),
        Rule(
            "duplicate-key",
            "No field stands twice in one mapping: readers differ in which of the two they take.",
            "Keep one of the two.",
            ("error", "policy"),
        ),
        Rule(
            "non-string-key",
            "Names of fields are text.",
            "Put the name in quotes.",
            ("error", "warning"),
        ),
        Rule(
            "merge-key",
            "A merge key (`<<`) names a mapping.",
            "Write the fields out.",
        ),
        Rule(
            "unknown-tag",
            "Values are plain data: no YAML tags that ask for objects of a programming language.",
            "Remove the tag.",
        ),
        Rule(
            "unknown-alias",
            "Every alias (`*name`) has its anchor (`&name`) before it.",
            "Write the value out.",
        ),
        Rule(
            "cyclic-alias",
            "No value contains itself.",
            "Write the value out.",
        ),
        Rule(
            "alias-bomb",
            "Aliases do not multiply into more values than a description has.",
            "Write the values out, without aliases of aliases.",
        ),
        Rule(
            "too-deep",
            "Values are not nested deeper than any tool reads.",
            "Flatten them.",
        ),
        Rule(
            "too-large",
            "The file is of the size of a description: at most 1 MB.",
            "Move long text and data to files of their own.",
        ),
        Rule(
            "too-many-nodes",
            "The file holds no more values than a description needs.",
            "Move long lists to files of their own.",
        ),
    ),
    families=EVERY_FILE,
)
