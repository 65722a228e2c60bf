"""Rules as data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workflows.static.context import Context
from workflows.static.finding import Finding, Level

EVERY_FILE = frozenset({"*"})
"""Families of a check that is asked of catalogs too."""
Look = Callable[[Context], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is asked of a contribution: `name` stands in findings, the rest on the rules page.

    `levels` are those that its findings may have.
    """

    name: str
    explains: str
    fix: str
    levels: tuple[Level, ...] = ("error",)


@dataclass(frozen=True, slots=True)
class Check:
    """A function that looks, the rules it speaks for, and what it is asked of.

    `families` are whole families (`model-0.4`) or kinds (`model`); none means every resource description, `EVERY_FILE` catalogs too.
    `files` marks checks that open the files of a package, which are not asked of a lone document.
    """

    look: Look
    rules: tuple[Rule, ...]
    families: frozenset[str] = frozenset()
    files: bool = False

    def applies(self, kind: str, family: str) -> bool:
        """Whether a resource of this kind and family is asked."""
        if self.families == EVERY_FILE:
            return True
        if not self.families:
            return not kind.startswith("scivision")
        return bool(self.families & {kind, family})
