"""What can be wrong with a file as YAML, and how much of it is read."""

from dataclasses import dataclass
from typing import Any

_SHOWN = 60  # characters of a contributor's text inside a message


@dataclass(frozen=True)
class Limits:
    """`size` in bytes; `nodes` as written, `expanded` with every alias counted as what it stands for."""

    size: int = 1_000_000
    depth: int = 64
    nodes: int = 20_000
    aliases: int = 1_000
    expanded: int = 50_000


@dataclass(frozen=True)
class Problem:
    """What is wrong with the file as YAML; line and column are counted from 1."""

    rule: str
    message: str
    fix: str
    line: int | None = None
    column: int | None = None
    level: str = "error"


class Refused(Exception):  # noqa: N818 - a refusal is an answer here, caught by the only caller
    """The document cannot be built; says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def problem_at(event: Any, rule: str, message: str, fix: str, level: str = "error") -> Problem:
    """A problem at the start of a YAML event, whose marks count from 0."""
    return Problem(rule, message, fix, event.start_mark.line + 1, event.start_mark.column + 1, level)


def refused(event: Any, rule: str, message: str, fix: str) -> Refused:
    """The refusal of a YAML event."""
    return Refused(problem_at(event, rule, message, fix))


def shown(value: object) -> str:
    """A contributor's text inside a message, in quotes and not too long."""
    text = str(value)
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
