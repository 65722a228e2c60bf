"""The secrets of the repository in Actions mode, as data: each is named in the workflow, none is handed on unnamed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Secret:
    """`command` makes and sets it in one go, with `{repository}` for the collection's; the secret is never shown."""

    name: str
    why: str
    command: str
    required: bool = True
    app: bool = False
    """Needed where the bot speaks as an App, and not otherwise."""


SECRETS: tuple[Secret, ...] = (
    Secret(
        "ACCESSION_STATE_KEY",
        "signs what the bot remembers on pull requests; set it once and keep it",
        "openssl rand -hex 32 | gh secret set ACCESSION_STATE_KEY --repo {repository}",
    ),
    Secret(
        "ACCESSION_GITHUB_APP_ID",
        "the App's id, from its settings page",
        "gh secret set ACCESSION_GITHUB_APP_ID --repo {repository}",
        app=True,
    ),
    Secret(
        "ACCESSION_GITHUB_APP_KEY",
        "the App's private key",
        "gh secret set ACCESSION_GITHUB_APP_KEY --repo {repository} < accession.private-key.pem",
        app=True,
    ),
    Secret(
        "ACCESSION_NOTIFY",
        "where notices go: apprise addresses, separated by spaces",
        "gh secret set ACCESSION_NOTIFY --repo {repository}",
        required=False,
    ),
    Secret(
        "ACCESSION_ZENODO_TOKEN",
        "raises the archive's limits; sent to the archive alone",
        "gh secret set ACCESSION_ZENODO_TOKEN --repo {repository}",
        required=False,
    ),
)


def secrets(*, app: bool) -> tuple[Secret, ...]:
    """Those of a repository whose bot speaks as an App, or as Actions."""
    return tuple(secret for secret in SECRETS if app or not secret.app)
