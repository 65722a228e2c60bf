"""Who made it, and who answers for it."""

import re
from collections.abc import Iterator
from typing import Any

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.described import described
from workflows.static.family import RENEWED
from workflows.static.finding import Finding
from workflows.static.orcid import orcid_inside, orcid_is_valid
from workflows.static.rule import Check, Rule
from workflows.static.words import field, replace_value, show

_PROFILE = re.compile(r"(?:(?:https?://)?(?:www\.)?github\.com/)?@?", re.IGNORECASE)
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}\Z")


def look(context: Context) -> Iterator[Finding]:
    """ORCID iDs and logins of everybody, then whether somebody can be told."""
    for at, part in described(context.data):
        for group in ("authors", "maintainers", "packaged_by"):
            if group == "authors" and isinstance(part.get(group), str) and context.family not in RENEWED:
                yield _one_text(at + pointer_of(group), part[group])
            for index, person in enumerate(items(part.get(group))):
                if isinstance(person, dict):
                    yield from _person(context, at + pointer_of(group, index), person)
    yield from _reachable(context)


def _person(context: Context, at: str, person: dict[str, Any]) -> Iterator[Finding]:
    orcid, login = person.get("orcid"), person.get("github_user")
    if isinstance(orcid, str) and not orcid_is_valid(orcid):
        yield _orcid(context, f"{at}/orcid", orcid)
    if isinstance(login, str) and not _LOGIN.match(login):
        yield _login(context, f"{at}/github_user", login)


def _one_text(pointer: str, names: str) -> Finding:
    """Until 0.2 and 0.4 bioimageio.spec reads text as a list of its letters, and takes each for a person; the schema refuses it since."""
    message = f"`{field(pointer)}` is the text {show(names)}; it has to be a list of people."
    return Finding(
        "warning", "persons", pointer, message, "Write each on a line of its own, such as `- name: Ada Lovelace`."
    )


def _login(context: Context, pointer: str, login: str) -> Finding:
    message = f"`{field(pointer)}` {show(login)} is not a GitHub login."
    bare = bare_login(login)
    if _LOGIN.match(bare):
        suggestion = replace_value(context.document, pointer, login, bare)
        return Finding("warning", "github-user", pointer, message, f"Write {bare}.", suggestion)
    fix = "Write the login as in the profile's address: letters, digits and single hyphens."
    return Finding("warning", "github-user", pointer, message, fix)


def bare_login(login: str) -> str:
    """The login in a profile's address, or of `@ada`."""
    return _PROFILE.sub("", login.strip()).rstrip("/")


def _orcid(context: Context, pointer: str, orcid: str) -> Finding:
    message = f"`{field(pointer)}` {show(orcid)} is not a valid ORCID iD (its last character is a check digit)."
    bare = orcid_inside(orcid)
    if bare:
        message = f"`{field(pointer)}` {show(orcid)} is not the bare ORCID iD."
        suggestion = replace_value(context.document, pointer, orcid, bare)
        return Finding("error", "orcid", pointer, message, f"Write {bare}.", suggestion)
    return Finding("error", "orcid", pointer, message, "Copy it from orcid.org, in hyphenated groups of four.")


def _reachable(context: Context) -> Iterator[Finding]:
    """Somebody has to answer: a maintainer with a well-formed GitHub login (whether it exists, the bot asks)."""
    maintainers = items(context.data.get("maintainers"))
    logins = [person.get("github_user") for person in maintainers if isinstance(person, dict)]
    if not any(isinstance(login, str) and _LOGIN.match(bare_login(login)) for login in logins):
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
            ("warning",),
        ),
        Rule(
            "persons",
            "People are a list, one entry for each.",
            "Write each on a line of its own, such as `- name: Ada Lovelace`.",
            ("warning",),
        ),
        Rule(
            "maintainers",
            "Somebody can be told about the entry: a maintainer with a `github_user`.",
            "Add under `maintainers` at least one `name` with its `github_user`.",
            ("policy",),
        ),
    ),
)
