"""What the static check says of a scivision file."""

import json
from dataclasses import dataclass
from typing import Any

from workflows.document import load
from workflows.static.finding import Finding, Suggestion
from workflows.static.static import context_of, look


@dataclass(frozen=True)
class Said:
    """Family and findings; `data` as it was read."""

    family: str
    findings: tuple[Finding, ...]
    data: Any

    @property
    def valid(self) -> bool:
        return not self.of("error")

    def of(self, level: str, rule: str = "") -> list[Finding]:
        """The findings of a level, and of a rule."""
        return [one for one in self.findings if one.level == level and rule in {"", one.rule}]


def said(text: str | bytes) -> Said:
    """Judge a lone file."""
    document = load(text if isinstance(text, bytes) else text.encode())
    context = context_of(document, {}, (), {}, package=False)
    return Said(context.kind, tuple(look(context)), document.data)


def applied(text: str, suggestion: Suggestion) -> str:
    """The file with the suggested lines."""
    lines = text.split("\n")
    lines[suggestion.start_line - 1 : suggestion.end_line] = suggestion.text.split("\n") if suggestion.text else []
    return "\n".join(lines)


def only(file: str | dict[str, Any], rule: str = "") -> Finding:
    """The only finding of a rule, or the only error."""
    found = said(file if isinstance(file, str) else json.dumps(file, indent=2, ensure_ascii=False))
    wanted = [one for one in found.findings if one.rule == rule or (not rule and one.level == "error")]
    assert len(wanted) == 1, wanted
    return wanted[0]
