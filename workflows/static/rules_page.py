"""The rules page: every rule as data, for the people who are asked to follow it."""

from workflows.static.rule import EVERY_FILE, Check, Rule

COMMAND = "python -m workflows rules > .github/RULES.md"
_HEAD = f"""\
# The rules

What `accession-check static` and the bot look at before anything is run, in the order in which they look.

* An **error** is the verdict of the specification that the file follows by its own word: with one, it is not valid.
* A **policy** finding keeps a valid file out of this collection.
* A **warning** is advice.

The name of a rule stands behind each finding, in brackets. This page is made from the rules by `{COMMAND}`.
"""


def page(checks: tuple[Check, ...]) -> str:
    """Markdown: a chapter for each audience, a heading with an anchor for each rule."""
    chapters: dict[str, list[Rule]] = {}
    for rule in dict.fromkeys(rule for check in checks for rule in check.rules):
        chapters.setdefault(_audience([check for check in checks if rule in check.rules]), []).append(rule)
    parts = (part for title, rules in chapters.items() for part in (f"## {title}\n", *map(_rule, rules)))
    return "\n".join([_HEAD, *parts])


def anchor(rule: str) -> str:
    """The fragment that leads to a rule, as GitHub makes it of a heading of small letters, digits and hyphens."""
    return rule


def _audience(checks: list[Check]) -> str:
    """Who is asked by any of the checks that speak for a rule."""
    families = [check.families for check in checks]
    if EVERY_FILE in families:
        who = "Every file"
    elif not all(families):
        who = "Every resource description"
    else:
        who = ", ".join(f"`{name}`" for name in sorted(set().union(*families)))
    return f"{who}, where its files are at hand" if all(check.files for check in checks) else who


def _rule(rule: Rule) -> str:
    return f"### {rule.name}\n\n{rule.explains} *{', '.join(rule.levels).capitalize()}.*\n\n{rule.fix}\n"
