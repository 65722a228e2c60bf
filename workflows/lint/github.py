"""Findings as commands of GitHub's workflow log, which shows them on the lines of a pull request.

Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands (setting an error message). A policy finding is an
error there: it keeps the file out, as the exit code says.
"""

from workflows.lint.judged import Judged
from workflows.lint.words import plain
from workflows.static.finding import Finding

_COMMANDS = {"error": "error", "policy": "error", "warning": "warning"}


def file_commands(judged: Judged) -> str:
    """A command a line."""
    return "".join(_command(judged.file, finding) for finding in judged.findings)


def _command(file: str, finding: Finding) -> str:
    place = {"file": file, "line": finding.line, "col": finding.column, "title": finding.rule}
    told = ",".join(f"{name}={_value(str(value))}" for name, value in place.items() if value is not None)
    lines = [plain(part) for part in (finding.message, finding.fix) if part]
    return f"::{_COMMANDS[finding.level]} {told}::{_data(chr(10).join(lines))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
