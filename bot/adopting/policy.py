"""`collection/accession.yaml` for a new collection: every decision with what it decides. Pure.

What only its people can know and was not given stands there as what the schema refuses, so that a forgotten placeholder
stops the bot with a sentence instead of letting strangers approve.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.adopting.adoption import EVIDENCE_BRANCH

if TYPE_CHECKING:
    from bot.adopting.adoption import Adoption

PATH = "collection/accession.yaml"

_POLICY = """\
# The collection's policy. The bot reads it from the default branch only, never from a pull request: change it like code,
# with a reviewed pull request. What is left out has defaults; README.md of Accession, section Policy, lists everything.

# Shown in collection.json and in messages.
name: {name}

# Uploads to the archive that carry one of these keywords are for this collection.
keywords:
{keywords}

# What is taken in.
types: [model, dataset, application, notebook]

# Who may approve, decline and be told. The numeric id decides, because logins can change hands; it stands at
# https://api.github.com/users/LOGIN. Each of them needs write access to the repository. Only addresses named here are
# ever mailed: add `mail: somebody@example.org` below a login.
people:
{people}

# So many approving reviews by these people, on the state that was checked, before a merge.
approvals: 1

# At most so many maintainers named in an RDF are mentioned, once for each stage.
mentions: 5

# The branch that collection/collection.json is published to. Where the default branch takes no direct commits, this has
# to be another one, which must exist.
publish_branch: {publish_branch}

# The branch that pictures and tensors of failed test runs are shown from, and the days they are kept. The bot makes the
# branch and writes it over: it must hold nothing else.
evidence_branch: {evidence_branch}
evidence_days: 30

# Open pull requests for each uploader and in all. What comes after waits as "held".
quotas:
  per_owner: 5
  open: 30
"""

_NO_KEYWORD = "- 0  # REPLACE: the archive keyword that marks an upload for this collection; the bot stops until it is"
_NOBODY = """\
- id: 0  # REPLACE: the numeric id of a person who approves; the bot stops until it is
  login: REPLACE  # and their login"""


def policy(adoption: Adoption) -> str:
    """The file's text; JSON texts are YAML texts, whatever stands in them."""
    keywords = "\n".join(f"- {_text(keyword)}" for keyword in adoption.keywords)
    people = "\n".join(f"- id: {person.id}\n  login: {_text(person.login)}" for person in adoption.curators)
    return _POLICY.format(
        name=_text(adoption.title),
        keywords=keywords or _NO_KEYWORD,
        people=people or _NOBODY,
        publish_branch=_text(adoption.publish_branch),
        evidence_branch=EVIDENCE_BRANCH,
    )


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
