"""`accession status` for people: a table on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping


def show(found: Mapping[str, Any], console: Console | None = None) -> None:
    """Print the standings; text from outside is escaped."""
    console = console or Console()
    table = Table("pull request", "entry", "version", "stage", "waits for", "next attempt")
    for line in found["submissions"]:
        number = f"#{line['pull_request']}" if line["pull_request"] else "–"
        cells = (number, line["id"], line["version"], line["stage"], line["waits_for"], line["next_attempt"] or "")
        table.add_row(*(escape(cell) for cell in cells))
    console.print(table if found["submissions"] else "Nothing is open and nothing is held.")
    if found["listing"]["complete"] is False:
        console.print("The last listing of the archive was not complete; it is continued by the next poll.")
    for row in found.get("parked", ()):
        text = f"{row['subject']} failed {row['tries']} times and is left alone until something happens to it: {row['message']}"
        console.print(escape(text))
    for row in found.get("channels", ()):
        text = f"Channel {row['channel']} of ACCESSION_NOTIFY: {row['owed']} notices it did not take yet, {row['given_up']} given up."
        console.print(escape(text))
