"""What is said where the local database does not do its part: always somebody's to mend, never lost for ever. Pure.

Nothing of what the driver says is repeated, because it may quote an address with its password.
"""

from __future__ import annotations

from bot.errors import DATABASE, GatewayError

_AGAIN = "Nothing else needs to be done: what was under way is looked at afresh."
_ANEW = "it is made anew, and losing it loses nothing but time"

_MEND = {
    "locked": "is locked by another process for too long: end what holds it, e.g. a backup or an open database shell.",
    "read-only": "is read-only: let the bot write to it, and to the folder that it lies in.",
    "full": "has no room: free some disk space, or allow more.",
    "damaged": f"is damaged: end every accession process, and move it away; {_ANEW}.",
    "gone": f"is not there and cannot be made: see to it that the place named by ACCESSION_DATABASE exists; {_ANEW}.",
    "away": "cannot be reached: see to it that the server runs and that ACCESSION_DATABASE names it.",
    "refused": "does not let the bot in: check user, password and database in ACCESSION_DATABASE.",
    "slow": "took too long to answer: see what keeps the server busy.",
    "forbidden": "does not let the bot make or use its table: grant its user CREATE on the schema, or the table accession_kept.",
    "emptied": f"has lost the table accession_kept: {_ANEW} at the next try.",
    "failed": "failed: see the server's or the system's log.",
}
"""What is wrong in one word, and what to do."""


def trouble(which: str, kind: str, code: str = "") -> GatewayError:
    """`which` names the database without its address, `code` is the driver's own word for it."""
    coded = f" ({code})" if code else ""
    return GatewayError(f"The {which}{coded} {_MEND[kind]} {_AGAIN}", reason=DATABASE, transient=True)
