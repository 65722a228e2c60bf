"""The GitHub App as data: with exactly the permissions and events that the bot's calls need. Pure.

Source: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest, and for the address
.../registering-a-github-app-using-url-parameters.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bot.adopting.permissions import events, permissions

if TYPE_CHECKING:
    from bot.adopting.adoption import Adoption

PATH = ".github/accession-app.json"
HOST = "https://REPLACE-WITH-YOUR-HOST"
"""Where the service is reached from GitHub; `.../webhook` is its door."""
_NAME = 34
"""Characters that GitHub takes as an App's name."""


def manifest(adoption: Adoption) -> str:
    """JSON; the webhook's address is a placeholder."""
    data = {
        "name": _name(adoption),
        "url": _home(adoption),
        "redirect_url": _home(adoption),
        "description": f"Takes contributions into {adoption.repository}.",
        "public": False,
        "hook_attributes": {"url": f"{HOST}/webhook", "active": True},
        "default_permissions": permissions("app"),
        "default_events": [event.name for event in events("app")],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def registration(adoption: Adoption) -> str:
    """The address of GitHub's form, filled in; for an organisation `settings` comes behind `organizations/NAME`."""
    query: list[tuple[str, str]] = [
        ("name", _name(adoption)),
        ("url", _home(adoption)),
        ("public", "false"),
        ("webhook_active", "true"),
        ("webhook_url", f"{HOST}/webhook"),
        *permissions("app").items(),
        *(("events[]", event.name) for event in events("app")),
    ]
    return "https://github.com/settings/apps/new?" + urlencode(query)


def _name(adoption: Adoption) -> str:
    return f"accession-{adoption.repository.replace('/', '-')}"[:_NAME].rstrip("-.")


def _home(adoption: Adoption) -> str:
    return f"https://github.com/{adoption.repository}"
