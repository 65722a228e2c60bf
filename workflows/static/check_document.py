"""Whether it is one clean YAML document."""

from collections.abc import Iterator

from workflows.static.finding import Context, Finding, Level


def look(context: Context) -> Iterator[Finding]:
    """The reader's own problems, each at its line; and a file that holds no mapping."""
    for problem in context.document.problems:
        level: Level = "warning" if problem.level == "warning" else "error"
        yield Finding(level, problem.rule, "", problem.message, problem.fix, line=problem.line, column=problem.column)
    if context.document.readable and not isinstance(context.document.data, dict):
        message = "The file is not a mapping of fields to values."
        yield Finding("error", "not-a-mapping", "", message, "Begin it with lines such as 'type: model'.")
