"""One line of a conda environment: a name and what it says of versions, in the words of PEP 440.

Source: conda's "Package match specifications". What PEP 440 cannot say (`1.2|1.3`, versions that are no versions) is left
untranslated; builds are dropped, because a wheel has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

_LINE = re.compile(r"(?:(?P<channel>[\w./:-]+)::)?(?P<name>\w[\w.-]*?)\s*(?P<rest>(?:[\[=<>!~*\d\s].*)?)\Z", re.DOTALL)
_BRACKETS = re.compile(r"(?P<before>[^\[]*)\[(?P<fields>[^\]]*)\]\Z", re.DOTALL)
_VERSION_FIELD = re.compile(r"""\bversion\s*=\s*(?:'([^']*)'|"([^"]*)"|([^,'"\s]+))""")
_CLAUSE = re.compile(r"(?P<op>==|!=|>=|<=|~=|=|>|<)?\s*(?P<version>[\w.!+*-]+)(?P<build>(?:\s*=\s*|\s+)[\w.*-]+)?\Z")


class UntranslatableError(ValueError):
    """It is a conda specification, and PEP 440 has no words for it."""


class _NoSpecError(ValueError):
    """It is no conda specification at all."""


@dataclass(frozen=True)
class CondaSpec:
    """Name in lower case, and a PEP 440 specifier set, empty for any version."""

    name: str
    versions: str


def parse(line: str) -> CondaSpec | None:
    """None for what is no conda specification; raises `UntranslatableError`."""
    found = _LINE.match(line.strip())
    if found is None:
        return None
    try:
        return CondaSpec(found["name"].lower(), _versions(found["rest"].strip()))
    except _NoSpecError:
        return None


def _versions(rest: str) -> str:
    brackets = _BRACKETS.match(rest)
    if brackets:
        field = _VERSION_FIELD.search(brackets["fields"])
        rest = (field[1] or field[2] or field[3] or "") if field else brackets["before"].strip()
    if not rest:
        return ""
    if "|" in rest:
        raise UntranslatableError(rest)
    clauses = [clause for part in rest.split(",") if (clause := _clause(part.strip()))]
    try:
        return str(SpecifierSet(",".join(clauses)))
    except InvalidSpecifier:
        raise UntranslatableError(rest) from None


def _clause(text: str) -> str:
    """One comparison: `=1.2` is `==1.2.*`, with a build it is exact; `>=1.2.*` is `>=1.2`."""
    found = _CLAUSE.match(text)
    if found is None:
        raise _NoSpecError(text)
    operator, version, build = found["op"] or "==", found["version"], found["build"]
    if version == "*":
        return ""
    stars = version.endswith("*")
    plain = version.rstrip("*").rstrip(".")
    if "*" in plain or not plain:
        raise UntranslatableError(text)
    if operator == "=":
        return f"=={plain}" if build and not stars else f"=={plain}.*"
    return f"{operator}{plain}.*" if stars and operator in {"==", "!="} else f"{operator}{plain}"
