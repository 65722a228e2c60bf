"""Rules as data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workflows.static.context import Context
from workflows.static.finding import Finding

Look = Callable[[Context], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is asked of a contribution: `name` stands in findings, the rest on the rules page."""

    name: str
    explains: str
    fix: str


@dataclass(frozen=True, slots=True)
class Check:
    """A function that looks, the rules it speaks for, and what it is asked of.

    `families` are whole families (`model-0.4`) or kinds (`model`); none means every resource description. `files` marks checks that
    open the files of a package, which are not asked of a lone document.
    """

    look: Look
    rules: tuple[Rule, ...]
    families: frozenset[str] = frozenset()
    files: bool = False

    def applies(self, kind: str, family: str) -> bool:
        """Whether a resource of this kind and family is asked."""
        if not self.families:
            return not kind.startswith("scivision")
        return bool(self.families & {kind, family})
