"""The page on adopting, from the same data as what `accession init` says. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adopting.adoption import Adoption, Source
from bot.adopting.permissions import CALLS, EVERYBODY, GRAPHQL, TITLES
from bot.adopting.steps import chapters
from bot.adopting.tables import permissions_table, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.adopting.permissions import Call, Identity
    from bot.adopting.steps import Chapter

COMMAND = "python -m bot.adopting > .github/ADOPTING.md"
_REPOSITORY = "OWNER/NAME"
_ACTIONS = Adoption(_REPOSITORY, source=Source("OWNER/accession", "0" * 40))
_SERVICE = Adoption(_REPOSITORY, mode="service", app=True)
_WHO: dict[Identity, str] = {"app": "App", "token": "personal token", "actions": "Actions"}

_HEAD = f"""\
# Adopting Accession

A collection is a repository on GitHub. It adopts Accession by one workflow file and one policy file, without a server, or by
the policy alone, with a service of its own. In the checkout of the collection's repository:

```
accession init OWNER/NAME --curator LOGIN:ID --keyword WORD                        # in GitHub Actions
accession init OWNER/NAME --curator LOGIN:ID --keyword WORD --mode service         # with a server, as a machine user
accession init OWNER/NAME --curator LOGIN:ID --keyword WORD --mode service --app   # the same, as a GitHub App of your own
```

It writes `collection/accession.yaml`, in Actions mode `.github/workflows/accession.yml`, and with `--app` the manifest
`.github/accession-app.json`. It asks no network. What is missing stands there as a placeholder that the bot refuses. A file
that somebody changed is left alone unless `--force` is given, and then the exit code is 1. After that it prints what is on
this page, for your repository. This page is made from the same data by `{COMMAND}`.

Which way? In Actions nothing has to be kept running, and an answer takes some minutes: schedules are late, and every check
builds or loads its box. A service answers in seconds, with webhooks and boxes that wait. Both run the same pipeline, and a
collection can change over at any time: what must last is in git and on the pull requests. Keep `ACCESSION_STATE_KEY`, or all
open pull requests are checked and reported on once more.
"""

_EVERY_CALL = """\
What the bot asks of GitHub inside the repository, and what GitHub's documents say that it takes. Tests hold this table to the
code, and go the whole road with exactly these permissions.
"""


def page() -> str:
    """Markdown."""
    here = chapters(_ACTIONS)
    there = [chapter for chapter in chapters(_SERVICE) if chapter not in here]
    return "\n".join(
        (
            _HEAD,
            "## In GitHub Actions\n",
            *map(_chapter, here),
            "## As a service\n",
            "Rules of branches and labels are as above. The rest:\n",
            *map(_chapter, there),
            "## Permissions\n",
            *(f"As {_as(who)}:\n\n{permissions_table(who)}\n" for who in EVERYBODY),
            "## Every call\n",
            _EVERY_CALL,
            _calls(CALLS),
            "",
        )
    )


def _as(who: Identity) -> str:
    return {"app": "a GitHub App", "token": "a machine user with a fine-grained token", "actions": "Actions"}[who]


def _chapter(chapter: Chapter) -> str:
    title, text = chapter
    return f"### {title}\n\n{text}\n"


def _calls(calls: Iterable[Call]) -> str:
    return table(
        ("call", "permission", "what for", "by"),
        (
            (
                f"`{call.path}` (GraphQL)" if call.verb == GRAPHQL else f"`{call.verb} /repos/{{}}{call.path}`",
                f"{TITLES[call.permission]}: {call.level}",
                call.why,
                "" if call.by == EVERYBODY else ", ".join(_WHO[who] for who in call.by),
            )
            for call in calls
        ),
    )
