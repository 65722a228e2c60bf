"""What is wrong with a weights file, before it is known where the RDF names it."""

from dataclasses import dataclass
from typing import Literal

from workflows.static.finding import Level

Rule = Literal["weights-format", "weights-archive", "opset-version", "weights-code"]


@dataclass(frozen=True)
class Fault:
    """`says` goes on after the file's name; `beside` names a field of the entry that is to be changed, with its right value."""

    says: str
    fix: str
    rule: Rule = "weights-format"
    level: Level = "error"
    beside: tuple[str, str] | None = None
