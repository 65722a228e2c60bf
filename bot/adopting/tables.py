"""Tables and lists of Markdown from the data: permissions, events, secrets. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adopting.permissions import TITLES, events, permissions, reasons
from bot.adopting.secrets import SECRETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.adopting.permissions import Identity

_ACCESS = {"read": "read", "write": "read and write"}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """With a line between head and rows; cells hold no vertical bar."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def permissions_table(identity: Identity) -> str:
    """Each permission with its level and everything that it is for."""
    rows = (
        (TITLES[name], _ACCESS[level], "; ".join(reasons(identity, name)))
        for name, level in permissions(identity).items()
    )
    return table(("permission", "access", "what for"), rows)


def events_table() -> str:
    """What the service hears sooner by a webhook than by its sweep."""
    return table(("event", "what it tells"), ((f"`{event.name}`", event.why) for event in events("app")))


def secrets_list(repository: str) -> str:
    """Each secret with the command that sets it."""
    return "\n".join(
        f"* `{one.name}`: {one.why if one.required else f'optional; {one.why}'}.\n"
        f"  `{one.command.format(repository=repository)}`"
        for one in SECRETS
    )
