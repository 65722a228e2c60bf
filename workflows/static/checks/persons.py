"""Who made it, and who answers for it."""

import re
from collections.abc import Iterator

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import field, replace_value, show

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}\Z")


def look(context: Context) -> Iterator[Finding]:
    """ORCID iDs and logins of everybody, then whether somebody can be told."""
    for group in ("authors", "maintainers", "packaged_by"):
        yield from _persons(context, group)
    yield from _reachable(context)


def orcid_is_valid(orcid: str) -> bool:
    """Four groups of four with the check digit of ISO 7064 MOD 11-2."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]", orcid):
        return False
    total = 0
    for digit in orcid.replace("-", ""):
        total = (2 * total + (10 if digit == "X" else int(digit))) % 11
    return total == 1


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


CHECK = Check(
    look,
    (
        Rule(
            "orcid",
            "An ORCID iD is written bare, in hyphenated groups of four, and its last character is the check digit of the others (ISO 7064 MOD 11-2).",
            "Copy it from orcid.org.",
        ),
        Rule(
            "github-user",
            "A `github_user` is a GitHub login.",
            "Write the login as in the profile's address.",
        ),
        Rule(
            "maintainers",
            "Somebody can be told about the entry: a maintainer with a `github_user`.",
            "Add under `maintainers` at least one `name` with its `github_user`.",
        ),
    ),
)
