"""The secrets of the repository in Actions mode, as data: each is named in the workflow, none is handed on unnamed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Secret:
    """`command` sets it, with `{repository}` for the collection's; what can be made up is made, and never shown."""

    name: str
    why: str
    command: str
    required: bool = True


SECRETS: tuple[Secret, ...] = (
    Secret(
        "ACCESSION_STATE_KEY",
        "signs what the bot remembers on pull requests; set it once and keep it",
        "openssl rand -hex 32 | gh secret set ACCESSION_STATE_KEY --repo {repository}",
    ),
    Secret(
        "ACCESSION_NOTIFY",
        "where notices go, as apprise addresses separated by spaces",
        "gh secret set ACCESSION_NOTIFY --repo {repository}",
        required=False,
    ),
)
