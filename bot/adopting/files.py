"""Which files a collection gets, with their texts. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adopting import app_manifest, policy, workflow
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.adopting.adoption import Adoption


def files(adoption: Adoption) -> dict[str, str]:
    """By path below the repository's root; raises `ConfigError` where Actions mode does not know what to pin."""
    found = {policy.PATH: policy.policy(adoption)}
    if adoption.app:
        found[app_manifest.PATH] = app_manifest.manifest(adoption)
    if adoption.mode == "actions":
        if adoption.source is None:
            raise ConfigError(
                "It is not known which commit of Accession this is: name it with --accession OWNER/NAME@SHA (`git rev-parse "
                "HEAD` in a checkout that is on GitHub).",
                reason="usage",
            )
        found[workflow.PATH] = workflow.workflow(adoption.source)
    return dict(sorted(found.items()))
