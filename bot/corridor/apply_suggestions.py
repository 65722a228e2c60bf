"""Write suggestions of the report into `rdf.yaml` at the head: one commit, never forced, on top of what was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.corridor.observe_pull import writers
from bot.errors import GatewayError
from bot.records.suggestions import offers
from bot.review.corrections import corrected, message
from bot.words import applying as words

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.decision import Apply
    from bot.records.facts import Place, PullFacts
    from bot.review.corrections import Corrected

log = structlog.get_logger()


def apply_suggestions(desk: Desk, facts: PullFacts, action: Apply) -> str:
    """What to answer where nothing was committed; empty otherwise, for the commit speaks to the next look."""
    command, place, checked = action.command, facts.place, facts.checked
    if checked is None or place is None or facts.content.rdf is None:
        return ""
    if not command.named and not writers(desk, (command.by,)):
        return words.reply_no_role(command.by)
    content = desk.github.blob(facts.content.rdf)
    made = corrected(content, [offer for offer in offers(checked.report) if offer.number in action.numbers])
    if made is None:
        return words.reply_changed()
    if made.content == content:
        return words.reply_same()
    return "" if _commit(desk, facts, action, place, made) else words.reply_moved()


def _commit(desk: Desk, facts: PullFacts, action: Apply, place: Place, made: Corrected) -> bool:
    """The same command on the same head gives the same commit, so that a lost answer does no harm; false when not taken."""
    when = action.command.at or facts.now
    text = message(place, made, action.command.comment)
    try:
        sha = desk.github.create_commit(
            parent=facts.pull.head_sha, files={f"{place.folder}/rdf.yaml": made.content}, message=text, when=when
        )
        taken = desk.github.update_ref(f"heads/{facts.pull.head_branch}", sha)
    except GatewayError as error:
        if error.transient:
            raise
        log.warning("suggestions_not_applied", pull=facts.pull.number, reason=error.reason, message=error.message)
        return False
    log.info("suggestions_applied", pull=facts.pull.number, command=action.command.comment, sha=sha, taken=taken)
    return taken
