"""What makes a scivision entry easy to find, to choose and to use: none of it is required."""

import re
from collections.abc import Iterator
from typing import Any

from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.edits import with_value
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.scivision_family import FAMILIES
from workflows.static.strict_json import as_json_readers_do
from workflows.static.words import field, show

_WANTED = {
    "model": ("description", "tasks", "institution", "tags"),
    "datasource": ("description", "tasks", "domains", "institution", "tags"),
    "project": ("description", "page", "tasks", "institution", "tags"),
}
_NAMES_NOTHING = re.compile(r"(?i)(?:my[-_ ]?)?(?:model|data|dataset|datasource|project|test|untitled)[-_ ]?[0-9]*\Z")
_INSTALLS = (
    re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\s*\[[^\[\]]*\])?(?:\s*(?:[<>=!~]{1,3}|@|;).*)?\Z"),
    re.compile(r"(?:git|hg|svn|bzr)\+[a-z]+://\S+\Z"),
    re.compile(r"[a-z]+://\S+\.(?:whl|zip|tar\.gz|tgz|tar\.bz2)(?:[?#]\S*)?\Z"),
)
_PIP = re.compile(r"(?:python3? -m )?pip3? install (?:-U |--upgrade )?(?=\S)")
_REPOSITORY = re.compile(r"https://(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)/[\w.-]+/[\w.-]+\Z")


def look(context: Context) -> Iterator[Finding]:
    """Each entry by itself; what is no mapping is told elsewhere."""
    _, kind, form = context.kind.split("-")
    data = as_json_readers_do(context.document, context.data)
    entries = data.get("entries")
    if form == "entry":
        yield from _entry(context, data, kind, "")
    for number, entry in enumerate(entries if form == "catalog" and isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield from _entry(context, entry, kind, pointer_of("entries", number))


def _entry(context: Context, entry: dict[str, Any], kind: str, at: str) -> Iterator[Finding]:
    silent = [name for name in _WANTED[kind] if not _says(entry.get(name))]
    if silent:
        message = f"`{field(at)}` says nothing in {', '.join(f'`{name}`' for name in silent)}."
        fix = "Fill it in: people find and choose an entry by it."
        yield _of_entry("scivision-silent", at, message.replace("`the file`", "The entry"), fix)
    name = entry.get("name")
    if isinstance(name, str) and _NAMES_NOTHING.match(name.strip()):
        message = f"`{field(at + '/name')}` {show(name)} does not tell what it is."
        fix = f"Use one or two words, such as {'Leaf counter' if kind == 'model' else 'Seedlings'!r}."
        yield Finding("warning", "scivision-naming", f"{at}/name", message, fix)
    yield from _USE[kind](context, entry, at)


def _of_entry(rule: str, at: str, message: str, fix: str) -> Finding:
    """A finding about an entry as a whole, which begins at the first line where it is a file of its own."""
    return Finding("warning", rule, at, message, fix, line=None if at else 1, column=None if at else 1)


def _says(value: Any) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)


def _model(context: Context, entry: dict[str, Any], at: str) -> Iterator[Finding]:
    package, pointer = entry.get("pkg_url"), f"{at}/pkg_url"
    if isinstance(package, str) and not any(form.match(package.strip()) for form in _INSTALLS):
        right = _installable(package.strip())
        message = f"`{field(pointer)}` {show(package)} is nothing that pip installs."
        fix = f'Write "{right}".' if right else "Write a package's name, or git+https://… with @ and the branch."
        suggestion = with_value(context.document, pointer, right) if right else None
        yield Finding("warning", "scivision-package", pointer, message, fix, suggestion)
    if entry.get("scivision_usable") is True and not entry.get("url"):
        message = f"`{field(at + '/scivision_usable')}` is true, but there is no `url` to load it from."
        fix = "Add the web address of its .scivision/model.yml, or write false."
        yield Finding("warning", "scivision-use", f"{at}/scivision_usable", message, fix)


def _installable(package: str) -> str | None:
    """What was most likely meant."""
    bare = _PIP.sub("", package, count=1)
    right = f"git+{bare}" if _REPOSITORY.match(bare) else bare
    return right if right != package and any(form.match(right) for form in _INSTALLS) else None


def _datasource(_context: Context, entry: dict[str, Any], at: str) -> Iterator[Finding]:
    if not entry.get("url"):
        message = "There is no `url`: nobody can load the data."
        yield _of_entry("scivision-use", at, message, "Add the web address of the data.")


def _project(_context: Context, entry: dict[str, Any], at: str) -> Iterator[Finding]:
    unused = [name for name in ("models", "datasources") if not entry.get(name)]
    if unused:
        message = f"The project names no {' and no '.join(unused)} of the catalogs."
        yield _of_entry("scivision-use", at, message, "Name at least one of each that it uses.")


_USE = {"model": _model, "datasource": _datasource, "project": _project}
CHECK = Check(
    look,
    (
        Rule(
            "scivision-silent",
            "An entry has a description, tasks, institutions and tags (a datasource its domains, a project its page).",
            "Fill in what is named: people find and choose an entry by it.",
            ("warning",),
        ),
        Rule(
            "scivision-naming",
            "The name tells in one or two words what it is.",
            "Choose a name that no number has to make unique.",
            ("warning",),
        ),
        Rule(
            "scivision-package",
            "`pkg_url` is what pip installs: a package's name, `git+https://…@branch`, or the address of an archive.",
            "Write it without the words `pip install`, and a repository with `git+` before it.",
            ("warning",),
        ),
        Rule(
            "scivision-use",
            "A model that scivision can load and a datasource have a `url`; a project names its models and datasources.",
            "Add what is missing.",
            ("warning",),
        ),
    ),
    families=FAMILIES,
)
