"""Names, versions and numbers that others look things up by."""

import re
from collections.abc import Iterator
from typing import Any

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.finding import Context, Finding, Level
from workflows.static.words import field, replace_value, show

_KNOWN_VERSIONS = {
    "model": frozenset({"0.1", "0.2", "0.3", "0.4", "0.5"}),
    "dataset": frozenset({"0.2", "0.3"}),
    "application": frozenset({"0.2", "0.3"}),
    "notebook": frozenset({"0.2", "0.3"}),
}
_LONGEST_NAME = 64
_NAME = re.compile(r"[\w\- ]+\Z")
_NAME_05 = re.compile(r"[\w\- ()+.]+\Z")
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+\Z")
_DOI_INSIDE = re.compile(r"10\.[0-9]{4,9}/[^\s?#]+")
_DOI_PREFIXES = ("https://doi.org/", "http://dx.doi.org/")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}\Z")
_VERSION = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){1,2}\Z")


def look(context: Context) -> Iterator[Finding]:
    """Format version, name, ORCID iDs, DOIs, tensor names and maintainers, in this order."""
    yield from _format_version(context)
    yield from _name(context)
    for group in ("authors", "maintainers", "packaged_by"):
        yield from _persons(context, group)
    yield from _reachable(context)
    for index, entry in enumerate(items(context.data.get("cite"))):
        if isinstance(entry, dict) and isinstance(entry.get("doi"), str):
            yield from _doi(context, pointer_of("cite", index, "doi"), entry["doi"])
    yield from _tensor_names(context)


def orcid_is_valid(orcid: str) -> bool:
    """Four groups of four with the check digit of ISO 7064 MOD 11-2."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]", orcid):
        return False
    total = 0
    for digit in orcid.replace("-", ""):
        total = (2 * total + (10 if digit == "X" else int(digit))) % 11
    return total == 1


def _format_version(context: Context) -> Iterator[Finding]:
    """Known to the specification (an error otherwise), and not below the collection's floor (its own policy)."""
    declared = context.data.get("format_version")
    if declared is None:
        message, fix = "The field `format_version` is missing.", f"Add it, such as {_example(context.kind)}."
        yield Finding("error", "format-version", "/format_version", message, fix)
        return
    known = _KNOWN_VERSIONS.get(context.kind, frozenset())
    if not isinstance(declared, str) or not _VERSION.match(declared) or context.version not in known:
        message = f"`format_version` {show(declared)} is not known for a {context.kind}."
        fix = f"Write one of {', '.join(sorted(known))} with its patch number, such as {_example(context.kind)}."
        yield Finding("error", "format-version", "/format_version", message, fix)
        return
    floor = dict(context.policy.get("minimum_format_version") or {}).get(context.kind)
    if floor and _numbers(declared) < _numbers(floor):
        message = f"`format_version` {declared} is older than this collection takes ({floor})."
        fix = f"Update the file to {floor} or later; bioimageio.spec's `bioimageio update-format` does most of it."
        yield Finding("policy", "format-version", "/format_version", message, fix)


def _example(kind: str) -> str:
    return "0.4.10" if kind == "model" else "0.2.4"


def _numbers(version: str) -> tuple[int, ...]:
    """A floor of 0.4 takes 0.4.0: the patch number counts only where both have one."""
    return tuple(int(part) for part in version.split("."))


def _name(context: Context) -> Iterator[Finding]:
    """At most 64 letters, digits, spaces and `_-` (0.4 model specification, `name`)."""
    name = context.data.get("name")
    if not isinstance(name, str) or context.kind != "model":
        return
    if len(name) > _LONGEST_NAME:
        message = f"`name` has {len(name)} characters; at most {_LONGEST_NAME} are shown."
        yield Finding("warning" if context.version == "0.5" else "policy", "name", "/name", message, "Shorten it.")
    if not (_NAME_05 if context.version == "0.5" else _NAME).match(name) and name:
        allowed = "letters, digits, spaces, _ and -" + (", ( ) + and ." if context.version == "0.5" else "")
        level: Level = "error" if context.version == "0.5" else "warning"
        message = f"`name` {show(name)} has characters other than {allowed}."
        yield Finding(level, "name", "/name", message, "Leave them out.")


def _persons(context: Context, group: str) -> Iterator[Finding]:
    for index, person in enumerate(items(context.data.get(group))):
        if not isinstance(person, dict):
            continue
        orcid, login = person.get("orcid"), person.get("github_user")
        at = pointer_of(group, index)
        if isinstance(orcid, str) and not orcid_is_valid(orcid):
            yield _orcid(context, f"{at}/orcid", orcid)
        if isinstance(login, str) and not _LOGIN.match(login.removeprefix("https://github.com/")):
            message = f"`{field(at)}.github_user` {show(login)} is not a GitHub login."
            fix = "Write the login as in the profile's address: letters, digits and single hyphens."
            yield Finding("warning", "github-user", f"{at}/github_user", message, fix)


def _orcid(context: Context, pointer: str, orcid: str) -> Finding:
    bare = orcid.strip().rstrip("/").rsplit("/", 1)[-1].upper()
    message = f"`{field(pointer)}` {show(orcid)} is not a valid ORCID iD (its last character is a check digit)."
    if orcid_is_valid(bare):
        suggestion = replace_value(context.document, pointer, orcid, bare)
        return Finding("error", "orcid", pointer, message, f"Write {bare}.", suggestion)
    return Finding("error", "orcid", pointer, message, "Copy it from orcid.org, in hyphenated groups of four.")


def _reachable(context: Context) -> Iterator[Finding]:
    """Somebody has to answer: a maintainer with a well-formed GitHub login (whether it exists, the bot asks)."""
    maintainers = items(context.data.get("maintainers"))
    logins = [person.get("github_user") for person in maintainers if isinstance(person, dict)]
    if not any(isinstance(login, str) and _LOGIN.match(login.removeprefix("https://github.com/")) for login in logins):
        message = "No maintainer has a `github_user` who could be told about this entry."
        fix = "Add under `maintainers` at least one `name` with its `github_user`."
        yield Finding("policy", "maintainers", "/maintainers", message, fix)


def _doi(context: Context, pointer: str, doi: str) -> Iterator[Finding]:
    if _DOI.match(doi):
        return
    inside = _DOI_INSIDE.search(doi[:2000])
    level: Level = "warning" if doi.startswith(_DOI_PREFIXES) or re.match(r"10\.[0-9]{4}.", doi) else "error"
    message = f"`{field(pointer)}` {show(doi)} is not a bare DOI."
    if inside:
        suggestion = replace_value(context.document, pointer, doi, inside[0])
        yield Finding(level, "doi", pointer, message, f"Write {inside[0]}.", suggestion)
    else:
        fix = "Write the DOI alone, such as 10.5281/zenodo.5764892, or use `url` for other addresses."
        yield Finding(level, "doi", pointer, message, fix)


def _tensor_names(context: Context) -> Iterator[Finding]:
    """No name twice among inputs and outputs (0.4 `inputs.name`; 0.5 `id`)."""
    seen: dict[Any, str] = {}
    for group in ("inputs", "outputs"):
        for index, tensor in enumerate(items(context.data.get(group))):
            key = "id" if isinstance(tensor, dict) and "id" in tensor else "name"
            name = tensor.get(key) if isinstance(tensor, dict) else None
            pointer = pointer_of(group, index, key)
            if isinstance(name, str) and name in seen:
                message = f"`{field(pointer)}` {show(name)} is the name of `{field(seen[name])}` already."
                yield Finding("error", "tensor-name", pointer, message, "Give each tensor a name of its own.")
            elif isinstance(name, str):
                seen[name] = pointer.rsplit("/", 1)[0]
