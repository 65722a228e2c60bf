"""The forms in which findings are told."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from workflows.lint.github import file_commands
from workflows.lint.jsonl import file_line
from workflows.lint.judged import Judged, Tally
from workflows.lint.text import colours, file_text, no_colours, summary


@dataclass(frozen=True)
class Format:
    """What is written: `head`, what each file adds with `between` where it adds something, `tail`."""

    one: Callable[[Judged], str]
    head: str = ""
    between: str = ""
    tail: Callable[[Tally], str] = lambda _tally: ""


def form(name: str, *, coloured: bool = False) -> Format:
    """A form by its name."""
    if name == "text":
        return Format(partial(file_text, paint=colours if coloured else no_colours), tail=summary)
    if name == "jsonl":
        return Format(file_line)
    if name == "github":
        return Format(file_commands)
    from workflows.lint import sarif

    return Format(sarif.file_results, sarif.head(), ",\n", sarif.tail)
